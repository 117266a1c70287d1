package io.trainer4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Products of 8 and 4 bits with a row in 8 bits, against the same arithmetic one number after the other. */
class GroupedRowProductTest {
    private static final int GROUP = GroupedMatrix.GROUP;

    /** Whole numbers and their scales, before they are packed. */
    private record Numbers(int bits, int[][] numbers, float[][] scales) {
        static Numbers filled(int bits, int columns, int... rows) {
            int[][] numbers = new int[rows.length][columns];
            float[][] scales = new float[rows.length][columns / GROUP];
            for (int r = 0; r < rows.length; r++) {
                Arrays.fill(numbers[r], rows[r]);
                Arrays.fill(scales[r], 1);
            }
            return new Numbers(bits, numbers, scales);
        }

        /** All codes there are, among them -128, which only files of others hold; scales of both signs. */
        static Numbers random(int bits, int rows, int columns, Random random) {
            Numbers filled = filled(bits, columns, new int[rows]);
            int half = 1 << (bits - 1);
            for (int r = 0; r < rows; r++) {
                for (int i = 0; i < columns; i++) {
                    filled.numbers[r][i] = random.nextInt(2 * half) - half;
                }
                for (int group = 0; group < columns / GROUP; group++) {
                    // 11 bits, so that they are float16 numbers
                    filled.scales[r][group] = (random.nextInt(2047) - 1023) * 0x1p-14f;
                }
            }
            return filled;
        }

        float[] times(float[] x) {
            int rows = numbers.length;
            int columns = numbers[0].length;
            byte[] codes = new byte[rows * columns * bits / 8];
            float[] all = new float[rows * columns / GROUP];
            for (int r = 0; r < rows; r++) {
                for (int i = 0; i < columns; i++) {
                    int at = r * columns + i;
                    if (bits == 8) {
                        codes[at] = (byte) numbers[r][i];
                    } else {
                        codes[at / 2] |= (byte) ((numbers[r][i] + 8) << (at % 2 * 4));
                    }
                }
                System.arraycopy(scales[r], 0, all, r * scales[r].length, scales[r].length);
            }
            try (Scope scope = Scope.open()) {
                Tensor packed =
                        TensorData.empty(bits == 8 ? ScalarType.Char : ScalarType.Byte, rows, codes.length / rows);
                TensorData.bytes(packed).put(codes);
                Tensor halves = TensorData.floats(all, rows, columns / GROUP).to(ScalarType.Half);
                return RowProduct.of(new GroupedMatrix(bits, packed, halves))
                        .orElseThrow()
                        .apply(x);
            }
        }

        /** The product in 64 bits of what the row becomes in 8. */
        double expected(int row, float[] x) {
            double sum = 0;
            for (int group = 0; group < x.length / GROUP; group++) {
                float largest = 0;
                for (int i = group * GROUP; i < (group + 1) * GROUP; i++) {
                    largest = Math.max(largest, Math.abs(x[i]));
                }
                long products = 0;
                for (int i = group * GROUP; i < (group + 1) * GROUP; i++) {
                    long rounded = largest == 0 ? 0 : (long) Math.rint(x[i] * (127 / largest));
                    products += numbers[row][i] * rounded;
                }
                sum += products * (double) scales[row][group] * (largest / 127);
            }
            return sum;
        }
    }

    /** Rows that do not fill a block or a piece of work; rows of one pair of groups, and of pairs that fill no vector. */
    @ParameterizedTest
    @CsvSource({
        "8, 1, 64",
        "4, 1, 64",
        "8, 17, 320",
        "4, 17, 320",
        "8, 200, 896",
        "4, 200, 896",
        "8, 33, 4864",
        "4, 33, 4864"
    })
    void theSumIsThatOfTheRoundedNumbers(int bits, int rows, int columns) {
        Random random = new Random(31L * rows + bits);
        Numbers matrix = Numbers.random(bits, rows, columns, random);
        float[] x = new float[columns];
        for (int i = 0; i < columns; i++) {
            x[i] = (float) (random.nextGaussian() * Math.pow(10, i / GROUP % 5 - 2));
        }
        float[] y = matrix.times(x);
        assertThat(y).hasSize(rows);
        double size = Math.sqrt(columns) * (1 << bits) * 100;
        for (int r = 0; r < rows; r++) {
            assertThat((double) y[r]).as("row %d", r).isCloseTo(matrix.expected(r, x), within(size * 1e-6));
        }
    }

    /** The largest sums that 16 bits are to hold, in all combinations of signs; each result is a whole number. */
    @ParameterizedTest
    @CsvSource({"8, -128, 127", "8, 127, -127", "4, -8, 7", "4, 7, -8"})
    void theLargestSumsFit(int bits, int one, int other) {
        int columns = 896;
        Numbers matrix = Numbers.filled(bits, columns, one, other, 0);
        float[] up = new float[columns];
        float[] alternating = new float[columns];
        for (int i = 0; i < columns; i++) {
            up[i] = 127;
            alternating[i] = i % 2 == 0 ? 127 : -127;
            matrix.numbers[2][i] = i % 2 == 0 ? one : other;
        }
        float half = columns / 2f * 127;
        assertThat(matrix.times(up)).containsExactly(2 * half * one, 2 * half * other, half * one + half * other);
        assertThat(matrix.times(alternating)).containsExactly(0, 0, half * one - half * other);
        float[] down = new float[columns];
        Arrays.fill(down, -127);
        assertThat(matrix.times(down)).containsExactly(-2 * half * one, -2 * half * other, -half * one - half * other);
    }

