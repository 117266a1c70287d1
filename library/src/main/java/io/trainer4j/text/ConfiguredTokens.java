package io.trainer4j.text;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The special tokens that the configuration names, as transformers' {@code tokenization_utils_base.py} reads them. */
final class ConfiguredTokens {
    private static final List<String> ROLES =
            List.of("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token");

    private ConfiguredTokens() {}

    /**
     * Token by role; {@code special_tokens_map.json} counts only beside a configuration of the old form.
     *
     * @param assumable which of the tokens that the class assumes shall count
     */
    static Map<String, AddedToken> named(
            JsonNode config, JsonNode specialTokensMap, TokenizerClass type, Predicate<String> assumable) {
        Map<String, AddedToken> named = new LinkedHashMap<>();
        for (String role : ROLES) {
            JsonNode source = source(role, config, specialTokensMap);
            Optional<AddedToken> token = source.has(role)
                    ? AddedToken.special(source.path(role))
                    : Optional.ofNullable(type.defaultTokens().get(role))
                            .filter(assumable)
                            .map(AddedToken::special);
            token.ifPresent(found -> named.put(role, found));
        }
        return named;
    }

    private static JsonNode source(String key, JsonNode config, JsonNode specialTokensMap) {
        return !config.has("added_tokens_decoder") && specialTokensMap.has(key) ? specialTokensMap : config;
    }

    /** The special tokens without a role; the files count as in {@link #named}. */
    static List<AddedToken> extra(JsonNode config, JsonNode specialTokensMap) {
        List<AddedToken> extra = new ArrayList<>();
        for (String key : List.of("extra_special_tokens", "additional_special_tokens")) {
            source(key, config, specialTokensMap)
                    .path(key)
                    .values()
                    .forEach(token -> AddedToken.special(token).ifPresent(extra::add));
        }
        return extra;
    }

    /**
     * Adds the configured special tokens that {@code tokenizer.json} does not list, so that they are found in texts.
     *
     * @return whether anything was added
     */
    static boolean addMissing(
            ObjectNode tokenizer, Map<String, AddedToken> named, List<AddedToken> extra, Vocabulary vocabulary) {
        Map<String, AddedToken> missing = new LinkedHashMap<>();
        named.values().forEach(token -> missing.putIfAbsent(token.content(), token));
        extra.forEach(token -> missing.putIfAbsent(token.content(), token));
        ArrayNode added = tokenizer.path("added_tokens").isArray()
                ? (ArrayNode) tokenizer.path("added_tokens")
                : tokenizer.putArray("added_tokens");
        added.values().forEach(token -> missing.remove(token.path("content").asString()));
        int nextId = vocabulary.size();
        for (AddedToken token : missing.values()) {
            int id = vocabulary.id(token.content()).orElse(nextId);
            token.appendTo(added, id);
            nextId += id == nextId ? 1 : 0;
        }
        return !missing.isEmpty();
    }
}
