package io.trainer4j.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class PassTest {
    private static final long BYTES = 4L * Float.BYTES;

    @Test
    void whatIsComputedAgainHasTheGradientsOfAutogradAndKeepsItsInputsOnly() {
        try (Scope scope = Scope.open()) {
            Tensor x = leaf(0.1f, -2, 3, 0.5f);
            Tensor y = leaf(1, 0.25f, -0.5f, 2);
            Tensor fixed = TensorData.floats(new float[] {3, 1, -1, 0.1f}, 4);
            function(List.of(doubled(x), y, fixed)).sum().backward();
            float[] byX = taken(x);
            float[] byY = taken(y);
            AtomicInteger times = new AtomicInteger();
            try (Pass pass = Pass.recorded(Checkpointing.NONE)) {
                Tensor result = pass.computed(List.of(doubled(x), y, fixed), in -> {
                    times.incrementAndGet();
                    return function(in);
                });
                assertThat(result.is_leaf()).isTrue();
                assertThat(pass.recordedBytes()).isEqualTo(4 * BYTES);
                pass.backward(result.sum());
            }
            assertThat(taken(x)).isEqualTo(byX);
            assertThat(taken(y)).isEqualTo(byY);
            assertThat(fixed.grad().defined()).isFalse();
            assertThat(times).hasValue(2);
        }
    }

    @Test
    void whatNeedsNoGradientIsNotKept() {
        try (Scope scope = Scope.open();
                Pass pass = Pass.recorded(Checkpointing.NONE)) {
            Tensor fixed = TensorData.floats(new float[] {3, 1, -1, 0.1f}, 4);
            List<Tensor> inputs = List.of(fixed, fixed, fixed);
            Tensor result = pass.computed(inputs, PassTest::function);
            assertThat(TensorData.toFloats(result))
                    .isEqualTo(TensorData.toFloats(Pass.of(Mode.EVAL).computed(inputs, PassTest::function)));
            assertThat(pass.recordedBytes()).isZero();
        }
    }

    /** The exponential keeps its result, and each product its factors, where autograd keeps anything. */
    private static Tensor function(List<Tensor> in) {
        return in.get(0).mul(in.get(1)).exp().mul(in.get(2));
    }

    private static Tensor leaf(float... values) {
        return TensorData.floats(values, values.length).set_requires_grad(true);
    }

    private static Tensor doubled(Tensor x) {
        return x.mul(new Scalar(2.0));
    }

    private static float[] taken(Tensor x) {
        float[] gradient = TensorData.toFloats(x.grad());
        x.mutable_grad().reset();
        return gradient;
    }
}
