package io.trainer4j.tensor;

import static io.trainer4j.tensor.SimdKernel.FLOATS;
import static io.trainer4j.tensor.SimdKernel.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Makes an {@link EightBitRow} of a row of floats, as ggml's {@code quantize_row_q8_0} does; ties go to even numbers. */
final class SimdRowQuantization {
    private static final int GROUP = GroupedMatrix.GROUP;
    private static final float LARGEST = 127;

    /** Added to a float, it leaves the nearest whole number in the lowest bits. */
    private static final float ROUNDING = 12582912f;

    private static final int ROUNDING_BITS = Float.floatToRawIntBits(ROUNDING);

    /** 16-bit words that a vector holds. */
    private static final int WORDS = 16;

    private SimdRowQuantization() {}

    /** Rounds a row for {@code INT8} or {@code INT4}; {@code columns} is divisible by 64. */
    static EightBitRow quantized(RowProduct.Format format, float[] x, int columns) {
        int[] numbers = new int[columns];
        float[] scales = new float[columns / GROUP];
        round(x, numbers, scales);
        float[] evenScales = repeated(scales, 0);
        float[] oddScales = repeated(scales, 1);
        return format == RowProduct.Format.INT8
                ? new EightBitRow(pairs(numbers), evenScales, oddScales, new float[0], new float[0])
                : new EightBitRow(fours(numbers), evenScales, oddScales, starts(numbers, 0), starts(numbers, 1));
    }

    private static void round(float[] x, int[] numbers, float[] scales) {
        for (int group = 0; group < scales.length; group++) {
            int i = group * GROUP;
            FloatVector a = FloatVector.fromArray(FLOATS, x, i);
            FloatVector b = FloatVector.fromArray(FLOATS, x, i + LANES);
            FloatVector c = FloatVector.fromArray(FLOATS, x, i + 2 * LANES);
            FloatVector d = FloatVector.fromArray(FLOATS, x, i + 3 * LANES);
            float largest = a.abs().max(b.abs()).max(c.abs().max(d.abs())).reduceLanes(VectorOperators.MAX);
            float inverse = LARGEST / largest;
            if (Float.isInfinite(inverse)) {
                inverse = 0;
            }
            a.mul(inverse).add(ROUNDING).reinterpretAsInts().sub(ROUNDING_BITS).intoArray(numbers, i);
            b.mul(inverse).add(ROUNDING).reinterpretAsInts().sub(ROUNDING_BITS).intoArray(numbers, i + LANES);
            c.mul(inverse).add(ROUNDING).reinterpretAsInts().sub(ROUNDING_BITS).intoArray(numbers, i + 2 * LANES);
            d.mul(inverse).add(ROUNDING).reinterpretAsInts().sub(ROUNDING_BITS).intoArray(numbers, i + 3 * LANES);
            scales[group] = largest / LARGEST;
        }
    }

    /** Every second scale, for each of the rows that are computed together. */
    private static float[] repeated(float[] scales, int first) {
        int pairs = scales.length / 2;
        float[] repeated = new float[EightBitRow.ROWS * pairs];
        for (int pair = 0; pair < pairs; pair++) {
            repeated[pair] = scales[2 * pair + first] * EightBitRow.SCALE_FACTOR;
        }
        for (int row = 1; row < EightBitRow.ROWS; row++) {
            System.arraycopy(repeated, 0, repeated, row * pairs, pairs);
        }
        return repeated;
    }

    /** For two numbers in a word: those for the lower bytes of a vector's words, then those for the upper ones. */
    private static short[] pairs(int[] numbers) {
        short[] factors = new short[numbers.length];
        for (int block = 0; block < numbers.length; block += 2 * WORDS) {
            for (int word = 0; word < WORDS; word++) {
                factors[block + word] = (short) numbers[block + 2 * word];
                factors[block + WORDS + word] = (short) numbers[block + 2 * word + 1];
            }
        }
        return factors;
    }

    /**
     * For four codes {@code c} in a word {@code w}, in which {@code c0 = w - 16 (w >>> 4)}, {@code c1 = (w >>> 4) - 16 (w
     * >>> 8)} and so on: the factors of {@code w} and its shifts by 4, 8 and 12, such that their sum of products, modulo
     * 2^16, is that of the codes and numbers. This saves taking the codes apart. Words are shifted two at a time, as 32
     * bits: what the upper word {@code v} thereby puts into the lower one is {@code v 2^(16 - shift)}, modulo 2^16, which is
     * taken off by the factor of {@code v} in the sum of both.
     */
    private static short[] fours(int[] numbers) {
        short[] factors = new short[numbers.length];
        for (int block = 0; block < numbers.length; block += 4 * WORDS) {
            for (int word = 0; word < WORDS; word += 2) {
                int i = block + 4 * word;
                int by4 = numbers[i + 1] - 16 * numbers[i];
                int by8 = numbers[i + 2] - 16 * numbers[i + 1];
                int by12 = numbers[i + 3] - 16 * numbers[i + 2];
                int upper = numbers[i + 4] - (by4 << 12) - (by8 << 8) - (by12 << 4);
                int at = block + word;
                factors[at] = (short) numbers[i];
                factors[at + 1] = (short) upper;
                factors[at + WORDS] = (short) by4;
                factors[at + WORDS + 1] = (short) (numbers[i + 5] - 16 * numbers[i + 4]);
                factors[at + 2 * WORDS] = (short) by8;
                factors[at + 2 * WORDS + 1] = (short) (numbers[i + 6] - 16 * numbers[i + 5]);
                factors[at + 3 * WORDS] = (short) by12;
                factors[at + 3 * WORDS + 1] = (short) (numbers[i + 7] - 16 * numbers[i + 6]);
            }
        }
        return factors;
    }

    private static float[] starts(int[] numbers, int first) {
        int pairs = numbers.length / (2 * GROUP);
        float[] starts = new float[(pairs + LANES - 1) / LANES * LANES];
        for (int pair = 0; pair < pairs; pair++) {
            int from = (2 * pair + first) * GROUP;
            int sum = 0;
            for (int i = from; i < from + GROUP; i++) {
                sum += numbers[i];
            }
            starts[pair] = -8 * sum;
        }
        return starts;
    }
}
