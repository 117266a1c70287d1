package io.trainer4j.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TrainedTokenizerTest {
    private final TrainedTokenizer tokenizer =
            new TrainedTokenizer(List.of("a", "b", "ab"), List.of(List.of("a", "b")));

    @Test
    void stepsAreThoseOfQwen2() {
        JsonNode root = read(tokenizer.tokenizerJson());
        JsonNode byteLevel =
                read("{'type':'ByteLevel','add_prefix_space':false,'trim_offsets':false,'use_regex':false}");
        assertThat(root.path("normalizer")).isEqualTo(read("{'type':'NFC'}"));
        assertThat(root.path("pre_tokenizer").path("type").asString()).isEqualTo("Sequence");
        JsonNode split = root.path("pre_tokenizer").path("pretokenizers").path(0);
        assertThat(split.path("behavior").asString()).isEqualTo("Isolated");
        assertThat(split.path("pattern").path("Regex").asString())
                .isEqualTo("(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
                        + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+");
        assertThat(root.path("pre_tokenizer").path("pretokenizers").path(1)).isEqualTo(byteLevel);
        assertThat(root.path("post_processor")).isEqualTo(byteLevel);
        assertThat(root.path("decoder")).isEqualTo(byteLevel);
        assertThat(root.path("truncation").isNull()).isTrue();
        assertThat(root.path("padding").isNull()).isTrue();
    }

    @Test
    void modelHoldsVocabularyAndMerges() {
        JsonNode model = read(tokenizer.tokenizerJson()).path("model");
        assertThat(model.path("type").asString()).isEqualTo("BPE");
        assertThat(model.path("vocab")).isEqualTo(read("{'a':0,'b':1,'ab':2}"));
        assertThat(model.path("merges")).isEqualTo(read("[['a','b']]"));
        assertThat(model.path("unk_token").isNull()).isTrue();
        assertThat(model.path("byte_fallback").asBoolean()).isFalse();
    }

    @Test
    void specialTokensFollowTheVocabulary() {
        List<String> added = read(tokenizer.tokenizerJson()).path("added_tokens").values().stream()
                .map(token ->
                        token.path("id").asInt() + " " + token.path("content").asString() + " "
                                + token.path("special").asBoolean())
                .toList();
        assertThat(added).containsExactly("3 <|endoftext|> true", "4 <|im_start|> true", "5 <|im_end|> true");
        assertThat(tokenizer.vocabSize()).isEqualTo(6);
    }

    @Test
    void configurationNamesClassTokensAndTemplate() {
        JsonNode config = read(tokenizer.tokenizerConfigJson());
        assertThat(config.path("tokenizer_class").asString()).isEqualTo("Qwen2Tokenizer");
        assertThat(config.path("eos_token").asString()).isEqualTo("<|im_end|>");
        assertThat(config.path("pad_token").asString()).isEqualTo("<|endoftext|>");
        assertThat(config.path("bos_token").isNull()).isTrue();
        assertThat(config.path("unk_token").isNull()).isTrue();
        assertThat(config.path("chat_template").asString()).isEqualTo(ChatTemplates.CHATML);
        assertThat(config.path("model_max_length").asInt()).isEqualTo(131072);
    }

    private static JsonNode read(String json) {
        return JsonMapper.shared()
                .readTree(json.startsWith("{'") || json.startsWith("[[") ? json.replace('\'', '"') : json);
    }
}
