package io.trainer4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.UsageException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Mt19937Test {
    // b = numpy.random.MT19937(); b._legacy_seeding(seed); b.random_raw(1250), the words 0, 1, 623, 624 and 1249: the
    // state is renewed after every 624 words
    @ParameterizedTest
    @CsvSource({
        "0, 2357136044, 2546248239, 3791854820, 341544762, 2422637952",
        "42, 1608637542, 3421126067, 1077437785, 108880612, 3263983643",
        "4294967295, 419326371, 479346978, 1027084080, 3860652269, 3040777976",
    })
    void drawsTheWordsOfNumpy(long seed, long first, long second, long last, long renewed, long late) {
        Mt19937 generator = new Mt19937(seed);
        long[] words = new long[1250];
        for (int i = 0; i < words.length; i++) {
            words[i] = Integer.toUnsignedLong(generator.getAsInt());
        }

        assertThat(new long[] {words[0], words[1], words[623], words[624], words[1249]})
                .containsExactly(first, second, last, renewed, late);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 4294967296L, Long.MIN_VALUE})
    void refusesSeedsOfMoreThan32Bits(long seed) {
        assertThatThrownBy(() -> new Mt19937(seed))
                .isInstanceOf(UsageException.class)
                .hasMessage("Random state " + seed + " is out of range; give 0 to 4294967295.");
    }
}
