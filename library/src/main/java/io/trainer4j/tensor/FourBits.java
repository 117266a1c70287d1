package io.trainer4j.tensor;

import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Two codes of four bits in a byte, and the pairs of numbers that the 256 possible bytes stand for. */
final class FourBits {
    /** Which half of a byte holds the first of its two codes. */
    enum First {
        HIGH,
        LOW
    }

    private FourBits() {}

    /**
     * The pair of float32 numbers behind each byte, each pair as one 64-bit element: one look-up then gives two numbers.
     *
     * @param numbers what the 16 codes stand for
     */
    static Tensor pairs(float[] numbers, First first) {
        float[] pairs = new float[512];
        for (int b = 0; b < 256; b++) {
            pairs[2 * b] = numbers[first == First.HIGH ? b >> 4 : b & 15];
            pairs[2 * b + 1] = numbers[first == First.HIGH ? b & 15 : b >> 4];
        }
        try (Scope scope = Scope.open()) {
            return Scope.own(TensorData.floats(pairs, 512).view(ScalarType.Long));
        }
    }

    /**
     * Packs codes.
     *
     * @param codes {@code [..., 2 n]}, each from 0 to 15, of any integral type
     * @return uint8, {@code [..., n]}
     */
    static Tensor pack(Tensor codes, First first) {
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            Tensor paired = codes.to(ScalarType.Byte).view(-1, 2);
            Tensor high = paired.select(1, first == First.HIGH ? 0 : 1);
            Tensor low = paired.select(1, first == First.HIGH ? 1 : 0);
            long[] shape = codes.shape();
            shape[shape.length - 1] /= 2;
            return scope.keep(high.mul(new Scalar(16)).add_(low).view(shape));
        }
    }

    /**
     * Unpacks codes into the numbers they stand for.
     *
     * @param packed uint8, contiguous, {@code [..., n]}
     * @param pairs from {@link #pairs}
     * @param target float32, contiguous, {@code [..., 2 n]}
     */
    static void unpack(Tensor packed, Tensor pairs, Tensor target) {
        try (Scope scope = Scope.open()) {
            torch.index_select_out(
                    target.view(-1).view(ScalarType.Long),
                    pairs,
                    0,
                    packed.reshape(-1).to(ScalarType.Int));
        }
    }
}
