package io.trainer4j.text;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * What a tokenizer class of transformers adds to its files (models/&lt;name&gt;/tokenization_&lt;name&gt;.py).
 *
 * @param name the class, without the ending "Fast" of older files
 * @param modelTypes models whose {@code config.json} stands for this class where the tokenizer names none
 * @param defaultTokens the special tokens it assumes where the configuration names none, by role
 */
record TokenizerClass(String name, List<String> modelTypes, Map<String, String> defaultTokens) {
    static final TokenizerClass BERT = new TokenizerClass(
            "BertTokenizer",
            List.of("bert"),
            Map.of(
                    "unk_token", "[UNK]",
                    "sep_token", "[SEP]",
                    "pad_token", "[PAD]",
                    "cls_token", "[CLS]",
                    "mask_token", "[MASK]"));

    private static final TokenizerClass OTHER = new TokenizerClass("", List.of(), Map.of());

    private static final List<TokenizerClass> KNOWN = List.of(
            BERT,
            new TokenizerClass(
                    "GPT2Tokenizer",
                    List.of("gpt2"),
                    Map.of("unk_token", "<|endoftext|>", "bos_token", "<|endoftext|>", "eos_token", "<|endoftext|>")),
            new TokenizerClass(
                    "Qwen2Tokenizer",
                    List.of("qwen2", "qwen3"),
                    Map.of("unk_token", "<|endoftext|>", "eos_token", "<|endoftext|>", "pad_token", "<|endoftext|>")),
            new TokenizerClass(
                    "LlamaTokenizer",
                    List.of("llama", "mistral"),
                    Map.of("unk_token", "<unk>", "bos_token", "<s>", "eos_token", "</s>")));

    /** The class named by {@code tokenizer_class}, else the one of the model type in {@code config.json}. */
    static TokenizerClass of(JsonNode tokenizerConfig, JsonNode modelConfig) {
        String className = tokenizerConfig.path("tokenizer_class").asString("");
        String modelType = modelConfig.path("model_type").asString("");
        return KNOWN.stream()
                .filter(known -> className.isEmpty()
                        ? known.modelTypes.contains(modelType)
                        : className.equals(known.name) || className.equals(known.name + "Fast"))
                .findFirst()
                .orElse(OTHER);
    }
}
