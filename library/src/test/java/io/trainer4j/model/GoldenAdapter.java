package io.trainer4j.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** An adapter that PEFT made for a tiny model; {@code src/test/golden/adapters.py} makes them and says what they hold. */
record GoldenAdapter(Path folder) {
    static Stream<GoldenAdapter> all() {
        try (Stream<Path> folders = Files.list(GoldenModel.resource("/golden/adapters"))) {
            return folders.sorted().map(GoldenAdapter::new).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static GoldenAdapter of(String name) {
        return new GoldenAdapter(GoldenModel.resource("/golden/adapters/" + name));
    }

    JsonNode expected() {
        return JsonFile.read(folder.resolve("expected.json"));
    }

    GoldenModel base() {
        return GoldenModel.of(expected().path("base").asString());
    }

    /** The configuration as it was given to PEFT. */
    LoraConfig config() {
        JsonNode given = expected().path("config");
        LoraConfig config = new LoraConfig()
                .r(given.path("r").asInt(8))
                .loraAlpha(given.path("lora_alpha").asDouble(8))
                .targetModules(texts(given.path("target_modules")))
                .modulesToSave(texts(given.path("modules_to_save")))
                .useDora(given.path("use_dora").asBoolean(false))
                .useRslora(given.path("use_rslora").asBoolean(false))
                .initLoraWeights(given.path("init_lora_weights").asString("true"))
                .bias(LoraConfig.Bias.valueOf(
                        given.path("bias").asString("none").toUpperCase(java.util.Locale.ROOT)))
                .rankPattern(numbers(given.path("rank_pattern")))
                .alphaPattern(numbers(given.path("alpha_pattern")));
        return given.has("layers_to_transform")
                ? config.layersToTransform(
                        List.of(given.path("layers_to_transform").path(0).asInt()))
                : config;
    }

    private static List<String> texts(JsonNode node) {
        if (node.isMissingNode()) {
            return null;
        }
        return node.isString()
                ? List.of(node.asString())
                : node.valueStream().map(JsonNode::asString).toList();
    }

    private static Map<String, Object> numbers(JsonNode node) {
        Map<String, Object> numbers = new LinkedHashMap<>();
        node.forEachEntry((key, value) -> numbers.put(key, value.asInt()));
        return numbers;
    }

    ModelInput input() {
        JsonNode types = expected().path("token_type_ids");
        return new ModelInput(
                rows(expected().path("input_ids")),
                rows(expected().path("attention_mask")),
                types.isArray() ? rows(types) : null);
    }

    private static int[][] rows(JsonNode json) {
        List<int[]> rows = new ArrayList<>();
        json.forEach(row -> rows.add(row.valueStream().mapToInt(JsonNode::asInt).toArray()));
        return rows.toArray(int[][]::new);
    }

    float[] logits(String which) {
        return GoldenModel.floats(expected().path(which));
    }

    @Override
    public String toString() {
        return folder.getFileName().toString();
    }
}
