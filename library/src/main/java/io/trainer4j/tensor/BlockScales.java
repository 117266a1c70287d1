package io.trainer4j.tensor;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The largest absolute value of each block of a {@link NormalFloatMatrix}. */
sealed interface BlockScales extends AutoCloseable {
    /** The values of some blocks, float32, {@code [count]}. */
    Tensor of(long firstBlock, long count);

    /** Memory they take. */
    long bytes();

    @Override
    void close();

    /**
     * As they are, in 4 bytes each.
     *
     * @param values float32, {@code [blocks]}
     */
    record Plain(Tensor values) implements BlockScales {
        @Override
        public Tensor of(long firstBlock, long count) {
            return values.narrow(0, firstBlock, count);
        }

        @Override
        public long bytes() {
            return values.nbytes();
        }

        @Override
        public void close() {
            values.close();
        }
    }

    /**
     * In one byte each, the double quantization of QLoRA: their mean is taken off, and 256 neighbours share a scale.
     *
     * @param codes uint8, {@code [blocks]}: indices of {@link DynamicCode}
     * @param scales float32, {@code [blocks / 256]}, rounded up
     * @param mean what was taken off
     */
    record Nested(Tensor codes, Tensor scales, float mean) implements BlockScales {
        private static final int BLOCK = 256;

        static Nested of(Tensor values) {
            long count = values.numel();
            long blocks = (count + BLOCK - 1) / BLOCK;
            try (Scope scope = Scope.open()) {
                float mean = values.mean().item_float();
                Tensor padded = TensorData.zeros(blocks * BLOCK);
                padded.narrow(0, 0, count).copy_(values.sub(new Scalar(mean)));
                Tensor rows = padded.view(blocks, BLOCK);
                Tensor scales = rows.abs().amax(new long[] {1}, false);
                Tensor shares = rows.mul(
                        scales.clamp_min(new Scalar(1e-38)).reciprocal_().unsqueeze(1));
                Tensor codes = torch.bucketize(shares, DynamicCode.MIDDLES)
                        .to(ScalarType.Byte)
                        .view(-1)
                        .narrow(0, 0, count)
                        .clone();
                return new Nested(Scope.own(codes), Scope.own(scales), mean);
            }
        }

        @Override
        public Tensor of(long firstBlock, long count) {
            try (Scope scope = Scope.open()) {
                Tensor shares = DynamicCode.NUMBERS.index_select(
                        0, codes.narrow(0, firstBlock, count).to(ScalarType.Int));
                Tensor places = torch.arange(new Scalar(firstBlock), new Scalar(firstBlock + count))
                        .floor_divide(new Scalar(BLOCK));
                return scope.keep(shares.mul_(scales.index_select(0, places)).add_(new Scalar(mean)));
            }
        }

        @Override
        public long bytes() {
            return codes.nbytes() + scales.nbytes() + Float.BYTES;
        }

        @Override
        public void close() {
            codes.close();
            scales.close();
        }
    }
}
