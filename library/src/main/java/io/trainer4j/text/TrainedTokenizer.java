package io.trainer4j.text;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A byte-level BPE tokenizer in the form of Qwen2's files: transformers opens it as {@code Qwen2Tokenizer}, this library
 * with {@link AutoTokenizer}. It ends a text with {@code <|im_end|>}, pads with {@code <|endoftext|>} and writes
 * conversations as ChatML without a default system message.
 */
public final class TrainedTokenizer {
    /** The tokens after those of the vocabulary, in the order of their ids. */
    static final List<String> SPECIAL_TOKENS = List.of("<|endoftext|>", "<|im_start|>", "<|im_end|>");

    /** As Qwen2 has it; no limit of the tokenizer itself. */
    private static final int MODEL_MAX_LENGTH = 131072;

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final List<String> tokens;
    private final List<List<String>> merges;

    TrainedTokenizer(List<String> tokens, List<List<String>> merges) {
        this.tokens = List.copyOf(tokens);
        this.merges = List.copyOf(merges);
    }

    /** Number of tokens, special tokens included. */
    public int vocabSize() {
        return tokens.size() + SPECIAL_TOKENS.size();
    }

    /** The content of {@code tokenizer.json}. */
    public String tokenizerJson() {
        ObjectNode root = JSON.createObjectNode();
        root.put("version", "1.0").putNull("truncation").putNull("padding");
        addSpecialTokens(root.putArray("added_tokens"));
        root.putObject("normalizer").put("type", "NFC");
        ObjectNode preTokenizer = root.putObject("pre_tokenizer").put("type", "Sequence");
        ArrayNode steps = preTokenizer.putArray("pretokenizers");
        ObjectNode split = steps.addObject().put("type", "Split");
        split.putObject("pattern").put("Regex", BytePairTrainer.WORD);
        split.put("behavior", "Isolated").put("invert", false);
        describeByteLevel(steps.addObject());
        describeByteLevel(root.putObject("post_processor"));
        describeByteLevel(root.putObject("decoder"));
        describeModel(root.putObject("model"));
        return JSON.writeValueAsString(root);
    }

    /** The content of {@code tokenizer_config.json}. */
    public String tokenizerConfigJson() {
        ObjectNode root = JSON.createObjectNode();
        root.put("add_prefix_space", false);
        root.putNull("bos_token");
        root.put("chat_template", ChatTemplates.CHATML);
        root.put("clean_up_tokenization_spaces", false);
        root.put("eos_token", "<|im_end|>");
        root.put("errors", "replace");
        root.put("model_max_length", MODEL_MAX_LENGTH);
        root.put("pad_token", "<|endoftext|>");
        root.put("split_special_tokens", false);
        root.put("tokenizer_class", "Qwen2Tokenizer");
        root.putNull("unk_token");
        return JSON.writeValueAsString(root);
    }

    /** Writes {@code tokenizer.json} and {@code tokenizer_config.json}; files of the same names are replaced. */
    public void savePretrained(Path folder) {
        TokenizerFiles.write(folder, TokenizerFiles.TOKENIZER, tokenizerJson().getBytes(StandardCharsets.UTF_8));
        TokenizerFiles.write(
                folder, TokenizerFiles.CONFIG, tokenizerConfigJson().getBytes(StandardCharsets.UTF_8));
    }

    private void addSpecialTokens(ArrayNode addedTokens) {
        for (int i = 0; i < SPECIAL_TOKENS.size(); i++) {
            AddedToken.special(SPECIAL_TOKENS.get(i)).appendTo(addedTokens, tokens.size() + i);
        }
    }

    private static void describeByteLevel(ObjectNode step) {
        step.put("type", "ByteLevel");
        step.put("add_prefix_space", false);
        step.put("trim_offsets", false);
        step.put("use_regex", false);
    }

    private void describeModel(ObjectNode model) {
        model.put("type", "BPE").putNull("dropout").putNull("unk_token");
        model.put("continuing_subword_prefix", "").put("end_of_word_suffix", "");
        model.put("fuse_unk", false).put("byte_fallback", false);
        ObjectNode vocabulary = model.putObject("vocab");
        for (int id = 0; id < tokens.size(); id++) {
            vocabulary.put(tokens.get(id), id);
        }
        ArrayNode pairs = model.putArray("merges");
        merges.forEach(merge -> pairs.addArray().add(merge.get(0)).add(merge.get(1)));
    }
}
