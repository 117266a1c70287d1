package io.trainer4j.hub;

import io.trainer4j.TrainerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What may be wanted of a model's files; the names are those of transformers. */
public enum ModelPart {
    /** Configuration, weights and generation defaults. */
    WEIGHTS,

    /** Tokenizer, chat template, and the configuration that names the tokenizer's class. */
    TOKENIZER;

    private static final List<String> TOKENIZER_FILES = List.of(
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json",
            "chat_template.jinja",
            "vocab.txt",
            "vocab.json",
            "merges.txt",
            "tokenizer.model",
            "spiece.model",
            "sentencepiece.bpe.model");

    /** Chat templates besides the default one, a file each. */
    private static final Pattern MORE_CHAT_TEMPLATES = Pattern.compile("additional_chat_templates/[\\w.-]+\\.jinja");

    private static final String CONFIG = "config.json";

    /** Weight files from the most to the least preferred; of each the index lists the shards. */
    private static final List<String> WEIGHT_FILES = List.of(
            "model.safetensors", "model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json");

    /** Which of the files there are belong to this part; a sharded model's index, but not its shards. */
    List<String> choose(Collection<String> available) {
        Stream<String> own = switch (this) {
            case WEIGHTS ->
                Stream.concat(
                        Stream.of("generation_config.json"),
                        WEIGHT_FILES.stream().filter(available::contains).limit(1));
            case TOKENIZER ->
                Stream.concat(
                        TOKENIZER_FILES.stream(),
                        available.stream()
                                .filter(MORE_CHAT_TEMPLATES.asMatchPredicate())
                                .sorted());
        };
        return Stream.concat(Stream.of(CONFIG), own).filter(available::contains).toList();
    }

    static boolean isIndex(String name) {
        return name.endsWith(".index.json");
    }

    /**
     * The shards an index lists.
     *
     * @throws TrainerException if it is broken, or lists a file outside its folder
     */
    static Collection<String> shards(Path index) {
        TreeSet<String> shards = new TreeSet<>();
        try {
            JsonNode weightMap =
                    JsonMapper.shared().readTree(Files.readString(index)).path("weight_map");
            if (!weightMap.isObject()) {
                throw broken(index, "it has no weight_map", null);
            }
            for (JsonNode shard : weightMap) {
                String name = shard.asString("");
                if (!name.matches("[\\w.-]+") || name.startsWith(".")) {
                    throw new TrainerException(
                            index + " lists the shard \"" + name + "\" outside its folder; choose another model.");
                }
                shards.add(name);
            }
            return shards;
        } catch (IOException | JacksonException e) {
            throw broken(index, e.getMessage(), e);
        }
    }

    private static TrainerException broken(Path index, String reason, Exception cause) {
        return new TrainerException(index + " is broken (" + reason + "); delete it and download again.", cause);
    }

    /** Whether a folder has enough of this part to be opened. */
    public boolean isIn(Path folder) {
        if (this == TOKENIZER) {
            return TOKENIZER_FILES.stream().anyMatch(name -> Files.exists(folder.resolve(name)));
        }
        return Files.exists(folder.resolve(CONFIG))
                && WEIGHT_FILES.stream()
                        .map(folder::resolve)
                        .filter(Files::exists)
                        .findFirst()
                        .filter(file -> !isIndex(file.toString())
                                || shards(file).stream().allMatch(shard -> Files.exists(folder.resolve(shard))))
                        .isPresent();
    }
}
