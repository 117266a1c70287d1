package io.trainer4j.tensor;

import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A matrix in NF4, the 4-bit data type of QLoRA: 64 neighbours share the largest of their absolute values, and each is the
 * nearest of 16 numbers that stand equally often in normally distributed weights. Codes and scales are those of
 * bitsandbytes.
 *
 * @see <a href="https://arxiv.org/abs/2305.14314">QLoRA: Efficient Finetuning of Quantized LLMs</a>
 */
public final class NormalFloatMatrix implements StoredMatrix {
    /** Neighbours that share a scale. */
    static final int BLOCK = 64;

    /** What the codes stand for: {@code get_4bit_type("nf4")} of bitsandbytes. */
    private static final float[] NUMBERS = {
        -1.0f,
        -0.6961928f,
        -0.52507305f,
        -0.3949175f,
        -0.28444138f,
        -0.18477343f,
        -0.091050036f,
        0.0f,
        0.0795803f,
        0.1609302f,
        0.2461123f,
        0.33791524f,
        0.44070983f,
        0.562617f,
        0.72295684f,
        1.0f
    };

    private static final Tensor PAIRS = FourBits.pairs(NUMBERS, FourBits.First.HIGH);
    private static final Tensor MIDDLES = numberMiddles();

    private final long rows;
    private final long columns;
    private final Tensor packed;
    private final BlockScales scales;

    private NormalFloatMatrix(long rows, long columns, Tensor packed, BlockScales scales) {
        this.rows = rows;
        this.columns = columns;
        this.packed = packed;
        this.scales = scales;
    }

    private static Tensor numberMiddles() {
        try (Scope scope = Scope.open()) {
            return DynamicCode.middles(numbers());
        }
    }

    /** Makes the tables; part of {@link Engine#load()}, so that no caller's scope owns them. */
    static void load() {}

    /** The 16 numbers in the order of their codes. */
    static Tensor numbers() {
        return TensorData.floats(NUMBERS, NUMBERS.length);
    }

    /** Two codes in a byte, the first in the high half. */
    Tensor packed() {
        return packed;
    }

    /** Whether a matrix can be cut into blocks. */
    public static boolean fits(long rows, long columns) {
        return rows * columns % BLOCK == 0;
    }

    /**
     * Quantizes.
     *
     * @param matrix {@code [rows, columns]} of any floating type and any strides, of a multiple of 64 values
     * @param doubleQuantization whether the scales are kept in 8 bits too: 4.13 bits a value instead of 4.5
     */
    public static NormalFloatMatrix of(Tensor matrix, boolean doubleQuantization) {
        long rows = matrix.size(0);
        long columns = matrix.size(1);
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            Tensor packed = TensorData.empty(ScalarType.Byte, rows * columns / 2);
            Tensor largest = TensorData.empty(ScalarType.Float, rows * columns / BLOCK);
            RowBlocks.cut(rows, columns, rowStep(columns), (from, count) -> {
                Tensor blocks = matrix.narrow(0, from, count)
                        .to(ScalarType.Float)
                        .contiguous()
                        .view(-1, BLOCK);
                Tensor most = blocks.abs().amax(new long[] {1}, false);
                Tensor shares = blocks.mul(
                        most.clamp_min(new Scalar(1e-38)).reciprocal_().unsqueeze(1));
                Tensor codes = torch.bucketize(shares, MIDDLES, true, false);
                packed.narrow(0, from * columns / 2, count * columns / 2)
                        .copy_(FourBits.pack(codes.view(-1), FourBits.First.HIGH));
                largest.narrow(0, from * columns / BLOCK, count * columns / BLOCK)
                        .copy_(most);
            });
            BlockScales scales =
                    doubleQuantization ? BlockScales.Nested.of(largest) : new BlockScales.Plain(Scope.own(largest));
            return new NormalFloatMatrix(rows, columns, Scope.own(packed), scales);
        }
    }

    @Override
    public long rows() {
        return rows;
    }

    @Override
    public long columns() {
        return columns;
    }

    @Override
    public long bytes() {
        return packed.nbytes() + scales.bytes();
    }

    /** Whole blocks only: with 96 columns, three blocks are two rows. */
    @Override
    public long rowStep() {
        return rowStep(columns);
    }

    private static long rowStep(long columns) {
        return BLOCK / Math.min(BLOCK, Long.lowestOneBit(columns));
    }

    @Override
    public void decode(long from, Tensor target) {
        try (Scope scope = Scope.open()) {
            long first = from * columns;
            long count = target.numel();
            FourBits.unpack(packed.narrow(0, first / 2, count / 2), PAIRS, target);
            target.view(-1, BLOCK).mul_(scales.of(first / BLOCK, count / BLOCK).unsqueeze(1));
        }
    }

    @Override
    public Tensor gather(Tensor ids) {
        long[] wanted = TensorData.toLongs(ids);
        try (Scope scope = Scope.open()) {
            Tensor target = TensorData.empty(ScalarType.Float, wanted.length, columns);
            for (int i = 0; i < wanted.length; i++) {
                try (Scope each = Scope.open()) {
                    long from = wanted[i] / rowStep() * rowStep();
                    Tensor around = TensorData.empty(ScalarType.Float, Math.min(rowStep(), rows - from), columns);
                    decode(from, around);
                    target.select(0, i).copy_(around.select(0, wanted[i] - from));
                }
            }
            return scope.keep(target);
        }
    }

    @Override
    public void close() {
        packed.close();
        scales.close();
    }
}
