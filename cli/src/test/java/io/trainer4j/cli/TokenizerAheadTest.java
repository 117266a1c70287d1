package io.trainer4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import io.trainer4j.text.Tokenizer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerAheadTest {
    @TempDir
    private Path folder;

    @Test
    void theTokenizerIsClosedWithIt() {
        Tokenizer tokenizer;
        try (TokenizerAhead ahead = TokenizerAhead.of(Cli.tinyModel(folder.resolve("base")))) {
            tokenizer = ahead.get();
            assertThat(ahead.get()).isSameAs(tokenizer);
            assertThat(tokenizer.encode("q")).isNotEmpty();
        }
        assertThatThrownBy(() -> tokenizer.encode("q")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatFailedIsToldToWhoeverAsksForIt() {
        try (TokenizerAhead ahead = TokenizerAhead.of(folder)) {
            assertThatThrownBy(ahead::get)
                    .isExactlyInstanceOf(TrainerException.class)
                    .hasMessageContaining("There is no tokenizer.json in " + folder);
        }
    }
}
