package io.trainer4j.tensor;

import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A matrix in bfloat16 or float16.
 *
 * @param values {@code [rows, columns]}, contiguous, owned by this object
 */
public record HalfMatrix(Tensor values) implements StoredMatrix {
    /**
     * Rounds to 16 bits.
     *
     * @param matrix {@code [rows, columns]} of any floating type and any strides
     * @param type {@code BFloat16} or {@code Half}
     */
    public static HalfMatrix of(Tensor matrix, ScalarType type) {
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            Tensor values = TensorData.empty(type, matrix.size(0), matrix.size(1));
            values.copy_(matrix);
            return new HalfMatrix(Scope.own(values));
        }
    }

    /** Whether the 16 bits are those of bfloat16. */
    public boolean isBfloat16() {
        return values.scalar_type().intern() == ScalarType.BFloat16;
    }

    @Override
    public Device device() {
        return Device.of(values);
    }

    /** The same matrix on another device, whose memory it then has alone. */
    public void to(Device device) {
        device.move(values);
    }

    @Override
    public long rows() {
        return values.size(0);
    }

    @Override
    public long columns() {
        return values.size(1);
    }

    @Override
    public long bytes() {
        return values.nbytes();
    }

    @Override
    public void decode(long from, Tensor target) {
        try (Scope scope = Scope.open()) {
            target.copy_(values.narrow(0, from, target.size(0)));
        }
    }

    @Override
    public Tensor gather(Tensor ids) {
        try (Scope scope = Scope.open()) {
            return scope.keep(values.index_select(0, ids).to(ScalarType.Float));
        }
    }

    @Override
    public void close() {
        values.close();
    }
}
