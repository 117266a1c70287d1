package io.trainer4j.model;

import io.trainer4j.TrainerException;
import io.trainer4j.UsageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The content of a model's {@code config.json}. Keys this version does not use are kept and written back by
 * {@code savePretrained}.
 */
public final class ModelConfig {
    static final JsonMapper JSON = JsonMapper.builder().build();

    private final String source;
    private final ObjectNode json;

    private ModelConfig(String source, ObjectNode json) {
        this.source = source;
        this.json = json;
    }

    /**
     * Reads {@code config.json}.
     *
     * @throws TrainerException if the folder or the file is missing, or is not a JSON object
     */
    public static ModelConfig read(Path folder) {
        Path file = folder.resolve("config.json");
        if (!Files.isDirectory(folder)) {
            throw new TrainerException("There is no model folder " + folder
                    + "; --model takes a folder with config.json, tokenizer.json and model.safetensors.");
        }
        if (!Files.exists(file)) {
            throw new TrainerException(folder
                    + " has no config.json; a model folder holds config.json, tokenizer.json and model.safetensors.");
        }
        return new ModelConfig(file.toString(), JsonFile.read(file));
    }

    /** A configuration made in memory, such as that of a new model. */
    public static ModelConfig of(ObjectNode json) {
        return new ModelConfig("the new model's configuration", json.deepCopy());
    }

    /**
     * The configuration of a new Qwen2 decoder with tied embeddings.
     *
     * @param headCount attention heads; divides {@code hiddenSize}
     * @param keyValueHeads heads of keys and values; divides {@code headCount}
     * @param eosTokenId token that ends a text
     * @param padTokenId token that fills rows
     */
    public static ModelConfig qwen2(
            int vocabSize,
            int hiddenSize,
            int intermediateSize,
            int layers,
            int headCount,
            int keyValueHeads,
            int maxPositions,
            int eosTokenId,
            int padTokenId) {
        if (hiddenSize % headCount != 0 || hiddenSize / headCount % 2 != 0 || headCount % keyValueHeads != 0) {
            throw new UsageException(
                    "hidden_size %d, num_attention_heads %d and num_key_value_heads %d do not fit: the heads must divide the hidden size into even parts, and the key/value heads must divide the heads."
                            .formatted(hiddenSize, headCount, keyValueHeads));
        }
        ObjectNode json = JSON.createObjectNode();
        json.putArray("architectures").add("Qwen2ForCausalLM");
        json.put("model_type", "qwen2");
        json.put("attention_dropout", 0.0);
        json.putNull("bos_token_id");
        json.put("eos_token_id", eosTokenId);
        json.put("pad_token_id", padTokenId);
        json.put("hidden_act", "silu");
        json.put("hidden_size", hiddenSize);
        json.put("initializer_range", 0.02);
        json.put("intermediate_size", intermediateSize);
        json.put("max_position_embeddings", maxPositions);
        json.put("num_attention_heads", headCount);
        json.put("num_hidden_layers", layers);
        json.put("num_key_value_heads", keyValueHeads);
        json.put("rms_norm_eps", 1e-6);
        json.putObject("rope_parameters").put("rope_theta", 10000.0).put("rope_type", "default");
        json.put("tie_word_embeddings", true);
        json.put("use_cache", true);
        json.put("use_sliding_window", false);
        json.put("vocab_size", vocabSize);
        return of(json);
    }

    /**
     * Most tokens a text may have, as far as the configuration says.
     *
     * @throws TrainerException if the configuration is not one of a model that this version computes
     */
    public int maxPositions() {
        return Families.backbone(this).maxPositions(this);
    }

    /** {@code max_position_embeddings}, where there is one. */
    int declaredPositions() {
        return json.path("max_position_embeddings").asInt(Integer.MAX_VALUE);
    }

    /** The family, such as {@code qwen2}, {@code llama} or {@code bert}. */
    public String modelType() {
        return json.path("model_type").asString("");
    }

    /** Where the configuration came from, for messages. */
    public String source() {
        return source;
    }

    /** The folder it came from, as it is given to Python, or null for a configuration made in memory. */
    String nameOrPath() {
        return source.endsWith("config.json")
                ? Path.of(source).toAbsolutePath().normalize().getParent().toString()
                : null;
    }

