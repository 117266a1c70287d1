package io.trainer4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowFileTest {
    private static final int[] LENGTHS = {2, 1, 3};
    private static final int[] TOKENS = {4, 5, 6};
    private static final float[] VALUES = {1, 2, 3, 4, 5, 6};

    @TempDir
    Path folder;

    private Path path() {
        return folder.resolve("new/rows.safetensors");
    }

    @Test
    void aRowIsFoundAgainAlsoInAnotherProcess() {
        try (Scope scope = Scope.open()) {
            Tensor target = TensorData.zeros(3, 2);
            try (RowFile file = RowFile.open(path(), LENGTHS, 2, 7)) {
                assertThat(file.read(2, TOKENS, target)).isFalse();
                file.write(2, TOKENS, TensorData.floats(VALUES, 3, 2));
                assertThat(file.read(2, TOKENS, target)).isTrue();
                assertThat(file.read(0, new int[] {4, 5}, TensorData.zeros(2, 2)))
                        .isFalse();
                assertThat(file.read(2, new int[] {4, 5, 7}, target)).isFalse();
            }
            try (RowFile file = RowFile.open(path(), LENGTHS, 2, 7)) {
                target.zero_();
                assertThat(file.read(2, TOKENS, target)).isTrue();
                assertThat(TensorData.toFloats(target)).containsExactly(VALUES);
            }
        }
    }

    @Test
    void pythonCouldReadIt() {
        try (Scope scope = Scope.open()) {
            try (RowFile file = RowFile.open(path(), LENGTHS, 2, 7)) {
                file.write(2, TOKENS, TensorData.floats(VALUES, 3, 2));
            }
            try (SafetensorsFile file = SafetensorsFile.open(path())) {
                assertThat(file.shape("states")).containsExactly(6, 2);
                assertThat(TensorData.toFloats(file.load("states").narrow(0, 3, 3)))
                        .containsExactly(VALUES);
            }
        }
    }

    @Test
    void rowsOfAnotherOriginAreForgotten() {
        try (Scope scope = Scope.open()) {
            Tensor target = TensorData.zeros(3, 2);
            try (RowFile file = RowFile.open(path(), LENGTHS, 2, 7)) {
                file.write(2, TOKENS, TensorData.floats(VALUES, 3, 2));
            }
            try (RowFile file = RowFile.open(path(), LENGTHS, 2, 8)) {
                assertThat(file.read(2, TOKENS, target)).isFalse();
                file.delete();
            }
            assertThat(path()).doesNotExist();
        }
    }

    @Test
    void aFingerprintFollowsEveryValue() {
        try (Scope scope = Scope.open()) {
            Tensor ones = TensorData.floats(new float[] {1, 1}, 2);
            Tensor other = TensorData.floats(new float[] {1, 1.0000001f}, 2);
            assertThat(RowFile.fingerprint(List.of(ones))).isEqualTo(RowFile.fingerprint(List.of(ones)));
            assertThat(RowFile.fingerprint(List.of(ones))).isNotEqualTo(RowFile.fingerprint(List.of(other)));
        }
    }

    @Test
    void whatDoesNotFitOnTheDiskIsRefusedBeforeItIsComputed() {
        assertThatThrownBy(() -> RowFile.open(path(), new int[] {2_000_000_000}, 1_000_000, 7))
                .isInstanceOf(TrainerException.class)
                .hasMessageMatching(".*rows.safetensors needs 8000000.0 GB but the disk has .* GB left; free some or"
                        + " choose another output folder.");
    }
}
