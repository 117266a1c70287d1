package io.trainer4j.tensor;

import java.util.List;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A matrix of whole numbers in 8 or 4 bits, of which 32 neighbours in a row share a scale: the numbers of GGUF's {@code
 * Q8_0} and {@code Q4_0}, chosen as {@code quantize_row_q8_0_ref} and {@code quantize_row_q4_0_ref} of ggml choose them.
 */
public final class GroupedMatrix implements StoredMatrix {
    /** Neighbours in a row that share a scale. */
    public static final int GROUP = 32;

    /** Code of the number 0 in 4 bits. */
    private static final int MIDDLE = 8;

    private static final Tensor PAIRS = FourBits.pairs(numbers(), FourBits.First.LOW);

    private final int bits;
    private final Tensor codes;
    private final Tensor scales;
    private List<SingleRowProduct> singleRow = List.of();

    /**
     * Takes what was quantized.
     *
     * @param bits 8 or 4
     * @param codes int8, {@code [rows, columns]}; of 4 bits uint8, {@code [rows, columns / 2]}, each number plus 8, the
     *     first of two in the low half; owned by this object
     * @param scales of any floating type, {@code [rows, columns / 32]}; owned by this object
     */
    public GroupedMatrix(int bits, Tensor codes, Tensor scales) {
        this.bits = bits;
        this.codes = codes;
        this.scales = scales;
    }

    /** 8 or 4. */
    public int bits() {
        return bits;
    }

    /** The numbers: int8, or two in a byte. */
    public Tensor codes() {
        return codes;
    }

    /** Their scales, {@code [rows, columns / 32]}. */
    public Tensor scales() {
        return scales;
    }

    private static float[] numbers() {
        float[] numbers = new float[16];
        for (int code = 0; code < numbers.length; code++) {
            numbers[code] = code - MIDDLE;
        }
        return numbers;
    }

    /** Makes the table of numbers; part of {@link Engine#load()}, so that no caller's scope owns it. */
    static void load() {}

    /** Whether rows of this length can be cut into groups. */
    public static boolean fits(long columns) {
        return columns % GROUP == 0;
    }

    /**
     * Quantizes.
     *
     * @param matrix {@code [rows, columns]} of any floating type and any strides; columns divisible by 32
     * @param bits 8 or 4
     */
    public static GroupedMatrix of(Tensor matrix, int bits) {
        long rows = matrix.size(0);
        long columns = matrix.size(1);
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            Tensor codes = bits == 8
                    ? TensorData.empty(ScalarType.Char, rows, columns)
                    : TensorData.empty(ScalarType.Byte, rows, columns / 2);
            Tensor scales = TensorData.empty(ScalarType.Half, rows, columns / GROUP);
            RowBlocks.cut(rows, columns, 1, (from, count) -> {
                Tensor groups = matrix.narrow(0, from, count)
                        .to(ScalarType.Float)
                        .contiguous()
                        .view(count, columns / GROUP, GROUP);
                Tensor scale = bits == 8 ? eightBitScale(groups) : fourBitScale(groups);
                Tensor scaled = groups.mul(torch.where(scale.eq(new Scalar(0.0)), scale, scale.reciprocal()));
                Tensor chosen = bits == 8 ? roundedFromZero(scaled) : FourBits.pack(code(scaled), FourBits.First.LOW);
                codes.narrow(0, from, count).copy_(chosen.view(count, -1));
                scales.narrow(0, from, count).copy_(scale.squeeze(2));
            });
            return new GroupedMatrix(bits, Scope.own(codes), Scope.own(scales));
        }
    }

    private static Tensor eightBitScale(Tensor groups) {
        return groups.abs().amax(new long[] {2}, true).div_(new Scalar(127.0));
    }

    /** So that the largest number of the group, with its sign, becomes -8: the end of the range that has one more. */
    private static Tensor fourBitScale(Tensor groups) {
        Tensor largest = groups.abs().argmax(new LongOptional(2), true);
        return groups.gather(2, largest).div_(new Scalar(-8.0));
    }

    private static Tensor roundedFromZero(Tensor scaled) {
        return scaled.abs().add_(new Scalar(0.5)).floor_().mul_(scaled.sign());
    }

    private static Tensor code(Tensor scaled) {
        return scaled.add_(new Scalar(MIDDLE + 0.5)).floor_().clamp_max_(new Scalar(15.0));
    }

    @Override
    public long rows() {
        return codes.size(0);
    }

    @Override
    public long columns() {
        return scales.size(1) * GROUP;
    }

    @Override
    public long bytes() {
        return codes.nbytes()
                + scales.nbytes()
                + singleRow.stream().mapToLong(SingleRowProduct::bytes).sum();
    }

    /** Whether {@link #timesRow} can be had. */
    public boolean multipliesRows() {
        return SingleRowProduct.fits(rows(), columns());
    }

    /**
     * The product with a single row in bfloat16. The first call makes a copy of the numbers in an order that suits it.
     *
     * @param row bfloat16, {@code [1, columns]}
     * @return float32, {@code [1, rows]}
     */
    public Tensor timesRow(Tensor row) {
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            if (singleRow.isEmpty()) {
                singleRow = inKernelOrder();
            }
            Tensor sum = singleRow.get(0).times(row).to(ScalarType.Float);
            for (SingleRowProduct rest : singleRow.subList(1, singleRow.size())) {
                sum.add_(rest.times(row));
            }
            return scope.keep(sum);
        }
    }

    /** Of 8 bits, the upper and the lower four by themselves: {@code q = 16 h + l}. */
    private List<SingleRowProduct> inKernelOrder() {
        if (bits == 4) {
            return List.of(SingleRowProduct.of(this::fourBits, scales, 1, 0));
        }
        return List.of(
                SingleRowProduct.of((from, count) -> positive(from, count).floor_divide(new Scalar(16)), scales, 16, 0),
                SingleRowProduct.of(
                        (from, count) -> positive(from, count).remainder(new Scalar(16)), scales, 1, MIDDLE));
    }

    private Tensor positive(long from, long count) {
        return codes.narrow(0, from, count).to(ScalarType.Int).add_(new Scalar(128));
    }

    private Tensor fourBits(long from, long count) {
        try (Scope scope = Scope.open()) {
            Tensor numbers = TensorData.empty(ScalarType.Float, count, columns());
            FourBits.unpack(codes.narrow(0, from, count), PAIRS, numbers);
            return scope.keep(numbers.add_(new Scalar(MIDDLE)).to(ScalarType.Int));
        }
    }

    @Override
    public void decode(long from, Tensor target) {
        try (Scope scope = Scope.open()) {
            long count = target.size(0);
            decode(codes.narrow(0, from, count), scales.narrow(0, from, count), target);
        }
    }

    private void decode(Tensor chosen, Tensor theirScales, Tensor target) {
        if (bits == 8) {
            target.copy_(chosen);
        } else {
            FourBits.unpack(chosen, PAIRS, target);
        }
        target.view(target.size(0), -1, GROUP)
                .mul_(theirScales.to(ScalarType.Float).unsqueeze(2));
    }

    @Override
    public Tensor gather(Tensor ids) {
        try (Scope scope = Scope.open()) {
            Tensor target = TensorData.empty(ScalarType.Float, ids.size(0), columns());
            decode(codes.index_select(0, ids), scales.index_select(0, ids), target);
            return scope.keep(target);
        }
    }

    @Override
    public void close() {
        codes.close();
        scales.close();
        singleRow.forEach(SingleRowProduct::close);
        singleRow = List.of();
    }
}
