package io.trainer4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.UsageException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Row orders against datasets 5.0.1 and scikit-learn 1.9.1 with numpy 2.4.6.
 *
 * <p>Each side was computed as {@code zlib.crc32(numpy.asarray(row_numbers, dtype="<i4").tobytes())}.
 */
class SplitTest {
    // Dataset.from_dict({"i": list(range(rows))}).train_test_split(test_size=testSize, seed=seed)
    @ParameterizedTest
    @CsvSource({
        "0.5, 0, 2, 1, 558161692, 2583214201, 0",
        "0.2, 0, 10, 2, 3288567375, 3765477586, 4",
        "3, 0, 10, 3, 347421724, 1104121731, 4",
        "0.1, 0, 7644, 765, 3890704219, 2154515408, 2917",
        "0.001, 0, 5, 1, 2337085335, 4155028039, 2",
        "0.29, 0, 100000, 29000, 2285958511, 2269841381, 18836",
        "0.5, 42, 2, 1, 2583214201, 558161692, 1",
        "0.2, 42, 10, 2, 145329873, 3478464317, 5",
        "3, 42, 10, 3, 622442744, 1445922169, 5",
        "0.1, 42, 7644, 765, 3754401938, 1836102770, 3755",
        "0.1, 42, 7237, 724, 3038976851, 707434294, 24",
        "0.29, 42, 100000, 29000, 2746111720, 2300105251, 45262",
        "0.2, 2147483648, 10, 2, 900888570, 2299182446, 2",
        "0.1, 2147483648, 7237, 724, 3550066842, 3380979973, 7191",
        "0.29, 2147483648, 100000, 29000, 2361697258, 3814936967, 95251",
        "3, 123456789012, 10, 3, 3400176492, 3040646781, 4",
        "0.1, 123456789012, 7644, 765, 2364277208, 3109224008, 1954",
        "0.29, 123456789012, 100000, 29000, 4025085037, 1556201922, 36894",
    })
    void dividesAsPythonDatasets(
            double testSize, long seed, int rows, int testRows, long testCrc, long trainCrc, int firstTestRow) {
        assertSides(Split.datasets(testSize, seed), rows, testRows, testCrc, trainCrc, firstTestRow);
    }

    // sklearn.model_selection.train_test_split(list(range(rows)), test_size=testSize, random_state=seed)
    @ParameterizedTest
    @CsvSource({
        "0.5, 0, 2, 1, 2583214201, 558161692, 1",
        "0.2, 0, 10, 2, 3803443451, 3693443127, 2",
        "3, 0, 10, 3, 3412710418, 886390873, 2",
        "0.1, 0, 7644, 765, 4209182013, 3964624772, 5286",
        "0.29, 0, 100000, 29000, 1105966360, 426769937, 3582",
        "0.2, 42, 10, 2, 242983865, 387278408, 8",
        "0.1, 42, 7644, 765, 2297221689, 2268499742, 7504",
        "0.001, 42, 5, 1, 2583214201, 3322164899, 1",
        "0.29, 42, 100000, 29000, 2556640011, 1371201305, 75721",
        "0.1, 2147483648, 7644, 765, 1202500369, 2264804784, 5899",
        "0.29, 2147483648, 100000, 29000, 1677695562, 1477587688, 83117",
        "0.1, 4294967295, 7644, 765, 1009953373, 1283348737, 3958",
        "0.29, 4294967295, 100000, 29000, 1219110884, 2113365433, 85117",
    })
    void dividesAsScikitLearn(
            double testSize, long seed, int rows, int testRows, long testCrc, long trainCrc, int firstTestRow) {
        assertSides(Split.sklearn(testSize, seed), rows, testRows, testCrc, trainCrc, firstTestRow);
    }

    // zlib.crc32(numpy.random.default_rng(seed).permutation(rows).astype("<i4").tobytes())
    @ParameterizedTest
    @CsvSource({
        "0, 2, 3718166540",
        "0, 3, 793919381",
        "0, 1000, 4155787583",
        "0, 65537, 2363804642",
        "1, 3, 494276218",
        "1, 65537, 3425575236",
        "42, 10, 2310433093",
        "42, 65537, 496567624",
        "2147483648, 1000, 2047859473",
        "123456789012, 65537, 2900557996",
        "9223372036854775807, 10, 1485049089",
        "9223372036854775807, 65537, 2036218819",
    })
    void shufflesAsPythonDatasets(long seed, int rows, long crc) {
        assertThat(crc(numbers(rows).shuffle(seed))).isEqualTo(crc);
    }

    @Test
    void splitsWithSeed42UnlessTold() {
        Dataset numbers = numbers(10);

        assertThat(numbers.trainTestSplit(0.2).test().column("i")).isEqualTo(List.of(5, 6));
        assertThat(numbers.trainTestSplit(0.2, 0).test().column("i")).isEqualTo(List.of(4, 6));
    }

    // math.ceil(0.07 * 100) is 8 because 0.07 * 100 is 7.000000000000001
    @Test
    void roundsTheTestShareUpAsPythonDoes() {
        assertThat(numbers(100).trainTestSplit(0.07).test().size()).isEqualTo(8);
    }

    @ParameterizedTest
    @CsvSource({"0", "-0.2", "1.5", "NaN", "Infinity"})
    void refusesASizeThatIsNeitherShareNorCount(double testSize) {
        assertThatThrownBy(() -> Split.datasets(testSize, 42))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("Test size " + testSize);
    }

    @ParameterizedTest
    @CsvSource({"0.99, 5", "5, 5", "1, 1", "0.5, 0"})
    void refusesToLeaveNothingToTrainOn(double testSize, int rows) {
        assertThatThrownBy(() -> numbers(rows).trainTestSplit(testSize))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("leaves nothing to train on in a dataset of " + rows + " rows");
    }

    @Test
    void refusesSeedsPythonRefuses() {
        Dataset numbers = numbers(4);

        assertThatThrownBy(() -> numbers.shuffle(-1)).hasMessageContaining("Seed -1");
        assertThatThrownBy(() -> numbers.split(Split.sklearn(0.5, 4294967296L)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("Random state 4294967296");
    }

    @Test
    void mapsBothSides() {
        DatasetSplit doubled = numbers(10)
                .trainTestSplit(0.2)
                .map(rows -> Columns.of(
                        "double",
                        rows.column("i", Integer.class).stream().map(i -> 2 * i).toList()));

        assertThat(doubled.test().size()).isEqualTo(2);
        for (Dataset side : List.of(doubled.train(), doubled.test())) {
            side.forEach(row -> assertThat(row.getLong("double")).isEqualTo(2 * row.getLong("i")));
        }
    }

    private static void assertSides(
            Split split, int rows, int testRows, long testCrc, long trainCrc, int firstTestRow) {
        DatasetSplit sides = numbers(rows).split(split);

        assertThat(sides.test().size()).isEqualTo(testRows);
        assertThat(sides.train().size()).isEqualTo(rows - testRows);
        assertThat(sides.test().row(0).getLong("i")).isEqualTo(firstTestRow);
        assertThat(crc(sides.test())).isEqualTo(testCrc);
        assertThat(crc(sides.train())).isEqualTo(trainCrc);
    }

    private static Dataset numbers(int rows) {
        return Dataset.of(Map.of("i", IntStream.range(0, rows).boxed().toList()));
    }

    private static long crc(Dataset numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * numbers.size()).order(ByteOrder.LITTLE_ENDIAN);
        numbers.column("i").forEach(i -> bytes.putInt((Integer) i));
        CRC32 crc = new CRC32();
        crc.update(bytes.flip());
        return crc.getValue();
    }
}
