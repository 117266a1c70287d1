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

    /** The family, such as {@code qwen2}, {@code llama} or {@code bert}. */
    public String modelType() {
        return json.path("model_type").asString("");
    }

    /** Where the configuration came from, for messages. */
    public String source() {
        return source;
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

    /** Whether a decoder's input and output embedding are one tensor; like Qwen2Config and LlamaConfig, not by default. */
    boolean tieWordEmbeddings() {
        return json.path("tie_word_embeddings").asBoolean(false);
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
