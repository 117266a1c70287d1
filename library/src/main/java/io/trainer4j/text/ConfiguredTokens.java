package io.trainer4j.text;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The special tokens that the configuration names, as transformers' {@code tokenization_utils_base.py} reads them. */
final class ConfiguredTokens {
    private static final List<String> ROLES =
            List.of("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token");

    private ConfiguredTokens() {}

    /** Token by role; {@code special_tokens_map.json} counts only beside a configuration of the old form. */
    static Map<String, String> named(
            JsonNode config, JsonNode specialTokensMap, TokenizerClass type, Vocabulary vocabulary) {
        Map<String, String> named = new LinkedHashMap<>();
        for (String role : ROLES) {
            JsonNode source =
                    !config.has("added_tokens_decoder") && specialTokensMap.has(role) ? specialTokensMap : config;
            Optional<String> token = source.has(role)
                    ? content(source.path(role))
                    : Optional.ofNullable(type.defaultTokens().get(role))
                            .filter(assumed -> vocabulary.id(assumed).isPresent());
            token.ifPresent(text -> named.put(role, text));
        }
        return named;
    }

    /**
     * Adds the configured special tokens that {@code tokenizer.json} does not list, so that they are found in texts.
     *
     * @return whether anything was added
     */
    static boolean addMissing(ObjectNode tokenizer, Map<String, String> named, JsonNode config, Vocabulary vocabulary) {
        Set<String> missing = new LinkedHashSet<>(named.values());
        for (String key : List.of("extra_special_tokens", "additional_special_tokens")) {
            config.path(key).values().forEach(token -> content(token).ifPresent(missing::add));
        }
        ArrayNode added = tokenizer.path("added_tokens").isArray()
                ? (ArrayNode) tokenizer.path("added_tokens")
                : tokenizer.putArray("added_tokens");
        added.values().forEach(token -> missing.remove(token.path("content").asString()));
        int nextId = vocabulary.size();
        for (String token : missing) {
            int id = vocabulary.id(token).isPresent() ? vocabulary.id(token).getAsInt() : nextId++;
            addSpecial(added, id, token);
        }
        return !missing.isEmpty();
    }

    /** Appends an entry as {@code tokenizer.json} lists special tokens. */
    static void addSpecial(ArrayNode addedTokens, int id, String token) {
        ObjectNode entry = addedTokens.addObject();
        entry.put("id", id);
        entry.put("content", token);
        entry.put("single_word", false);
        entry.put("lstrip", false);
        entry.put("rstrip", false);
        entry.put("normalized", false);
        entry.put("special", true);
    }

    /** A token is written as a string or as an object with its content. */
    private static Optional<String> content(JsonNode token) {
        return (token.isObject() ? token.path("content") : token).stringValueOpt();
    }
}
