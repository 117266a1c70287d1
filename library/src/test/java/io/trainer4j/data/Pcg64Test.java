package io.trainer4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.UsageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Pcg64Test {
    // numpy.random.default_rng(seed).bit_generator.random_raw(3) of numpy 2.4.6
    @ParameterizedTest
    @CsvSource({
        "0, a30febcfd9c2825f, 4510bdf882d9d721, 0a7d3da94ecde8b8",
        "1, 8306bdf37922e4ff, f35196bbc152a866, 24e7a4f608ec18cd",
        "42, c621fbcd16d92688, 705a5661a791ffc1, dbcd12c26eda1624",
        "2147483648, e722628e2338f3e1, 0e1cdcee3e2d9434, f77b846eb264f4c1",
        "123456789012, 90e99d52f3d2e219, 156b7415ace0361e, 47a906a82cde44a2",
        "9223372036854775807, 2ceb59116fb27514, 784d3e7d390dc57c, d335a7689ce43488",
    })
    void drawsTheNumbersOfNumpyLowHalfFirst(long seed, String first, String second, String third) {
        Pcg64 generator = new Pcg64(seed);

        for (String number : new String[] {first, second, third}) {
            String low = "%08x".formatted(generator.getAsInt());
            assertThat("%08x".formatted(generator.getAsInt()) + low).isEqualTo(number);
        }
    }

    @Test
    void refusesANegativeSeed() {
        assertThatThrownBy(() -> new Pcg64(-7))
                .isInstanceOf(UsageException.class)
                .hasMessage("Seed -7 is negative; give 0 or more.");
    }
}
