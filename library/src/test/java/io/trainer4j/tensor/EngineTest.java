package io.trainer4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class EngineTest {
    @Test
    void unsupportedPlatformIsNamedWithTheOnesThatWork() {
        assertThatThrownBy(() -> Engine.requireSupported("linux-arm64"))
                .isInstanceOf(TrainerException.class)
                .hasMessage("libtorch is not available for linux-arm64; trainer4j runs on linux-x86_64, macosx-arm64, "
                        + "windows-x86_64.");
    }

    @Test
    void thisPlatformIsSupported() {
        Engine.requireSupported(Loader.getPlatform());
        assertThat(Engine.threads()).isPositive();
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
    void matricesAreMultipliedByMkl() throws IOException {
        try (Scope scope = Scope.open()) {
            Tensor product = TensorData.zeros(8, 8).matmul(TensorData.zeros(8, 8));
            assertThat(product.numel()).isEqualTo(64);
        }
        assertThat(System.getProperty("org.bytedeco.openblas.load")).isEqualTo("mkl_rt");
        // libtorch asks for the name libopenblas: what answers to it must be MKL's dispatcher, from MKL's jar, and
        // MKL's
        // computing core must have been loaded behind it.
        Set<String> libraries = Files.readAllLines(Path.of("/proc/self/maps")).stream()
                .filter(line -> line.contains("/"))
                .map(line -> line.substring(line.indexOf('/')))
                .collect(Collectors.toSet());
        assertThat(libraries)
                .filteredOn(path -> path.contains("/libopenblas"))
                .isNotEmpty()
                .allMatch(path -> path.contains("/org/bytedeco/mkl/"));
        assertThat(libraries).anyMatch(path -> path.contains("/libmkl_core"));
    }

    @Test
    void memoryThatCannotBeHadIsRecognised() {
        try (Scope scope = Scope.open()) {
            assertThatThrownBy(() -> TensorData.empty(ScalarType.Double, 1L << 50))
                    .satisfies(e -> assertThat(Engine.isOutOfMemory(e)).isTrue());
            assertThatThrownBy(() -> TensorData.zeros(2, 3).matmul(TensorData.zeros(2, 3)))
                    .satisfies(e -> assertThat(Engine.isOutOfMemory(e)).isFalse());
        }
        assertThat(Engine.isOutOfMemory(new OutOfMemoryError())).isTrue();
    }

    /** Every second of 2,000 tensors of 100 KiB is freed, so that 100 MB lie between those that are kept. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void freedMemoryBetweenTensorsIsGivenBack() throws IOException {
        List<Tensor> kept = new ArrayList<>();
        List<Tensor> freed = new ArrayList<>();
        try (Scope scope = Scope.open()) {
            for (int i = 0; i < 2000; i++) {
                (i % 2 == 0 ? kept : freed).add(Scope.own(TensorData.zeros(25_600)));
            }
        }
        freed.forEach(Tensor::close);
        long before = residentPages();
        Engine.giveBackFreedMemory();
        long given = (before - residentPages()) * 4096;
        kept.forEach(Tensor::close);
        assertThat(given).isGreaterThan(50_000_000);
    }

    private static long residentPages() throws IOException {
        return Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ", 3)[1]);
    }
}
