package io.trainer4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StridedTensorTest {
    /** Offset, shape and stride in a storage of 12 values; how many values it spans. */
    @ParameterizedTest
    @CsvSource({
        "0, 3 4, 4 1, 12",
        "0, 4 3, 1 4, 12",
        "2, 3, 4, 9",
        "11, 1, 1, 1",
        "0, 12, 1, 12",
        "0, 0 5, 5 1, 0",
        "12, 0, 1, 0",
        "0, 3 4, 0 1, 4",
        "5, 1 1 1, 100 100 100, 1",
        "0, 2 2, 8 2, 11"
    })
    void whatLiesInItsStorageIsTaken(long offset, String shape, String stride, long extent) {
        assertThat(tensor(offset, shape, stride).extent()).isEqualTo(extent);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0 | 13 | 1 | ends at value 13 of a storage of 12 values
            1 | 12 | 1 | ends at value 13 of a storage of 12 values
            0 | 3 4 | 5 1 | ends at value 14 of a storage of 12 values
            13 | 0 | 1 | ends at value 13 of a storage of 12 values
            -1 | 2 | 1 | ends at value 1 of a storage of 12 values
            0 | -1 | 1 | has the size -1 with the stride 1
            0 | 2 | -1 | has the size 2 with the stride -1
            0 | 2 2 | 1 | has 2 sizes and 1 strides
            0 | 9223372036854775807 2 | 1 1 | has impossible sizes
            0 | 3 | 9223372036854775807 | has impossible sizes
            9223372036854775807 | 2 | 1 | has impossible sizes
            """)
    void whatReachesBeyondItIsRefused(long offset, String shape, String stride, String message) {
        assertThatThrownBy(() -> tensor(offset, shape, stride))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void aSingleValueHasNoSizes() {
        StridedTensor scalar = new StridedTensor(storage(1), 0, new long[0], new long[0]);
        assertThat(scalar.extent()).isEqualTo(1);
        assertThatThrownBy(() -> new StridedTensor(storage(0), 0, new long[0], new long[0]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "Double, 8",
        "Long, 8",
        "Float, 4",
        "Int, 4",
        "Half, 2",
        "BFloat16, 2",
        "Short, 2",
        "Byte, 1",
        "Char, 1",
        "Bool, 1"
    })
    void everyTypeHasItsSize(ScalarType type, int bytes) {
        assertThat(StridedTensor.elementBytes(type)).isEqualTo(bytes);
        assertThat(new StridedTensor.Storage(type, "0", 10).bytes()).isEqualTo(10L * bytes);
    }

    @Test
    void aStorageLargerThanAnyFileIsRefused() {
        assertThatThrownBy(() -> new StridedTensor.Storage(ScalarType.Double, "0", Long.MAX_VALUE / 2).bytes())
                .isInstanceOf(ArithmeticException.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            [enforce fail at alloc_cpu.cpp:121] . DefaultCPUAllocator: can't allocate memory | true
            not enough memory: you tried to allocate 100 bytes | true
            CUDA out of memory. Tried to allocate 2.00 GiB | true
            std::bad_alloc | true
            mat1 and mat2 shapes cannot be multiplied | false
            """)
    void wantOfMemoryIsTold(String message, boolean memory) {
        assertThat(Engine.isOutOfMemory(new IllegalStateException(message))).isEqualTo(memory);
        assertThat(Engine.isOutOfMemory(new OutOfMemoryError("anything"))).isTrue();
        assertThat(Engine.isOutOfMemory(new IllegalStateException())).isFalse();
    }

    private static StridedTensor tensor(long offset, String shape, String stride) {
        return new StridedTensor(storage(12), offset, longs(shape), longs(stride));
    }

    private static StridedTensor.Storage storage(long count) {
        return new StridedTensor.Storage(ScalarType.Float, "0", count);
    }

    private static long[] longs(String text) {
        return java.util.Arrays.stream(text.split(" "))
                .mapToLong(Long::parseLong)
                .toArray();
    }
}
