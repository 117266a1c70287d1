package io.trainer4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import io.trainer4j.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GenerationConfigTest {
    private static final ModelConfig MODEL = TinyModel.QWEN2_TIED.config();

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0 | 1 | 50 | 1 | 1 | max_new_tokens is 0 but must be 1 or more.
            1 | 0 | 50 | 1 | 1 | temperature is 0.0 but must be above 0; leave out do_sample for the likeliest token.
            1 | NaN | 50 | 1 | 1 | temperature is NaN but must be above 0; leave out do_sample for the likeliest token.
            1 | 1 | -1 | 1 | 1 | top_k is -1 but must be 0 (all tokens) or more.
            1 | 1 | 50 | 0 | 1 | top_p is 0.0 but must be above 0 and at most 1.
            1 | 1 | 50 | 1.1 | 1 | top_p is 1.1 but must be above 0 and at most 1.
            1 | 1 | 50 | 1 | 0 | repetition_penalty is 0.0 but must be above 0; 1 is off.
            """)
    void valuesOutOfRangeAreRefused(int max, double temperature, int topK, double topP, double penalty, String why) {
        assertThatThrownBy(() -> new GenerationConfig(max, true, temperature, topK, topP, penalty, Set.of()))
                .isInstanceOf(UsageException.class)
                .hasMessage(why);
    }

    @Test
    void theFileIsRead() throws IOException {
        // The generation_config.json of Qwen2.5-7B-Instruct.
        write("""
                {"bos_token_id": 151643, "pad_token_id": 151643, "do_sample": true, "eos_token_id": [151645, 151643],
                 "repetition_penalty": 1.05, "temperature": 0.7, "top_p": 0.8, "top_k": 20,
                 "transformers_version": "4.37.0"}""");
        assertThat(GenerationConfig.read(folder, MODEL))
                .isEqualTo(new GenerationConfig(256, true, 0.7, 20, 0.8, 1.05, Set.of(151645, 151643)));
    }

    @Test
    void nullsAndAbsentKeysMeanTheDefaults() throws IOException {
        write("""
                {"temperature": null, "top_k": null, "top_p": null, "eos_token_id": null, "max_new_tokens": null}""");
        assertThat(GenerationConfig.read(folder, MODEL)).isEqualTo(GenerationConfig.greedy(Set.of(2)));
    }

    @Test
    void withoutTheFileTheModelsEndTokenCounts() {
        assertThat(GenerationConfig.read(folder, MODEL)).isEqualTo(GenerationConfig.greedy(Set.of(2)));
    }

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        GenerationConfig sampling = new GenerationConfig(77, true, 0.5, 7, 0.9, 1.2, Set.of(9, 4));
        write(sampling.toJson());
        assertThat(GenerationConfig.read(folder, MODEL)).isEqualTo(sampling);
        GenerationConfig greedy = new GenerationConfig(256, false, 1, 50, 1, 1.2, Set.of(9));
        write(greedy.toJson());
        assertThat(GenerationConfig.read(folder, MODEL)).isEqualTo(greedy);
    }

    @Test
    void samplingValuesAreLeftOutWithoutSampling() {
        // Python refuses to save a temperature together with do_sample=false.
        assertThat(GenerationConfig.greedy(Set.of()).toJson())
                .doesNotContain("temperature", "top_k", "top_p", "eos_token_id", "max_new_tokens");
    }

    @Test
    void aValueOutOfRangeNamesItsFile() throws IOException {
        write("{\"top_p\": 7}");
        assertThatThrownBy(() -> GenerationConfig.read(folder, MODEL))
                .isExactlyInstanceOf(TrainerException.class)
                .hasMessage(
                        folder.resolve("generation_config.json") + ": top_p is 7.0 but must be above 0 and at most 1.");
    }

    @Test
    void aBrokenFileIsNamedWithItsLine() throws IOException {
        write("{\n  \"top_p\": 0.5,\n  oops\n}");
        assertThatThrownBy(() -> GenerationConfig.read(folder, MODEL))
                .isExactlyInstanceOf(TrainerException.class)
                .hasMessageStartingWith(folder.resolve("generation_config.json") + " is broken at line 3, column ")
                .hasMessageEndingWith("; copy the file again.");
    }

    @Test
    void endTokensAreAddedToACopy() {
        GenerationConfig one = GenerationConfig.greedy(Set.of(2));
        assertThat(one.withEosTokenId(5).eosTokenIds()).containsExactlyInAnyOrder(2, 5);
        assertThat(one.eosTokenIds()).containsExactly(2);
    }

    private void write(String json) throws IOException {
        Files.writeString(folder.resolve("generation_config.json"), json);
    }
}
