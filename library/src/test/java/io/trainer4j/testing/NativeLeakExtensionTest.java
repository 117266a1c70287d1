package io.trainer4j.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class NativeLeakExtensionTest {
    @Test
    void countsWhatWasNotClosed() {
        long before = Pointer.totalCount();
        Tensor kept;
        try (Scope scope = Scope.open()) {
            kept = Scope.own(TensorData.zeros(3));
            TensorData.zeros(4);
        }
        assertThat(Pointer.totalCount()).isGreaterThan(before);
        kept.close();
        assertThat(Pointer.totalCount()).isEqualTo(before);
    }
}
