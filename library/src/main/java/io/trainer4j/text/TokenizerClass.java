package io.trainer4j.text;

import java.util.Arrays;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The tokenizer classes of transformers that add something to their files (models/&lt;name&gt;/tokenization_&lt;name&gt;.py). */
enum TokenizerClass {
    BERT("BertTokenizer"),
    DISTILBERT("DistilBertTokenizer"),
    GPT2("GPT2Tokenizer"),
    ROBERTA("RobertaTokenizer"),
    QWEN2("Qwen2Tokenizer"),
    LLAMA("LlamaTokenizer"),
    GEMMA("GemmaTokenizer"),
    T5("T5Tokenizer"),
    XLM_ROBERTA("XLMRobertaTokenizer"),
    /** No class, one that adds nothing, or one this library does not know. */
    OTHER("");

    private final String className;

    TokenizerClass(String className) {
        this.className = className;
    }

    /** The class {@link #name(JsonNode, JsonNode)} tells, else the one of the model type in {@code config.json}. */
    static TokenizerClass of(JsonNode tokenizerConfig, JsonNode modelConfig) {
        String name = name(tokenizerConfig, modelConfig);
        if (name.isEmpty()) {
            return ofModel(modelConfig.path("model_type").asString(""));
        }
        return Arrays.stream(values())
                .filter(known -> known.className.equals(name))
                .findFirst()
                .orElse(OTHER);
    }

    /** The {@code tokenizer_class} of either file without the ending "Fast" of older files; empty if there is none. */
    static String name(JsonNode tokenizerConfig, JsonNode modelConfig) {
        String name = tokenizerConfig
                .path("tokenizer_class")
                .asString(modelConfig.path("tokenizer_class").asString(""));
        return name.endsWith("Fast") && !name.startsWith("PreTrained")
                ? name.substring(0, name.length() - "Fast".length())
                : name;
    }

    /** models/auto/tokenization_auto.py; Mistral's tokenizers of old are those of Llama. */
    private static TokenizerClass ofModel(String modelType) {
        return switch (modelType) {
            case "bert", "distilbert", "electra" -> BERT;
            case "gpt2", "gpt_neo", "gptj", "opt", "phi", "starcoder2" -> GPT2;
            case "roberta" -> ROBERTA;
            case "qwen2", "qwen2_moe", "qwen3", "qwen3_moe" -> QWEN2;
            case "llama", "mistral", "mixtral" -> LLAMA;
            case "gemma", "gemma2", "gemma3", "gemma3_text" -> GEMMA;
            case "t5", "mt5", "switch_transformers" -> T5;
            case "xlm-roberta" -> XLM_ROBERTA;
            default -> OTHER;
        };
    }

    /** As transformers spells it; empty for {@link #OTHER}. */
    String className() {
        return className;
    }

    boolean isWordPiece() {
        return this == BERT || this == DISTILBERT;
    }

    /** The special tokens it assumes where the configuration names none, by role. */
    Map<String, String> defaultTokens() {
        return switch (this) {
            case BERT, DISTILBERT ->
                Map.of(
                        "unk_token", "[UNK]",
                        "sep_token", "[SEP]",
                        "pad_token", "[PAD]",
                        "cls_token", "[CLS]",
                        "mask_token", "[MASK]");
            case GPT2 ->
                Map.of("unk_token", "<|endoftext|>", "bos_token", "<|endoftext|>", "eos_token", "<|endoftext|>");
            case QWEN2 ->
                Map.of("unk_token", "<|endoftext|>", "eos_token", "<|endoftext|>", "pad_token", "<|endoftext|>");
            case LLAMA -> Map.of("unk_token", "<unk>", "bos_token", "<s>", "eos_token", "</s>");
            case GEMMA ->
                Map.of(
                        "unk_token", "<unk>",
                        "bos_token", "<bos>",
                        "eos_token", "<eos>",
                        "pad_token", "<pad>",
                        "mask_token", "<mask>");
            case T5 -> Map.of("unk_token", "<unk>", "eos_token", "</s>", "pad_token", "<pad>");
            case ROBERTA, XLM_ROBERTA ->
                Map.of(
                        "bos_token", "<s>",
                        "eos_token", "</s>",
                        "unk_token", "<unk>",
                        "sep_token", "</s>",
                        "pad_token", "<pad>",
                        "cls_token", "<s>",
                        "mask_token", "<mask>");
            case OTHER -> Map.of();
        };
    }
}
