package io.trainer4j.text;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The normalizer of BERT tokenizers. transformers builds it from {@code tokenizer_config.json}, whatever
 * {@code tokenizer.json} says (models/bert/tokenization_bert.py); bert-base-chinese is a model where the two differ.
 */
final class BertNormalizer {
    private BertNormalizer() {}

    /**
     * Replaces the normalizer where it differs from the configuration.
     *
     * @return whether it was replaced
     */
    static boolean configure(ObjectNode tokenizer, JsonNode config) {
        ObjectNode normalizer = of(config);
        if (normalizer.equals(tokenizer.path("normalizer"))) {
            return false;
        }
        tokenizer.set("normalizer", normalizer);
        return true;
    }

    static ObjectNode of(JsonNode config) {
        ObjectNode normalizer = JsonMapper.shared().createObjectNode();
        normalizer.put("type", "BertNormalizer");
        normalizer.put("clean_text", true);
        normalizer.put(
                "handle_chinese_chars", config.path("tokenize_chinese_chars").asBoolean(true));
        normalizer.set(
                "strip_accents",
                config.path("strip_accents").isBoolean() ? config.path("strip_accents") : normalizer.nullNode());
        normalizer.put("lowercase", config.path("do_lower_case").asBoolean(true));
        return normalizer;
    }
}
