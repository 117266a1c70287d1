package io.trainer4j.model;

import io.trainer4j.AtomicFile;
import io.trainer4j.TrainerException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code adapter_config.json}, to and from {@link LoraConfig}; keys and defaults of PEFT 0.21. */
final class AdapterConfig {
    private static final String VERSION = "0.21.0";

    /** What PEFT can do and this cannot: the key and the values that ask for nothing. */
    private static final List<String> UNUSED = List.of(
            "alora_invocation_tokens",
            "arrow_config",
            "corda_config",
            "eva_config",
            "kasa_config",
            "layer_replication",
            "lora_bias",
            "lora_ga_config",
            "megatron_config",
            "monteclora_config",
            "target_parameters",
            "trainable_token_indices",
            "use_bdlora",
            "use_qalora",
            "velora_config");

    private AdapterConfig() {}

    /**
     * Reads a folder's configuration.
     *
     * @throws TrainerException if it is missing, broken, or asks for what this version does not compute
     */
    static LoraConfig read(Path folder) {
        Path file = folder.resolve(AdapterFiles.CONFIG);
        JsonNode json = JsonFile.read(file);
        String type = json.path("peft_type").asString("LORA");
        if (!type.equals("LORA")) {
            throw new TrainerException(file + " has peft_type \"" + type + "\"; this version computes LORA.");
        }
        for (String key : UNUSED) {
            JsonNode value = json.path(key);
            boolean asks = (value.isObject() || value.isArray()) ? !value.isEmpty() : value.asBoolean(false);
            if (asks || value.isString()) {
                throw new TrainerException(file + " sets " + key + ", which this version does not compute; merge the"
                        + " adapter in Python.");
            }
        }
        String bias = json.path("bias").asString("none");
        try {
            LoraConfig config = new LoraConfig()
                    .r(json.path("r").asInt(8))
                    .loraAlpha(json.path("lora_alpha").asDouble(8))
                    .loraDropout(json.path("lora_dropout").asDouble(0))
                    .targetModules(texts(json.path("target_modules")))
                    .excludeModules(texts(json.path("exclude_modules")))
                    .modulesToSave(texts(json.path("modules_to_save")))
                    .bias(LoraConfig.Bias.valueOf(bias.toUpperCase(Locale.ROOT)))
                    .useRslora(json.path("use_rslora").asBoolean(false))
                    .useDora(json.path("use_dora").asBoolean(false))
                    .initLoraWeights(json.path("init_lora_weights").asString("true"))
                    .rankPattern(numbers(json.path("rank_pattern")))
                    .alphaPattern(numbers(json.path("alpha_pattern")))
                    .layersToTransform(integers(json.path("layers_to_transform")))
                    .layersPattern(texts(json.path("layers_pattern")))
                    .baseModelNameOrPath(json.path("base_model_name_or_path").asString(null));
            config.validate();
            return config;
        } catch (IllegalArgumentException e) {
            throw new TrainerException(file + " has bias \"" + bias + "\" but it must be none, all or lora_only.", e);
        }
    }

    private static List<String> texts(JsonNode node) {
        if (node.isString()) {
            return node.asString().isEmpty() ? null : List.of(node.asString());
        }
        return node.isArray() ? node.valueStream().map(JsonNode::asString).toList() : null;
    }

    private static List<Integer> integers(JsonNode node) {
        if (node.isIntegralNumber()) {
            return List.of(node.asInt());
        }
        return node.isArray() ? node.valueStream().map(JsonNode::asInt).toList() : null;
    }

    private static Map<String, Object> numbers(JsonNode node) {
        Map<String, Object> numbers = new LinkedHashMap<>();
        node.forEachEntry((name, value) -> numbers.put(name, number(value.asDouble())));
        return numbers.isEmpty() ? null : numbers;
    }

    private static Number number(double value) {
        return value == Math.rint(value) ? (Number) (int) value : (Number) value;
    }

    /**
     * Writes a folder's configuration.
     *
     * @param task the model's, which Python opens the adapter with
     * @param conv1D whether the adapter is on matrices stored {@code [in, out]}
     */
    static void write(
            Path folder, LoraConfig config, ModelConfig model, String architecture, Task task, boolean conv1D) {
        Map<String, Object> json = new TreeMap<>();
        UNUSED.forEach(key -> json.put(key, null));
        json.put("lora_bias", false);
        json.put("use_qalora", false);
        json.put("alpha_pattern", config.alphaPattern());
        json.put("auto_mapping", task == Task.MASKED_LM ? autoMapping(model, architecture) : null);
        json.put("base_model_name_or_path", config.baseModelNameOrPath());
        json.put("bias", config.bias().name().toLowerCase(Locale.ROOT));
        json.put("ensure_weight_tying", false);
        json.put("exclude_modules", textOrList(config.excludeModules()));
        json.put("fan_in_fan_out", conv1D);
        json.put("inference_mode", true);
        json.put("init_lora_weights", truthOrText(config.initLoraWeights()));
        json.put("layers_pattern", config.layersPattern());
        json.put("layers_to_transform", config.layersToTransform());
        json.put("loftq_config", Map.of());
        json.put("lora_alpha", number(config.loraAlpha()));
        json.put("lora_dropout", config.loraDropout());
        json.put("megatron_core", "megatron.core");
        json.put("modules_to_save", config.modulesToSave());
        json.put("peft_type", "LORA");
        json.put("peft_version", VERSION);
        json.put("qalora_group_size", 16);
        json.put("r", config.r());
        json.put("rank_pattern", config.rankPattern());
        json.put("revision", null);
        json.put("target_modules", textOrList(config.targetModules()));
        json.put(
                "task_type",
                switch (task) {
                    case CAUSAL_LM -> "CAUSAL_LM";
                    case SEQUENCE_CLASSIFICATION -> "SEQ_CLS";
                    case MASKED_LM -> null;
                });
        json.put("use_dora", config.useDora());
        json.put("use_rslora", config.useRslora());
        AtomicFile.writeString(
                folder.resolve(AdapterFiles.CONFIG),
                ModelConfig.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
    }

    private static ObjectNode autoMapping(ModelConfig model, String architecture) {
        String family = model.modelType();
        return ModelConfig.JSON
                .createObjectNode()
                .put("base_model_class", architecture)
                .put("parent_library", "transformers.models." + family + ".modeling_" + family);
    }

    private static Object truthOrText(String init) {
        return init.equals("true") || init.equals("false") ? (Object) Boolean.valueOf(init) : init;
    }

    private static Object textOrList(List<String> names) {
        return LoraTargets.isPattern(names) ? names.get(0) : names == null ? null : new ArrayList<>(names);
    }
}
