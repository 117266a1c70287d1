package io.trainer4j.examples;

import io.trainer4j.data.Dataset;
import io.trainer4j.model.AutoModelForCausalLM;
import io.trainer4j.model.AutoModelForSequenceClassification;
import io.trainer4j.model.CausalLM;
import io.trainer4j.model.ModelConfig;
import io.trainer4j.model.SequenceClassifier;
import io.trainer4j.tensor.RandomState;
import io.trainer4j.text.BytePairTrainer;
import io.trainer4j.text.TrainedTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Untrained models that are small enough to be trained in a test. */
final class TinyModels {
    private static final JsonMapper JSON = JsonMapper.shared();

    private TinyModels() {}

    /** A Qwen2 decoder whose tokenizer knows the texts of a CSV file. */
    static void qwen2(Path folder, Path texts) {
        TrainedTokenizer tokenizer = new BytePairTrainer(1500, 2).trainFiles(List.of(texts));
        int vocabSize = tokenizer.vocabSize();
        tokenizer.savePretrained(folder);
        RandomState.manualSeed(1);
        try (CausalLM model = AutoModelForCausalLM.fromConfig(
                ModelConfig.qwen2(vocabSize, 64, 128, 2, 4, 2, 512, vocabSize - 1, vocabSize - 3))) {
            model.savePretrained(folder);
        }
    }

    /**
     * A BERT whose WordPiece tokenizer knows each character of a CSV column. Its weights are drawn five times wider than
     * usual: with the usual 0.02 an untrained BERT learns nothing from a hundred rows.
     */
    static void bert(Path folder, Path csv, String column) throws IOException {
        List<String> tokens = Stream.concat(
                        Stream.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"),
                        Dataset.fromCsv(csv).column(column).stream()
                                .flatMap(text -> ((String) text).codePoints().mapToObj(Character::toString))
                                .distinct()
                                .sorted())
                .toList();
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("tokenizer.json"), wordPiece(tokens));
        Files.writeString(folder.resolve("tokenizer_config.json"), """
                        {"tokenizer_class": "BertTokenizer", "pad_token": "[PAD]", "unk_token": "[UNK]",
                         "cls_token": "[CLS]", "sep_token": "[SEP]", "mask_token": "[MASK]"}""");
        ObjectNode config = (ObjectNode) JSON.readTree("""
                        {"model_type": "bert", "hidden_size": 64, "num_hidden_layers": 1, "num_attention_heads": 4,
                         "intermediate_size": 128, "max_position_embeddings": 64, "initializer_range": 0.1,
                         "hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}""");
        config.put("vocab_size", tokens.size());
        RandomState.manualSeed(1);
        try (SequenceClassifier model = AutoModelForSequenceClassification.fromConfig(
                ModelConfig.of(config).withLabels(List.of("a", "b", "c", "d")))) {
            model.savePretrained(folder);
        }
    }

    private static String wordPiece(List<String> tokens) {
        ObjectNode root = (ObjectNode) JSON.readTree("""
                        {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
                         "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
                                        "strip_accents": null, "lowercase": true},
                         "pre_tokenizer": {"type": "BertPreTokenizer"},
                         "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2]},
                         "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true},
                         "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                                   "max_input_chars_per_word": 100}}""");
        ObjectNode vocabulary = ((ObjectNode) root.path("model")).putObject("vocab");
        IntStream.range(0, tokens.size()).forEach(id -> vocabulary.put(tokens.get(id), id));
        return JSON.writeValueAsString(root);
    }
}
