package io.trainer4j.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainer4j.testing.SharedDir;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Real vocabularies in the files of old. */
@Tag("conformance")
class ConvertedVocabularyConformanceTest {
    private static final JsonMapper JSON = JsonMapper.shared();

    @TempDir
    private Path folder;

    @Test
    void gpt2() throws IOException {
        Files.copy(SharedDir.require("data/tokenizers/gpt2/encoder.json"), folder.resolve("vocab.json"));
        Files.copy(SharedDir.require("data/tokenizers/gpt2/vocab.bpe"), folder.resolve("merges.txt"));
        Files.writeString(folder.resolve("config.json"), "{\"model_type\":\"gpt2\"}");
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(folder)) {
            assertThat(tokenizer.vocabSize()).isEqualTo(50257);
            idsEqualTheReference(tokenizer, "gpt2");
            TokenizerVectors.idsEqualLlamaCpp(tokenizer, "gpt-2");
            TokenizerVectors.idsEqualTransformersJs(tokenizer, tokenizer::encode, "Xenova/gpt2");
            TokenizerVectors.idsEqualTransformersJs(tokenizer, tokenizer::encode, "tiiuae/falcon-rw-1b");
        }
    }

    @Test
    void llama3() throws IOException {
        Files.copy(
                SharedDir.require("data/tokenizers/llama3/models/llama3/tokenizer.model"),
                folder.resolve("tokenizer.model"));
        Files.writeString(folder.resolve("tokenizer_config.json"), """
                {"tokenizer_class": "PreTrainedTokenizerFast", "bos_token": "<|begin_of_text|>", "add_bos_token": true,
                 "added_tokens_decoder": {"128000": {"content": "<|begin_of_text|>", "special": true}}}
                """);
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(folder)) {
            assertThat(tokenizer.vocabSize()).isEqualTo(128001);
            assertThat(tokenizer.encode("Hello")).containsExactly(128000, 9906);
            idsEqualTheReference(tokenizer, "llama3");
            TokenizerVectors.idsEqualLlamaCpp(tokenizer, "llama-bpe");
            TokenizerVectors.idsEqualTransformersJs(tokenizer, tokenizer::encode, "Xenova/llama3-tokenizer-new");
            TokenizerVectors.idsEqualTransformersJs(
                    tokenizer, tokenizer::encodeWithoutSpecialTokens, "Xenova/llama3-tokenizer");
        }
    }

    /** The files of old hold what {@code tokenizer.json} of the same model holds. */
    @Test
    void qwen2() throws IOException {
        Path model = SharedDir.require("golden/models/qwen2-real-vocab");
        JsonNode tokenizerJson = JSON.readTree(Files.readString(model.resolve("tokenizer.json")));
        Files.writeString(
                folder.resolve("vocab.json"),
                tokenizerJson.path("model").path("vocab").toString());
        List<String> merges = tokenizerJson.path("model").path("merges").values().stream()
                .map(merge -> merge.isArray()
                        ? merge.path(0).asString() + " " + merge.path(1).asString()
                        : merge.asString())
                .toList();
        Files.write(folder.resolve("merges.txt"), merges);
        ObjectNode config = (ObjectNode) JSON.readTree(Files.readString(model.resolve("tokenizer_config.json")));
        ObjectNode added = config.putObject("added_tokens_decoder");
        tokenizerJson
                .path("added_tokens")
                .values()
                .forEach(token -> added.set(token.path("id").asString(), token));
        Files.writeString(folder.resolve("tokenizer_config.json"), config.toString());
        List<String> texts = ReferenceIds.read("qwen2.5").texts();
        try (Tokenizer converted = AutoTokenizer.fromPretrained(folder);
                Tokenizer whole = AutoTokenizer.fromPretrained(model)) {
            assertThat(converted.vocabSize()).isEqualTo(whole.vocabSize());
            for (String text : texts) {
                assertThat(converted.encode(text)).as(text).isEqualTo(whole.encode(text));
            }
            TokenizerVectors.idsEqualLlamaCpp(converted, "qwen2");
            TokenizerVectors.idsEqualTransformersJs(converted, converted::encode, "Xenova/Qwen1.5-0.5B-Chat");
        }
    }

    @Test
    void bertBaseChinese() throws IOException {
        Path model = SharedDir.require("golden/models/bert-real-vocab");
        JsonNode vocabulary = JSON.readTree(Files.readString(model.resolve("tokenizer.json")))
                .path("model")
                .path("vocab");
        List<String> lines = vocabulary.properties().stream()
                .sorted(Comparator.comparingInt(entry -> entry.getValue().asInt()))
                .map(Map.Entry::getKey)
                .toList();
        Files.write(folder.resolve("vocab.txt"), lines);
        Files.copy(model.resolve("tokenizer_config.json"), folder.resolve("tokenizer_config.json"));
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(folder)) {
            assertThat(tokenizer.vocabSize()).isEqualTo(21128);
            idsEqualTheReference(tokenizer, "bert-base-chinese");
            TokenizerVectors.idsEqualTransformersJs(tokenizer, tokenizer::encode, "Xenova/bge-base-zh-v1.5");
        }
        Files.writeString(
                folder.resolve("tokenizer_config.json"),
                "{\"tokenizer_class\":\"BertTokenizer\",\"do_lower_case\":false}");
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(folder)) {
            TokenizerVectors.idsEqualTransformersJs(tokenizer, tokenizer::encode, "Xenova/bge-small-zh-v1.5");
        }
    }

    /** A folder with all files: the files of old give the ids of its {@code tokenizer.json}. */
    @Test
    void wholeGpt2Folder() throws IOException {
        Path model = SharedDir.require("data/models/tiny-llm-cicd/trained-dc0a59b");
        for (String name : List.of("vocab.json", "merges.txt", "tokenizer_config.json", "special_tokens_map.json")) {
            Files.copy(model.resolve(name), folder.resolve(name));
        }
        List<String> texts = ReferenceIds.read("gpt2").texts();
        try (Tokenizer converted = AutoTokenizer.fromPretrained(folder);
                Tokenizer whole = AutoTokenizer.fromPretrained(model)) {
            assertThat(converted.vocabSize()).isEqualTo(whole.vocabSize());
            assertThat(converted.eosTokenId()).isEqualTo(whole.eosTokenId());
            for (String text : texts) {
                assertThat(converted.encode(text)).as(text).isEqualTo(whole.encode(text));
            }
        }
    }

    private static void idsEqualTheReference(Tokenizer tokenizer, String name) throws IOException {
        ReferenceIds reference = ReferenceIds.read(name);
        assertThat(reference.texts()).hasSize(393);
        for (int i = 0; i < reference.texts().size(); i++) {
            TokenizerVectors.assertIds(
                    tokenizer, reference.texts().get(i), reference.ids().get(i));
        }
    }
}
