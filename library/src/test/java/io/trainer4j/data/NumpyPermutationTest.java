package io.trainer4j.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.PrimitiveIterator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NumpyPermutationTest {
    // numpy.random.default_rng(7).permutation(9) and numpy.random.RandomState(7).permutation(9)
    @Test
    void ordersAsBothGeneratorsOfNumpy() {
        assertThat(NumpyPermutation.of(9, new Pcg64(7))).containsExactly(8, 0, 7, 1, 3, 6, 2, 4, 5);
        assertThat(NumpyPermutation.of(9, new Mt19937(7))).containsExactly(2, 7, 0, 8, 5, 3, 6, 1, 4);
    }

    @Test
    void noRowAndOneRowNeedNoWords() {
        assertThat(NumpyPermutation.of(0, NumpyPermutationTest::unexpected)).isEmpty();
        assertThat(NumpyPermutation.of(1, NumpyPermutationTest::unexpected)).containsExactly(0);
    }

    @Test
    void drawsAgainWhereTheMaskedWordIsTooLarge() {
        // Of five rows the last is exchanged first, with a position up to 4, masked by 7: 5, 6 and 7 are passed over.
        PrimitiveIterator.OfInt words =
                IntStream.of(7, 0xFFFFFFFD, 6, 8, 3, 2, 1).iterator();

        assertThat(NumpyPermutation.of(5, words::nextInt)).containsExactly(4, 1, 2, 3, 0);
        assertThat(words).isExhausted();
    }

    private static int unexpected() {
        throw new AssertionError("no word is needed");
    }
}
