package io.trainer4j.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Folders without {@code tokenizer.json}; expected values: see golden/tokenizers/README.md. */
class ConvertedTokenizersTest {
    @TempDir
    private Path saved;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gpt2",
                "gpt2-with-bos",
                "roberta",
                "qwen2",
                "qwen2-of-old",
                "bert",
                "bert-cased",
                "distilbert",
                "llama",
                "llama-not-legacy",
                "gemma",
                "t5",
                "xlm-roberta",
                "as-trained"
            })
    void equalsTransformers(String name) throws IOException, URISyntaxException {
        URL expectedJson = ConvertedTokenizersTest.class.getResource("/golden/tokenizers/" + name + "/expected.json");
        Path folder = Path.of(expectedJson.toURI()).getParent();
        JsonNode expected = JsonMapper.shared().readTree(Files.readString(folder.resolve("expected.json")));
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(folder)) {
            compare(tokenizer, expected);
            tokenizer.savePretrained(saved);
        }
        assertThat(saved.resolve("tokenizer.json")).exists();
        assertThat(saved.resolve("tokenizer_config.json")).content().contains("tokenizer_class");
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(saved)) {
            compare(tokenizer, expected);
        }
    }

    private static void compare(Tokenizer tokenizer, JsonNode expected) {
        assertThat(tokenizer.vocabSize()).isEqualTo(expected.path("size").asInt());
        assertThat(tokenizer.bosTokenId()).isEqualTo(role(expected, "bos_token"));
        assertThat(tokenizer.eosTokenId()).isEqualTo(role(expected, "eos_token"));
        assertThat(tokenizer.padTokenId()).isEqualTo(role(expected, "pad_token"));
        assertThat(tokenizer.unkTokenId()).isEqualTo(role(expected, "unk_token"));
        for (JsonNode row : expected.path("rows").values()) {
            String text = row.path("text").asString();
            int[] ids = ints(row.path("ids"));
            assertThat(tokenizer.encode(text)).as(text).containsExactly(ids);
            assertThat(tokenizer.decode(ids, SpecialTokens.SKIP))
                    .isEqualTo(row.path("decoded").asString());
        }
        if (!expected.path("pairs").isEmpty()) {
            List<String> texts = expected.path("rows").values().stream()
                    .map(row -> row.path("text").asString())
                    .toList();
            BatchEncoding pairs =
                    tokenizer.encode(texts.subList(3, 6), texts.subList(4, 7), Padding.DO_NOT_PAD, Truncation.none());
            assertThat(pairs.columns().get("input_ids"))
                    .containsExactly(expected.path("pairs").values().stream()
                            .map(ConvertedTokenizersTest::ints)
                            .toArray(int[][]::new));
        }
    }

    private static OptionalInt role(JsonNode expected, String role) {
        JsonNode id = expected.path("roles").path(role);
        return id.isInt() ? OptionalInt.of(id.asInt()) : OptionalInt.empty();
    }

    private static int[] ints(JsonNode ids) {
        return ids.values().stream().mapToInt(JsonNode::asInt).toArray();
    }
}
