package io.trainer4j.tensor;

import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Four-bit numbers in the order in which libtorch's kernel for a single row takes them, which reads them once instead of
 * writing 32-bit floats first. The row, the scales and the result are rounded to bfloat16.
 *
 * @param packed {@code [rows, columns / 2]}, in an order that depends on the processor
 * @param scalesAndZeros bfloat16, {@code [columns / 32, rows, 2]}
 */
record SingleRowProduct(Tensor packed, Tensor scalesAndZeros) implements AutoCloseable {
    private static final OperatorHandle PACK =
            Scope.own(Dispatcher.singleton().findSchemaOrThrow("aten::_convert_weight_to_int4pack_for_cpu", ""));
    private static final OperatorHandle MULTIPLY =
            Scope.own(Dispatcher.singleton().findSchemaOrThrow("aten::_weight_int4pack_mm_for_cpu", ""));

    /** What numbers of rows must be a multiple of. */
    private static final int ROWS = 16;

    /** How many rows the kernel keeps together at most. */
    private static final int TOGETHER = 64;

    /** Values of a row that the kernel was built for. */
    private static final int FEWEST_COLUMNS = 64;

    /** Finds the kernels; part of {@link Engine#load()}, so that no caller's scope owns them. */
    static void load() {}

    /** Whether the kernel takes matrices of this shape. */
    static boolean fits(long rows, long columns) {
        return rows % ROWS == 0 && columns % GroupedMatrix.GROUP == 0 && columns >= FEWEST_COLUMNS;
    }

    /** Codes from 0 to 15 of some rows, int32, {@code [count, columns]}. */
    @FunctionalInterface
    interface Codes {
        Tensor of(long from, long count);
    }

    /**
     * Packs numbers {@code (code - 8) * scale * factor + zero * scale}.
     *
     * @param scales {@code [rows, columns / 32]}
     */
    static SingleRowProduct of(Codes codes, Tensor scales, double factor, double zero) {
        long rows = scales.size(0);
        long columns = scales.size(1) * GroupedMatrix.GROUP;
        try (Scope scope = Scope.open()) {
            Tensor packed = TensorData.empty(ScalarType.Byte, rows, columns / 2);
            RowBlocks.cut(rows, columns, TOGETHER, (from, count) -> {
                IValueVector stack = new IValueVector(new IValue(codes.of(from, count)), new IValue(2L));
                PACK.callBoxed(stack);
                packed.narrow(0, from, count).copy_(stack.get(0).toTensor());
            });
            Tensor pairs = TensorData.empty(ScalarType.BFloat16, scales.size(1), rows, 2);
            Tensor wide = scales.to(ScalarType.Float).t();
            pairs.select(2, 0).copy_(wide.mul(new Scalar(factor)));
            pairs.select(2, 1).copy_(wide.mul(new Scalar(zero)));
            return new SingleRowProduct(Scope.own(packed), Scope.own(pairs));
        }
    }

    /**
     * Multiplies.
     *
     * @param row bfloat16, {@code [1, columns]}
     * @return bfloat16, {@code [1, rows]}
     */
    Tensor times(Tensor row) {
        try (Scope scope = Scope.open()) {
            IValueVector stack = new IValueVector(
                    new IValue(row),
                    new IValue(packed),
                    new IValue((long) GroupedMatrix.GROUP),
                    new IValue(scalesAndZeros));
            MULTIPLY.callBoxed(stack);
            return scope.keep(new Tensor(stack.get(0).toTensor()));
        }
    }

    long bytes() {
        return packed.nbytes() + scalesAndZeros.nbytes();
    }

    @Override
    public void close() {
        packed.close();
        scalesAndZeros.close();
    }
}