    /** Number of classes of a classification head: the size of {@code id2label}, by default 2. */
    public int numLabels() {
        int named = json.path("id2label").size();
        return named > 0 ? named : json.path("num_labels").asInt(2);
    }

    /** Class names by id; {@code LABEL_0} and so on where the configuration names none. */
    public List<String> labels() {
        return IntStream.range(0, numLabels())
                .mapToObj(i -> json.path("id2label").path(Integer.toString(i)).asString("LABEL_" + i))
                .toList();
    }

    /**
     * The same configuration with these class names, as {@code id2label} and {@code label2id}.
     *
     * @param labels one name per class, in the order of their ids; not empty
     */
    public ModelConfig withLabels(List<String> labels) {
        if (labels.isEmpty()) {
            throw new UsageException("A classifier needs at least one label; give the number or names of its classes.");
        }
        ObjectNode copy = json.deepCopy();
        copy.remove("num_labels");
        ObjectNode id2label = copy.putObject("id2label");
        ObjectNode label2id = copy.putObject("label2id");
        for (int i = 0; i < labels.size(); i++) {
            id2label.put(Integer.toString(i), labels.get(i));
            label2id.put(labels.get(i), i);
        }
        return new ModelConfig(source, copy);
    }

    /**
     * What a classifier's scores mean: {@code problem_type}; where it is absent, regression for a single label and else one
     * class per row.
     *
     * @throws TrainerException if the configuration names a type there is not
     */
    public ProblemType problemType() {
        String name = json.path("problem_type").asString("");
        for (ProblemType type : ProblemType.values()) {
            if (type.hubName().equals(name)) {
                return type;
            }
        }
        if (!name.isEmpty()) {
            throw new TrainerException(source + " has problem_type \"" + name
                    + "\"; it must be single_label_classification, multi_label_classification or regression.");
        }
        return numLabels() == 1 ? ProblemType.REGRESSION : ProblemType.SINGLE_LABEL_CLASSIFICATION;
    }

    /** The same configuration with this {@code problem_type}. */
    public ModelConfig withProblemType(ProblemType type) {
        ObjectNode copy = json.deepCopy();
        copy.put("problem_type", type.hubName());
        return new ModelConfig(source, copy);
    }

    /** Whether input and output embedding are one tensor; where the file does not say, as the family's Python class. */
    boolean tieWordEmbeddings(boolean byDefault) {
        return json.path("tie_word_embeddings").asBoolean(byDefault);
    }

    /** The same configuration with two embeddings. */
    ModelConfig withoutTiedEmbeddings() {
        return new ModelConfig(source, json.deepCopy().put("tie_word_embeddings", false));
    }

    /** End-of-sequence token ids: one, several, or none. */
    Set<Integer> eosTokenIds() {
        return tokenIds(json.path("eos_token_id"));
    }

    static Set<Integer> tokenIds(JsonNode node) {
        Set<Integer> ids = new TreeSet<>();
        if (node.isArray()) {
            node.forEach(id -> ids.add(id.asInt()));
        } else if (node.isNumber()) {
            ids.add(node.asInt());
        }
        return ids;
    }

    /** A required whole number. */
    int integer(String key) {
        JsonNode value = json.path(key);
        if (!value.isIntegralNumber()) {
            throw new TrainerException(
                    source + " lacks the number \"" + key + "\"; copy the model's config.json again.");
        }
        return value.asInt();
    }

    /** A number, or the family's default where it is absent or null. */
    int integer(String key, int byDefault) {
        return json.path(key).asInt(byDefault);
    }

    /** A number, or the family's default where it is absent or null. */
    double number(String key, double byDefault) {
        return json.path(key).asDouble(byDefault);
    }

    /** A truth value, false where it is absent or null. */
    boolean flag(String key) {
        return json.path(key).asBoolean(false);
    }

    JsonNode json() {
        return json;
    }

    /** What {@code savePretrained} writes: this configuration with the class and type of the saved weights. */
    String toJson(String architecture, String dtype) {
        ObjectNode copy = json.deepCopy();
        copy.putArray("architectures").add(architecture);
        copy.remove(new ArrayList<>(List.of("torch_dtype")));
        copy.put("dtype", dtype);
        return copy.toPrettyString() + "\n";
    }
}
