package io.trainer4j.model;

import io.trainer4j.tensor.Device;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * {@code silu(gate) * up} and its gradients, without autograd; on the CPU a few rows at a time, so that what lies between stays
 * in the processor's cache.
 */
final class SiluGate {
    /** Values of a part: half a MiB in 32 bits. */
    private static final long PART = 1 << 17;

    private SiluGate() {}

    /** What is done with some rows. */
    private interface Part {
        void of(long from, long count);
    }

    private static void parts(Tensor matrix, Part part) {
        long rows = matrix.size(0);
        long count = Device.of(matrix).isCpu() ? Math.max(1, PART / matrix.size(1)) : Math.max(1, rows);
        for (long from = 0; from < rows; from += count) {
            try (Scope scope = Scope.open()) {
                part.of(from, Math.min(count, rows - from));
            }
        }
    }

    private static Tensor matrix(Tensor x) {
        return x.reshape(-1, x.size(-1));
    }

    private static Tensor empty(Tensor like, ScalarType type) {
        return Device.of(like).isCpu()
                ? TensorData.empty(type, like.shape())
                : torch.empty_like(like).to(type);
    }

    /**
     * The values.
     *
     * @param gate {@code [..., I]}, as {@code up}
     * @param type number format of the result
     */
    static Tensor values(Tensor gate, Tensor up, ScalarType type) {
        try (Scope scope = Scope.open()) {
            Tensor values = empty(gate, type);
            Tensor to = values.view(-1, gate.size(-1));
            Tensor gates = matrix(gate);
            Tensor ups = matrix(up);
            parts(gates, (from, count) -> {
                Tensor activated = torch.silu(gates.narrow(0, from, count).to(type));
                to.narrow(0, from, count)
                        .copy_(activated.mul_(ups.narrow(0, from, count).to(type)));
            });
            return scope.keep(values);
        }
    }

    /** The gradient by {@code up}, of the shape and format of {@code gradient}. */
    static Tensor byUp(Tensor gate, Tensor gradient) {
        return values(gate, gradient, gradient.scalar_type().intern());
    }

    /** The gradient by {@code gate}, of the shape and format of {@code gradient}. */
    static Tensor byGate(Tensor gate, Tensor up, Tensor gradient) {
        try (Scope scope = Scope.open()) {
            ScalarType type = gradient.scalar_type().intern();
            Tensor result = empty(gradient, type);
            Tensor to = result.view(-1, gradient.size(-1));
            Tensor gates = matrix(gate);
            Tensor ups = matrix(up);
            Tensor gradients = matrix(gradient);
            parts(gates, (from, count) -> {
                Tensor byActivated = gradients.narrow(0, from, count).mul(ups.narrow(0, from, count));
                to.narrow(0, from, count)
                        .copy_(torch.silu_backward(
                                byActivated, gates.narrow(0, from, count).to(type)));
            });
            return scope.keep(result);
        }
    }
}