    /** Each place of a group by itself: a factor that met another place's code would be seen. */
    @ParameterizedTest
    @ValueSource(ints = {8, 4})
    void everyPlaceMeetsItsOwnNumber(int bits) {
        int columns = 128;
        Numbers matrix = Numbers.filled(bits, columns, new int[2]);
        for (int i = 0; i < columns; i++) {
            matrix.numbers[0][i] = i % 15 - 7;
            matrix.numbers[1][i] = -8 + i % 16;
        }
        for (int group = 0; group < columns / GROUP; group++) {
            matrix.scales[1][group] = (group % 2 == 0 ? 1 : -1) * (float) Math.pow(2, group);
        }
        for (int i = 0; i < columns; i++) {
            float[] x = new float[columns];
            x[i] = -127;
            float scale = matrix.scales[1][i / GROUP];
            assertThat(matrix.times(x))
                    .as("place %d", i)
                    .containsExactly(-127 * matrix.numbers[0][i], -127 * scale * matrix.numbers[1][i] + 0f);
        }
    }

    /** Zeros, numbers too small to divide by, numbers far larger than any activation, and what is none. */
    @ParameterizedTest
    @ValueSource(ints = {8, 4})
    void rowsOfAnySizeAreRounded(int bits) {
        Numbers matrix = Numbers.filled(bits, 64, 3);
        float[] x = new float[64];
        assertThat(matrix.times(x)).containsExactly(0);
        x[0] = Float.MIN_VALUE;
        x[1] = 0x1p-130f;
        assertThat(matrix.times(x)).containsExactly(0);
        Arrays.fill(x, 127 * 0x1p60f);
        assertThat(matrix.times(x)).containsExactly(3 * 127 * 64 * 0x1p60f);
        Arrays.fill(x, -127 * 0x1p-40f);
        assertThat(matrix.times(x)).containsExactly(-3 * 127 * 64 * 0x1p-40f);
        x[5] = Float.NaN;
        assertThat(matrix.times(x)).containsExactly(Float.NaN);
        Arrays.fill(x, 127);
        assertThat(matrix.times(x)).containsExactly(3 * 127 * 64);
    }

    /** Every size of a float16 scale, down to the least below its normal numbers. */
    @ParameterizedTest
    @ValueSource(ints = {8, 4})
    void scalesHaveTheRangeOfTheirFormat(int bits) {
        float[] x = new float[64];
        Arrays.fill(x, 127);
        for (float scale : new float[] {0x1p-24f, 0x1p-15f, 1.5f, -0x1p-24f, 0x1p15f, -49152}) {
            Numbers matrix = Numbers.filled(bits, 64, -8);
            matrix.scales[0][0] = 0;
            matrix.scales[0][1] = scale;
            assertThat(matrix.times(x)).containsExactly(-8 * 127 * 32 * scale);
            matrix.scales[0][0] = scale;
            assertThat(matrix.times(x)).containsExactly(-8 * 127 * 64 * scale);
        }
    }

    /** The loops read without looking where the memory ends. */
    @ParameterizedTest
    @ValueSource(ints = {8, 4})
    void matricesThatAreNotWholeAreRefused(int bits) {
        try (Scope scope = Scope.open()) {
            Tensor codes = TensorData.empty(bits == 8 ? ScalarType.Char : ScalarType.Byte, 2, 64L * bits / 8);
            Tensor few = TensorData.empty(ScalarType.Half, 1, 2);
            Tensor many = TensorData.empty(ScalarType.Half, 2, 4);
            assertThatThrownBy(() -> RowProduct.of(new GroupedMatrix(bits, codes, few)))
                    .hasMessage("Numbers or scales do not fill [2, 64].");
            assertThatThrownBy(() -> RowProduct.of(new GroupedMatrix(bits, codes, many)))
                    .hasMessage("Numbers or scales do not fill [2, 128].");
        }
    }

    @Test
    void aRowIsRoundedToTheNearestOf255Numbers() {
        float[] x = new float[64];
        x[0] = 127;
        x[1] = 1.4f;
        x[2] = 1.6f;
        x[3] = -1.6f;
        x[32] = 254;
        x[33] = 5;
        Numbers matrix = Numbers.filled(8, 64, new int[3]);
        matrix.numbers[0][1] = 1;
        matrix.numbers[1][2] = 10;
        matrix.numbers[1][3] = 1;
        matrix.numbers[2][33] = 1;
        // 5 is 2.5 steps of 2: to the even number.
        assertThat(matrix.times(x)).containsExactly(1, 18, 4);
    }
}
