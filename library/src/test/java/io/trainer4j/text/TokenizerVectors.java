package io.trainer4j.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainer4j.testing.SharedDir;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Other people's texts with the ids they become. */
final class TokenizerVectors {
    private TokenizerVectors() {}

    static void idsEqualLlamaCpp(Tokenizer tokenizer, String vocabulary) throws IOException {
        assertThat(differentFromLlamaCpp(tokenizer, vocabulary)).isEmpty();
    }

    /** The texts whose ids are others. */
    static List<String> differentFromLlamaCpp(Tokenizer tokenizer, String vocabulary) throws IOException {
        Path vectors = SharedDir.require("data/conformance/llama.cpp-tokenizer");
        String input = Files.readString(vectors.resolve("ggml-vocab-" + vocabulary + ".gguf.inp"));
        String[] texts = input.split("\n__ggml_vocab_test__\n", -1);
        List<String> expected = Files.readAllLines(vectors.resolve("ggml-vocab-" + vocabulary + ".gguf.out"));
        assertThat(texts).hasSizeGreaterThan(40);
        List<String> different = new ArrayList<>();
        for (int i = 0; i < expected.size(); i++) {
            int[] ids = Stream.of(expected.get(i).trim().split(" "))
                    .filter(id -> !id.isEmpty())
                    .mapToInt(Integer::parseInt)
                    .toArray();
            if (!Arrays.equals(tokenizer.encodeWithoutSpecialTokens(texts[i]), ids)) {
                different.add(texts[i]);
            }
        }
        return different;
    }

    static void idsEqualTransformersJs(Tokenizer tokenizer, Function<String, int[]> encode, String model)
            throws IOException {
        JsonNode cases = JsonMapper.shared()
                .readTree(Files.readString(
                        SharedDir.require("data/conformance/extracted-json/transformers.js-tokenization.json")))
                .path(model);
        assertThat(cases).isNotEmpty();
        List<String> different = new ArrayList<>();
        for (JsonNode row : cases.values()) {
            int[] ids =
                    row.path("ids").values().stream().mapToInt(JsonNode::asInt).toArray();
            String text = row.path("text").asString();
            int[] actual = row.has("text_pair")
                    ? pair(tokenizer, text, row.path("text_pair").asString())
                    : encode.apply(text);
            if (!Arrays.equals(ids, actual)) {
                different.add(row.path("name").asString());
            }
        }
        assertThat(different).isEmpty();
    }

    private static int[] pair(Tokenizer tokenizer, String first, String second) {
        return tokenizer
                .encode(List.of(first), List.of(second), Padding.DO_NOT_PAD, Truncation.none())
                .columns()
                .get("input_ids")
                .get(0);
    }

    static void assertIds(Tokenizer tokenizer, String text, List<Integer> ids) {
        assertThat(tokenizer.encodeWithoutSpecialTokens(text))
                .as(text)
                .containsExactly(ids.stream().mapToInt(Integer::intValue).toArray());
    }
}
