package io.trainer4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Matrices in fewer bits, against what bitsandbytes and ggml give; make_quantization_goldens.py makes the expectations. */
class StoredMatrixTest {
    private static final int ROWS = 70;
    private static final int COLUMNS = 320;

    /** Every kind with the largest error it may have, as a share of the largest value that shares its scale. */
    enum Kind {
        BFLOAT16(1 / 256.0, 16),
        FLOAT16(1 / 2048.0, 16),
        INT8(0.5 / 127 + 1 / 2048.0, 8.5),
        INT4(1 / 8.0 + 1 / 2048.0, 4.5),
        NF4(0.1519036, 4.5),
        NF4_DOUBLE(0.16, 4.16);

        private final double error;
        private final double bits;

        Kind(double error, double bits) {
            this.error = error;
            this.bits = bits;
        }

        StoredMatrix of(Tensor matrix) {
            return switch (this) {
                case BFLOAT16 -> HalfMatrix.of(matrix, ScalarType.BFloat16);
                case FLOAT16 -> HalfMatrix.of(matrix, ScalarType.Half);
                case INT8 -> GroupedMatrix.of(matrix, 8);
                case INT4 -> GroupedMatrix.of(matrix, 4);
                case NF4 -> NormalFloatMatrix.of(matrix, false);
                case NF4_DOUBLE -> NormalFloatMatrix.of(matrix, true);
            };
        }
    }

    private static Tensor matrix() {
        RandomState.manualSeed(7);
        return torch.randn(ROWS, COLUMNS).mul(new Scalar(0.02));
    }

    private static float[] decoded(StoredMatrix matrix) {
        try (Scope scope = Scope.open();
                RowBlocks blocks = new RowBlocks()) {
            Tensor all = TensorData.zeros(matrix.rows(), matrix.columns());
            blocks.forEach(
                    matrix, (from, rows) -> all.narrow(0, from, rows.size(0)).copy_(rows));
            return TensorData.toFloats(all);
        }
    }

