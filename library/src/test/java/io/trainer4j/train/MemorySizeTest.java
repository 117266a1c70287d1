package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.UsageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MemorySizeTest {
    @ParameterizedTest
    @CsvSource({
        "2GB, 2000000000",
        "800MiB, 838860800",
        "1.5 GiB, 1610612736",
        "512k, 524288",
        "3g, 3221225472",
        "100000B, 100000"
    })
    void wordsAreBytes(String words, long bytes) {
        assertThat(MemorySize.parse("--memory-limit", words)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "lots", "2", "-1GB", "0GB", "2 apples", "GB"})
    void anythingElseIsRefused(String words) {
        assertThatThrownBy(() -> MemorySize.parse("--memory-limit", words))
                .isInstanceOf(UsageException.class)
                .hasMessage("Option --memory-limit is \"" + words
                        + "\" but must be an amount of memory such as 2GB or 800MiB.");
    }

    @Test
    void amountsAreReadable() {
        assertThat(MemorySize.text(1536L << 20)).isEqualTo("1,536 MiB");
        assertThat(MemorySize.text(12L << 30)).isEqualTo("12.0 GiB");
    }
}
