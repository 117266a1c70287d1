package io.trainer4j.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainer4j.TrainerException;
import io.trainer4j.testing.SharedDir;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Other people's templates. Expected: shortened SHA-256 of what transformers 5.17 with Jinja 3.1 on Python 3.12 writes, "-"
 * where it fails.
 */
@Tag("conformance")
class JinjaConformanceTest {
    private static final String CASES = "data/conformance/extracted-json/";
    private static final Map<String, Object> ALWAYS = References.parse("""
            {"tools": null, "documents": null, "add_generation_prompt": false,
             "bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>"}""");

    /** What the cases give as JavaScript. */
    private static final Map<String, Callable> FUNCTIONS = Map.of(
            "(x, y) => x + y",
                    (arguments, rendering) -> Operators.apply(
                            "+",
                            arguments.positional().get(0),
                            arguments.positional().get(1)),
            "(...args) => args.length",
                    (arguments, rendering) -> (long) arguments.positional().size(),
            "(...args) => args.join(\"\")",
                    (arguments, rendering) -> TextFilters.join("", arguments.positional(), true),
            "(...args) => args.join(\"_\")",
                    (arguments, rendering) -> TextFilters.join("_", arguments.positional(), true),
            "() => {}", (arguments, rendering) -> null);

    static List<String> templates() {
        return rows("chat-template/");
    }

    static List<String> units() {
        return rows("unit/");
    }

    static List<String> conversations() {
        return rows("e2e/");
    }

    private static List<String> rows(String start) {
        return References.lines("references.tsv").stream()
                .filter(row -> row.startsWith(start))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("templates")
    void templatesOfRealModels(String row) throws IOException {
        List<String> cells = List.of(row.split("\t"));
        String source = Files.readString(SharedDir.require("data/conformance/" + cells.get(0)));
        List<String> digests = new ArrayList<>();
        for (Object conversation : References.json("conversations.json").values()) {
            Map<String, Object> values = new HashMap<>(ALWAYS);
            ((Map<?, ?>) conversation).forEach((name, value) -> values.put((String) name, value));
            digests.add(digest(source, values));
        }
        assertThat(digests).isEqualTo(cells.subList(1, cells.size()));
    }

    @ParameterizedTest
    @MethodSource("units")
    void unitCases(String row) {
        List<String> cells = List.of(row.split("\t"));
        String name = cells.get(0).substring("unit/".length());
        JsonNode cases = read(SharedDir.require(CASES + "huggingface.js-jinja-templates.json"));
        String source = cases.path("TEST_STRINGS").path(name).asString();
        String digest = digest(source, values(cases.path("TEST_CONTEXT").path(name)));
        if (name.equals("REPLACE")) {
            // str.replace(count=…) is an error before Python 3.13.
            assertThat(digest)
                    .isEqualTo(digest(cases.path("EXPECTED_OUTPUTS").path(name).asString()));
        } else {
            assertThat(digest).isEqualTo(cells.get(1));
        }
    }

    @ParameterizedTest
    @MethodSource("conversations")
    void conversationsOfRealModels(String row) {
        List<String> cells = List.of(row.split("\t"));
        for (JsonNode test : read(SharedDir.require(CASES + "huggingface.js-jinja-e2e.json"))) {
            if (cells.get(0).equals("e2e/" + test.path("name").asString())) {
                assertThat(digest(test.path("chat_template").asString(), values(test.path("data"))))
                        .isEqualTo(cells.get(1));
                return;
            }
        }
        throw new AssertionError("no case " + cells.get(0));
    }

    private static String digest(String source, Map<String, Object> values) {
        try {
            return digest(JinjaTemplate.parse(source, "The template")
                    .render(values, References.CLOCK)
                    .text());
        } catch (TrainerException e) {
            assertThat(e).hasMessageMatching("(?s)The template cannot be rendered, line \\d+, column \\d+: .+\\.");
            return "-";
        }
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode read(Path file) {
        return JsonMapper.shared().readTree(file);
    }

    private static Map<String, Object> values(JsonNode data) {
        Map<String, Object> values = new LinkedHashMap<>();
        data.properties().forEach(entry -> values.put(entry.getKey(), value(entry.getValue())));
        return values;
    }

    private static Object value(JsonNode node) {
        if (node.has("__js_function__")) {
            return FUNCTIONS.get(node.path("__js_function__").asString());
        }
        if (node.isObject()) {
            return values(node);
        }
        if (node.isArray()) {
            List<Object> items = new ArrayList<>();
            node.values().forEach(item -> items.add(value(item)));
            return items;
        }
        return JsonMapper.shared().treeToValue(node, Object.class);
    }
}
