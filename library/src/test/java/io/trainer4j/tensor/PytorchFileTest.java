package io.trainer4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainer4j.testing.TorchArchive;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files PyTorch wrote; {@code src/test/golden/make_pytorch_files.py} says what is in them. */
class PytorchFileTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5})
    void everyProtocolTypeAndViewIsRead(int protocol) {
        try (Scope scope = Scope.open();
                PytorchFile file = PytorchFile.open(written("protocol" + protocol + ".bin"))) {
            assertThat(file.names())
                    .containsExactly(
                            "float",
                            "half",
                            "bfloat",
                            "double",
                            "position_ids",
                            "int",
                            "bool",
                            "scalar",
                            "empty",
                            "whole",
                            "part",
                            "transposed",
                            "column",
                            "repeated",
                            "parameter",
                            "same");
            assertTensor(file, "float", new float[] {1.5f, -2, 3.25f, 0}, 2, 2);
            assertTensor(file, "half", new float[] {0.5f, 2}, 2);
            assertTensor(file, "bfloat", new float[] {1, -3}, 2);
            assertTensor(file, "double", new float[] {1e-3f}, 1);
            assertTensor(file, "position_ids", new float[] {0, 1, 2, 3, 4}, 1, 5);
            assertTensor(file, "int", new float[] {7, -8}, 2);
            assertTensor(file, "bool", new float[] {1, 0, 1}, 3);
            assertTensor(file, "scalar", new float[] {4.5f});
            assertTensor(file, "empty", new float[] {}, 0, 3);
            assertTensor(file, "part", new float[] {4, 5, 6, 7}, 4);
            assertTensor(file, "transposed", new float[] {0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11}, 4, 3);
            assertTensor(file, "column", new float[] {1, 5, 9}, 3);
            assertTensor(file, "repeated", new float[] {9, 9, 9, 9, 9, 9}, 2, 3);
            assertTensor(file, "parameter", new float[] {6, 7}, 2);
            assertTensor(file, "same", new float[] {1.5f, -2, 3.25f, 0}, 2, 2);
            assertThat(TensorData.toLongs(file.load("position_ids", ScalarType.Long)))
                    .containsExactly(0, 1, 2, 3, 4);
        }
    }

    @Test
    void aModulesStateDictIsRead() {
        try (Scope scope = Scope.open();
                TensorFile file = TensorFile.open(written("state_dict.bin"))) {
            assertTensor(file, "weight", new float[] {0.25f, 0.25f}, 1, 2);
            assertTensor(file, "bias", new float[] {-1}, 1);
        }
    }

    @Test
    void loadedTensorsAreContiguousAndOutliveTheFile() {
        try (Scope scope = Scope.open()) {
            Tensor loaded;
            try (PytorchFile file = PytorchFile.open(written("protocol2.bin"))) {
                loaded = file.load("transposed", ScalarType.Half);
            }
            assertThat(loaded.is_contiguous()).isTrue();
            assertThat(loaded.scalar_type().intern()).isEqualTo(ScalarType.Half);
            assertThat(TensorData.toFloats(loaded)).startsWith(0, 4, 8);
        }
    }

    @Test
    void aStorageLargerThanOneChunkIsWhole() {
        try (Scope scope = Scope.open()) {
            float[] values = new float[700_001];
            for (int i = 0; i < values.length; i++) {
                values[i] = i;
            }
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            tensors.put("first", TensorData.floats(new float[] {1}, 1));
            tensors.put("large", TensorData.floats(values, values.length));
            Path path = TorchArchive.of(tensors).write(folder.resolve("pytorch_model.bin"));
            try (PytorchFile file = PytorchFile.open(path)) {
                assertThat(TensorData.toFloats(file.load("large", ScalarType.Float)))
                        .containsExactly(values);
            }
        }
    }

    private static void assertTensor(TensorFile file, String name, float[] values, long... shape) {
        assertThat(file.shape(name)).as(name).containsExactly(shape);
        Tensor loaded = file.load(name, ScalarType.Float);
        assertThat(loaded.shape()).as(name).containsExactly(shape);
        assertThat(TensorData.toFloats(loaded)).as(name).containsExactly(values);
    }

    static Path written(String name) {
        try {
            return Path.of(PytorchFileTest.class.getResource("/pytorch/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
