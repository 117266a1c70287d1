package io.trainer4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SafetensorsFileTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(
            names = {"Double", "Float", "Half", "BFloat16", "Long", "Int", "Short", "Char", "Byte", "Bool"},
            value = ScalarType.class)
    void everyTypeComesBackAsItWas(ScalarType type) throws IOException {
        try (Scope scope = Scope.open()) {
            Tensor tensor =
                    TensorData.floats(new float[] {0, 1, 2, 3, 0, 5}, 2, 3).to(type);
            Path file = write(Map.of("t", tensor));
            try (SafetensorsFile opened = SafetensorsFile.open(file)) {
                Tensor loaded = opened.load("t");
                assertThat(loaded.scalar_type().intern()).isEqualTo(type);
                assertThat(loaded.shape()).containsExactly(2, 3);
                assertThat(TensorData.toFloats(loaded)).containsExactly(TensorData.toFloats(tensor));
                assertThat(TensorData.toFloats(opened.load("t", ScalarType.Float)))
                        .containsExactly(TensorData.toFloats(tensor));
                Tensor mapped = opened.mapped("t");
                assertThat(mapped.scalar_type().intern()).isEqualTo(type);
                assertThat(mapped.shape()).containsExactly(2, 3);
                assertThat(TensorData.toFloats(mapped)).containsExactly(TensorData.toFloats(tensor));
            }
        }
    }

    @Test
    void namesShapesAndOrderComeBack() throws IOException {
        try (Scope scope = Scope.open()) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            tensors.put("z", TensorData.longs(1, 2, 3));
            tensors.put("模型.层 \"1\"", TensorData.floats(new float[] {7}));
            tensors.put("empty", TensorData.zeros(0, 4));
            tensors.put("a", TensorData.longs(9).to(ScalarType.Byte));
            tensors.put("last", TensorData.floats(new float[] {1, 2}, 2, 1));
            try (SafetensorsFile opened = SafetensorsFile.open(write(tensors))) {
                assertThat(opened.names()).containsExactly("z", "模型.层 \"1\"", "empty", "a", "last");
                assertThat(opened.shape("模型.层 \"1\"")).isEmpty();
                assertThat(TensorData.toFloats(opened.load("模型.层 \"1\""))).containsExactly(7);
                assertThat(opened.load("empty").shape()).containsExactly(0, 4);
                assertThat(TensorData.toFloats(opened.load("last"))).containsExactly(1, 2);
                assertThat(opened.load("last").shape()).containsExactly(2, 1);
            }
        }
    }

    @Test
    void fileOfNoTensors() throws IOException {
        try (SafetensorsFile opened = SafetensorsFile.open(write(Map.of()))) {
            assertThat(opened.names()).isEmpty();
        }
    }

    @Test
    void stridedTensorsAreWrittenInRowOrder() throws IOException {
        try (Scope scope = Scope.open()) {
            Tensor transposed =
                    TensorData.ints(new int[][] {{1, 2, 3}, {4, 5, 6}}).t();
            Tensor slice = TensorData.longs(1, 2, 3, 4).narrow(0, 1, 2);
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            tensors.put("transposed", transposed);
            tensors.put("slice", slice);
            try (SafetensorsFile opened = SafetensorsFile.open(write(tensors))) {
                assertThat(TensorData.toLongs(opened.load("transposed"))).containsExactly(1, 4, 2, 5, 3, 6);
                assertThat(TensorData.toLongs(opened.load("slice"))).containsExactly(2, 3);
            }
        }
    }

    @Test
    void loadedTensorsOutliveTheFile() throws IOException {
        try (Scope scope = Scope.open()) {
            Tensor loaded;
            try (SafetensorsFile opened = SafetensorsFile.open(write(Map.of("t", TensorData.longs(4, 5))))) {
                loaded = opened.load("t");
            }
            assertThat(TensorData.toLongs(loaded)).containsExactly(4, 5);
        }
    }

    @Test
    void mappedTensorsOutliveTheFileAndItsReplacement() throws IOException {
        try (Scope scope = Scope.open()) {
            Path file = write(Map.of("t", TensorData.longs(4, 5)));
            Tensor mapped;
            try (SafetensorsFile opened = SafetensorsFile.open(file)) {
                mapped = opened.mapped("t");
            }
            Path other = folder.resolve("other");
            Files.writeString(other, "");
            Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
            assertThat(TensorData.toLongs(mapped)).containsExactly(4, 5);
        }
    }

    @Test
    void whatIsWrittenToAMappedTensorDoesNotReachTheFile() throws IOException {
        try (Scope scope = Scope.open();
                SafetensorsFile opened = SafetensorsFile.open(write(Map.of("t", TensorData.longs(4, 5))))) {
            Tensor mapped = opened.mapped("t");
            mapped.zero_();
            assertThat(TensorData.toLongs(mapped)).containsExactly(0, 0);
            assertThat(TensorData.toLongs(opened.load("t"))).containsExactly(4, 5);
        }
    }

    @Test
    void mappedFilesMayHaveAnyNameOrLieOnAnyFileSystem() throws IOException {
        Path chinese = Files.createDirectory(folder.resolve("模型 𠮷 é")).resolve("model.safetensors");
        try (FileSystem memory = Jimfs.newFileSystem(Configuration.unix())) {
            for (Path file : List.of(chinese, memory.getPath("/model.safetensors"))) {
                try (Scope scope = Scope.open()) {
                    Map<String, Tensor> tensors = new LinkedHashMap<>();
                    tensors.put("empty", TensorData.zeros(0, 4));
                    tensors.put("scalar", TensorData.floats(new float[] {7}));
                    SafetensorsFile.write(file, tensors);
                    try (SafetensorsFile opened = SafetensorsFile.open(file)) {
                        assertThat(opened.mapped("empty").shape()).containsExactly(0, 4);
                        assertThat(opened.mapped("scalar").shape()).isEmpty();
                        assertThat(TensorData.toFloats(opened.mapped("scalar"))).containsExactly(7);
                    }
                }
            }
        }
    }

    @Test
    void bytesAreThoseOfThePythonWriter() throws IOException {
        // Python: safetensors.torch.save({"t": torch.tensor([1, 2], dtype=torch.int16)}, metadata={"format": "pt"})
        String header = "{\"__metadata__\":{\"format\":\"pt\"},"
                + "\"t\":{\"dtype\":\"I16\",\"shape\":[2],\"data_offsets\":[0,4]}}";
        try (Scope scope = Scope.open()) {
            Path file = write(Map.of("t", TensorData.longs(1, 2).to(ScalarType.Short)));
            byte[] bytes = Files.readAllBytes(file);
            int padded = (header.length() + 7) / 8 * 8;
            assertThat(bytes).hasSize(8 + padded + 4).startsWith(padded, 0, 0, 0, 0, 0, 0, 0);
            assertThat(new String(bytes, 8, padded, StandardCharsets.UTF_8))
                    .isEqualTo(header + " ".repeat(padded - header.length()));
            assertThat(bytes).endsWith(1, 0, 2, 0);
        }
    }

    @Test
    void unalignedHeaderIsRead() {
        // Ten header lengths in a row: every offset of the data modulo 8 is tried.
        for (int spaces = 0; spaces < 10; spaces++) {
            Path file = HandMadeFile.write(
                    folder.resolve("unaligned" + spaces),
                    "{\"b\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},"
                            + "\"i\":{\"dtype\":\"I32\",\"shape\":[2],\"data_offsets\":[1,9]}}" + " ".repeat(spaces),
                    9);
            try (Scope scope = Scope.open();
                    SafetensorsFile opened = SafetensorsFile.open(file)) {
                assertThat(TensorData.toLongs(opened.load("b"))).containsExactly(0);
                assertThat(TensorData.toLongs(opened.load("i"))).containsExactly(0x04030201, 0x08070605);
                assertThat(TensorData.toLongs(opened.mapped("i"))).containsExactly(0x04030201, 0x08070605);
            }
        }
    }

    @Test
    void entriesMayBeListedInAnyOrder() {
        Path file = HandMadeFile.write(
                folder.resolve("order"),
                "{\"second\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,2]},"
                        + "\"first\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},"
                        + "\"nothing\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}}",
                2);
        try (Scope scope = Scope.open();
                SafetensorsFile opened = SafetensorsFile.open(file)) {
            assertThat(opened.names()).containsExactly("nothing", "first", "second");
            assertThat(TensorData.toLongs(opened.load("second"))).containsExactly(1);
        }
    }

    @Test
    void opensFilesWithChineseNames() throws IOException {
        try (Scope scope = Scope.open()) {
            Path file = Files.createDirectories(folder.resolve("模型 目录")).resolve("权重😀.safetensors");
            SafetensorsFile.write(file, Map.of("t", TensorData.longs(3)));
            try (SafetensorsFile opened = SafetensorsFile.open(file)) {
                assertThat(TensorData.toLongs(opened.load("t"))).containsExactly(3);
                assertThat(opened).hasToString(file.toString());
            }
        }
    }

    @Test
    void shapeIsACopy() throws IOException {
        try (Scope scope = Scope.open();
                SafetensorsFile opened = SafetensorsFile.open(write(Map.of("t", TensorData.longs(4, 5))))) {
            opened.shape("t")[0] = 99;
            assertThat(opened.shape("t")).containsExactly(2);
        }
    }

    @Test
    void writingOverAFileIsRefused() throws IOException {
        Path file = write(Map.of());
        assertThatThrownBy(() -> SafetensorsFile.write(file, Map.of())).isInstanceOf(FileAlreadyExistsException.class);
    }

    private Path write(Map<String, Tensor> tensors) throws IOException {
        Path file = folder.resolve("test.safetensors");
        SafetensorsFile.write(file, tensors);
        return file;
    }
}