    @ParameterizedTest
    @EnumSource
    void errorsStayWithinTheBoundOfTheKind(Kind kind) {
        try (Scope scope = Scope.open()) {
            Tensor original = matrix();
            try (StoredMatrix stored = kind.of(original)) {
                float[] before = TensorData.toFloats(original);
                float[] after = decoded(stored);
                int block = kind == Kind.NF4 || kind == Kind.NF4_DOUBLE ? 64 : 32;
                for (int start = 0; start < before.length; start += block) {
                    double largest = 0;
                    double error = 0;
                    for (int i = start; i < start + block; i++) {
                        largest = Math.max(largest, Math.abs(before[i]));
                        error = Math.max(error, Math.abs(before[i] - after[i]));
                    }
                    assertThat(error).isLessThanOrEqualTo(largest * kind.error);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void takesTheBitsItClaims(Kind kind) {
        try (Scope scope = Scope.open();
                StoredMatrix stored = kind.of(matrix())) {
            assertThat(stored.bytes() * 8.0 / (ROWS * COLUMNS)).isBetween(kind.bits - 0.04, kind.bits + 0.001);
        }
    }

    @ParameterizedTest
    @EnumSource
    void chosenRowsAreThoseOfTheWhole(Kind kind) {
        try (Scope scope = Scope.open();
                StoredMatrix stored = kind.of(matrix().narrow(1, 0, 96))) {
            float[] all = decoded(stored);
            float[] rows = TensorData.toFloats(stored.gather(TensorData.longs(69, 0, 3, 3)));
            int[] ids = {69, 0, 3, 3};
            for (int i = 0; i < rows.length; i++) {
                assertThat(rows[i]).isEqualTo(all[ids[i / 96] * 96 + i % 96]);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void zerosStayZeros(Kind kind) {
        try (Scope scope = Scope.open();
                StoredMatrix stored = kind.of(TensorData.zeros(2, 64))) {
            for (float value : decoded(stored)) {
                assertThat(value == 0).isTrue(); // a zero of either sign
            }
        }
    }

    /** What a value is rounded to is rounded to itself. */
    @ParameterizedTest
    @EnumSource(names = "NF4_DOUBLE", mode = EnumSource.Mode.EXCLUDE)
    void aRoundTripRepeatsItself(Kind kind) {
        try (Scope scope = Scope.open();
                StoredMatrix once = kind.of(matrix().mul(new Scalar(50.0)));
                StoredMatrix twice = kind.of(TensorData.floats(decoded(once), ROWS, COLUMNS))) {
            float[] first = decoded(once);
            float[] second = decoded(twice);
            for (int i = 0; i < first.length; i++) {
                assertThat(second[i]).isCloseTo(first[i], within(1e-3f * Math.abs(first[i])));
            }
        }
    }

    @Test
    void drawsTheMatrixThatPythonDrew() {
        try (Scope scope = Scope.open()) {
            assertThat(TensorData.toFloats(matrix().view(-1).narrow(0, 0, 3))).containsExactly(floats("first"));
        }
    }

    @Test
    void theNumbersOfNf4AreThoseOfBitsandbytes() {
        try (Scope scope = Scope.open()) {
            assertThat(TensorData.toFloats(NormalFloatMatrix.numbers())).containsExactly(floats("nf4_numbers"));
        }
    }

    /** {@code create_normal_map}: quantiles of the normal distribution, 8 above zero and 7 below, divided by the largest. */
    @Test
    void theNumbersOfNf4AreQuantiles() {
        try (Scope scope = Scope.open()) {
            double outermost = 0.9677083;
            float[] expected = new float[16];
            for (int i = 0; i < 8; i++) {
                expected[15 - i] = quantile(outermost + (0.5 - outermost) * i / 8);
            }
            for (int i = 0; i < 7; i++) {
                expected[i] = -quantile(outermost + (0.5 - outermost) * i / 7);
            }
            float[] numbers = TensorData.toFloats(NormalFloatMatrix.numbers());
            for (int i = 0; i < 16; i++) {
                assertThat(numbers[i]).isCloseTo(expected[i] / expected[15], within(1e-6f));
            }
        }
    }

    private static float quantile(double probability) {
        return torch.special_ndtri(TensorData.floats(new float[] {(float) probability}, 1))
                .item_float();
    }

    @Test
    void theNumbersOfScalesAreThoseOfBitsandbytes() {
        try (Scope scope = Scope.open()) {
            float[] expected = floats("dynamic_numbers");
            float[] numbers = TensorData.toFloats(DynamicCode.NUMBERS);
            for (int i = 0; i < 256; i++) {
                assertThat(numbers[i]).isCloseTo(expected[i], within(1e-6f * Math.abs(expected[i])));
            }
        }
    }

    @Test
    void nf4IsThatOfBitsandbytes() {
        try (Scope scope = Scope.open();
                NormalFloatMatrix plain = NormalFloatMatrix.of(matrix(), false);
                NormalFloatMatrix nested = NormalFloatMatrix.of(matrix(), true)) {
            assertThat(sha256(bytes(plain.packed())))
                    .isEqualTo(expected("nf4_packed_sha256").asString());
            assertEvery97th(decoded(plain), "nf4_every_97th");
            assertEvery97th(decoded(nested), "nf4_double_every_97th");
        }
    }

    private static void assertEvery97th(float[] values, String name) {
        float[] expected = floats(name);
        for (int i = 0; i < expected.length; i++) {
            assertThat(values[97 * i]).isCloseTo(expected[i], within(1e-6f * Math.abs(expected[i])));
        }
    }

    /** A block of Q8_0: the scale in 16 bits, then 32 numbers. */
    @Test
    void eightBitsAreThoseOfGgml() {
        try (Scope scope = Scope.open();
                GroupedMatrix stored = GroupedMatrix.of(matrix(), 8)) {
            byte[] scales = bytes(stored.scales());
            byte[] codes = bytes(stored.codes());
            ByteArrayOutputStream blocks = new ByteArrayOutputStream();
            for (int block = 0; block < ROWS * COLUMNS / 32; block++) {
                blocks.write(scales, 2 * block, 2);
                blocks.write(codes, 32 * block, 32);
            }
            assertThat(sha256(blocks.toByteArray()))
                    .isEqualTo(expected("q8_0_sha256").asString());
        }
    }

    /** A block of Q4_0: the scale in 16 bits, then 16 bytes, each with a number of the first and one of the second half. */
    @Test
    void fourBitsAreThoseOfGgml() {
        try (Scope scope = Scope.open();
                GroupedMatrix stored = GroupedMatrix.of(matrix(), 4)) {
            byte[] scales = bytes(stored.scales());
            byte[] pairs = bytes(stored.codes());
            ByteArrayOutputStream blocks = new ByteArrayOutputStream();
            for (int block = 0; block < ROWS * COLUMNS / 32; block++) {
                blocks.write(scales, 2 * block, 2);
                for (int i = 0; i < 16; i++) {
                    blocks.write(number(pairs, 32 * block + i) | number(pairs, 32 * block + 16 + i) << 4);
                }
            }
            assertThat(sha256(blocks.toByteArray()))
                    .isEqualTo(expected("q4_0_sha256").asString());
        }
    }

    private static int number(byte[] pairs, int index) {
        return (pairs[index / 2] & 0xff) >> (index % 2 * 4) & 15;
    }

    /** 9 MiB in 32 bits: two blocks, and never more memory than one of them. */
    @Test
    void aLargeMatrixIsDecodedInBlocks() {
        try (Scope scope = Scope.open();
                StoredMatrix stored = HalfMatrix.of(TensorData.zeros(2304, 1024), ScalarType.BFloat16);
                RowBlocks blocks = new RowBlocks()) {
            long[] rows = new long[3];
            blocks.forEach(stored, (from, decoded) -> rows[from == 0 ? 0 : from == 2048 ? 1 : 2] = decoded.size(0));
            assertThat(rows).containsExactly(2048, 256, 0);
            assertThat(blocks.bytes()).isEqualTo(8 << 20);
        }
    }

    @Test
    void quantizesWhatIsStridedOrInHalfPrecision() {
        try (Scope scope = Scope.open()) {
            Tensor half = matrix().to(ScalarType.BFloat16);
            try (StoredMatrix plain = GroupedMatrix.of(half.to(ScalarType.Float), 8);
                    StoredMatrix strided =
                            GroupedMatrix.of(half.t().contiguous().t(), 8)) {
                assertThat(decoded(strided)).containsExactly(decoded(plain));
            }
        }
    }

    private static byte[] bytes(Tensor tensor) {
        byte[] bytes = new byte[(int) tensor.nbytes()];
        new BytePointer(tensor.data_ptr()).get(bytes);
        return bytes;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static JsonNode expected(String name) {
        try (InputStream in = StoredMatrixTest.class.getResourceAsStream("/golden/quantization.json")) {
            return JsonMapper.shared().readTree(in).path(name);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static float[] floats(String name) {
        double[] values = Stream.iterate(0, i -> i + 1)
                .limit(expected(name).size())
                .mapToDouble(i -> expected(name).path(i).asDouble())
                .toArray();
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }
}
