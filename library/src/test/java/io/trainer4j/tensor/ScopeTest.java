package io.trainer4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class ScopeTest {
    @Test
    void closingFreesWhatWasCreatedInside() {
        long before = Pointer.totalCount();
        Tensor tensor;
        try (Scope scope = Scope.open()) {
            tensor = TensorData.zeros(3);
            assertThat(tensor.isNull()).isFalse();
        }
        assertThat(tensor.isNull()).isTrue();
        assertThat(Pointer.totalCount()).isEqualTo(before);
    }

    @Test
    void keepHandsToTheEnclosingScope() {
        Tensor kept;
        try (Scope outer = Scope.open()) {
            try (Scope inner = Scope.open()) {
                kept = inner.keep(TensorData.longs(7));
            }
            assertThat(TensorData.toLongs(kept)).containsExactly(7);
        }
        assertThat(kept.isNull()).isTrue();
    }

    @Test
    void keepPassesOneLevelAtATime() {
        Tensor kept;
        Tensor dropped;
        try (Scope outer = Scope.open()) {
            try (Scope middle = Scope.open()) {
                try (Scope inner = Scope.open()) {
                    kept = inner.keep(TensorData.longs(1));
                    dropped = inner.keep(TensorData.longs(2));
                }
                middle.keep(kept);
            }
            assertThat(dropped.isNull()).isTrue();
            assertThat(TensorData.toLongs(kept)).containsExactly(1);
        }
    }

    @Test
    void keepWithoutEnclosingScopeHandsToTheCaller() {
        Tensor kept;
        try (Scope scope = Scope.open()) {
            kept = scope.keep(TensorData.longs(5));
        }
        assertThat(TensorData.toLongs(kept)).containsExactly(5);
        kept.close();
        assertThat(kept.isNull()).isTrue();
    }

    @Test
    void keepingTwiceFreesOnce() {
        try (Scope outer = Scope.open()) {
            Tensor kept;
            try (Scope inner = Scope.open()) {
                kept = inner.keep(TensorData.longs(5));
                inner.keep(kept);
            }
            assertThat(TensorData.toLongs(kept)).containsExactly(5);
        }
    }

    @Test
    void ownOutlivesEveryScope() {
        Tensor owned;
        try (Scope outer = Scope.open();
                Scope inner = Scope.open()) {
            owned = Scope.own(TensorData.longs(9));
        }
        assertThat(TensorData.toLongs(owned)).containsExactly(9);
        owned.close();
        assertThat(owned.isNull()).isTrue();
    }

    @Test
    void closingTwiceLeavesTheEnclosingScopeAlone() {
        try (Scope outer = Scope.open()) {
            Tensor tensor = TensorData.longs(3);
            Scope inner = Scope.open();
            inner.close();
            inner.close();
            assertThat(TensorData.toLongs(tensor)).containsExactly(3);
            assertThat(TensorData.toLongs(TensorData.longs(4))).containsExactly(4);
        }
    }

    @Test
    void anExceptionFreesToo() {
        long before = Pointer.totalCount();
        try (Scope scope = Scope.open()) {
            TensorData.zeros(3);
            throw new IllegalStateException("halfway");
        } catch (IllegalStateException e) {
            assertThat(Pointer.totalCount()).isEqualTo(before);
        }
    }
}
