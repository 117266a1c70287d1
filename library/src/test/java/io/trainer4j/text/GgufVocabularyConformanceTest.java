package io.trainer4j.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainer4j.testing.SharedDir;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * llama.cpp's vectors, which transformers made, and transformers.js' own, with the vocabularies that lie beside them. Their
 * GGUF files hold tokens, merges and scores; how a text is cut before, the models' {@code tokenizer.json} on the Hub says.
 */
@Tag("conformance")
class GgufVocabularyConformanceTest {
    private static final String GPT2 =
            "{'type': 'ByteLevel', 'add_prefix_space': false, 'trim_offsets': true, 'use_regex': true}";
    private static final String BYTES =
            "{'type': 'ByteLevel', 'add_prefix_space': false, 'trim_offsets': true, 'use_regex': false}";
    private static final String DIGITS = "{'type': 'Digits', 'individual_digits': true}";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"gpt-2, Xenova/gpt2", "mpt, ", "starcoder, ", "refact, ", "falcon, tiiuae/falcon-7b"})
    void bytePairs(String name, String transformersJs) throws IOException {
        String normalizer = name.equals("mpt") ? "{'type': 'NFC'}" : "null";
        String steps = switch (name) {
            case "starcoder", "refact" -> sequence(DIGITS, GPT2);
            case "falcon" ->
                sequence(
                        "{'type': 'Punctuation', 'behavior': 'Contiguous'}",
                        GPT2,
                        "{'type': 'Digits', 'individual_digits': false}",
                        split("[0-9][0-9][0-9]"));
            default -> GPT2;
        };
        vocabulary(name).writeBytePairs(folder, json(normalizer), json(steps));
        assertVectors(name, transformersJs);
    }

    @Test
    void deepseekCoder() throws IOException {
        String steps = sequence(
                split("[\\\\r\\\\n]"), split("\\\\s?\\\\p{L}+"), split("\\\\s?\\\\p{P}+"), han(), DIGITS, BYTES);
        vocabulary("deepseek-coder").writeBytePairs(folder, "null", json(steps));
        assertVectors("deepseek-coder", null);
    }

    /** The model's own expression lists the letters that have a case one by one. */
    @Test
    void deepseekLlm() throws IOException {
        String steps = sequence(
                split("[\\\\r\\\\n]"),
                split("\\\\s?[\\\\p{Lu}\\\\p{Ll}\\\\p{Lt}]+"),
                split("\\\\s?[!-/:-~！-／：-～‘-‟　-。]+"),
                split("\\\\s+$"),
                han(),
                DIGITS,
                BYTES);
        vocabulary("deepseek-llm").writeBytePairs(folder, "null", json(steps));
        assertVectors("deepseek-llm", null);
    }

    /**
     * transformers 5.17, and so this library, converts the file to steps that take the first space of a text for the one
     * put in front, and that merge spaces first; 15 of the 47 texts, which begin with spaces, become other ids than in
     * SentencePiece.
     */
    @ParameterizedTest
    @ValueSource(strings = {"llama-spm", "phi-3"})
    void sentencePieces(String name) throws IOException {
        vocabulary(name).writeSentencePiece(folder);
        Files.writeString(folder.resolve("tokenizer_config.json"), """
                {"tokenizer_class": "LlamaTokenizer", "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>",
                 "add_bos_token": true, "add_eos_token": false, "legacy": true}
                """);
        try (Tokenizer converted = AutoTokenizer.fromPretrained(folder)) {
            assertThat(TokenizerVectors.differentFromLlamaCpp(converted, name))
                    .hasSize(15)
                    .allMatch(text -> text.startsWith(" "));
            assertThat(converted.encodeWithoutSpecialTokens(" Hello")).containsExactly(15043);
            assertThat(converted.encodeWithoutSpecialTokens("  Hello")).containsExactly(259, 10994);
        }
    }

    @ParameterizedTest
    @CsvSource({"Xenova/bert-base-uncased", "Xenova/distilbert-base-uncased-finetuned-sst-2-english"})
    void wordPieces(String transformersJs) throws IOException {
        vocabulary("bert-bge").writeWordPieces(folder);
        Files.writeString(
                folder.resolve("tokenizer_config.json"),
                "{\"tokenizer_class\": \"BertTokenizer\", \"do_lower_case\": true}");
        assertVectors("bert-bge", transformersJs);
    }

    private void assertVectors(String name, String transformersJs) throws IOException {
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(folder)) {
            assertThat(tokenizer.vocabSize()).isEqualTo(vocabulary(name).size());
            TokenizerVectors.idsEqualLlamaCpp(tokenizer, name);
            if (transformersJs != null) {
                TokenizerVectors.idsEqualTransformersJs(tokenizer, tokenizer::encode, transformersJs);
            }
        }
    }

    private static GgufVocabulary vocabulary(String name) throws IOException {
        return GgufVocabulary.read(
                SharedDir.require("data/conformance/llama.cpp-tokenizer").resolve("ggml-vocab-" + name + ".gguf"));
    }

    private static String sequence(String... steps) {
        return "{'type': 'Sequence', 'pretokenizers': [" + String.join(", ", steps) + "]}";
    }

    private static String split(String expression) {
        return "{'type': 'Split', 'pattern': {'Regex': '" + expression + "'}, 'behavior': 'Isolated', 'invert': false}";
    }

    private static String han() {
        return split("[一-龥ࠀ-一가-퟿]+");
    }

    private static String json(String quoted) {
        return quoted.replace('\'', '"');
    }
}
