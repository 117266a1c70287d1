package io.trainer4j.bench;

import io.trainer4j.data.Dataset;
import io.trainer4j.model.AutoModelForCausalLM;
import io.trainer4j.model.AutoModelForMaskedLM;
import io.trainer4j.model.AutoModelForSequenceClassification;
import io.trainer4j.model.CausalLM;
import io.trainer4j.model.ModelConfig;
import io.trainer4j.model.ModelInput;
import io.trainer4j.model.PretrainedModel;
import io.trainer4j.tensor.RandomState;
import io.trainer4j.train.LossFunction;
import io.trainer4j.train.SaveStrategy;
import io.trainer4j.train.Trainer;
import io.trainer4j.train.TrainerCallback.Decision;
import io.trainer4j.train.TrainingArguments;
import io.trainer4j.train.TrainingEvent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Small models, rows and runs for {@link GpuCheck}; models are made on the CPU, so that they are the same everywhere. */
final class GpuRuns {
    static final int VOCABULARY = 512;
    private static final int ROWS = 24;
    private static final int CLASSES = 3;

    /** What a run told. */
    record Run(List<Double> losses, List<String> warnings, List<Long> ends) {}

    private GpuRuns() {}

    /** A model of about half a million weights. */
    static PretrainedModel model(String family, double dropout) {
        ObjectNode json = JsonMapper.shared()
                .createObjectNode()
                .put("model_type", family)
                .put("vocab_size", VOCABULARY)
                .put("hidden_size", 128)
                .put("n_embd", 128)
                .put("intermediate_size", 256)
                .put("num_hidden_layers", 3)
                .put("n_layer", 3)
                .put("num_attention_heads", 4)
                .put("n_head", 4)
                .put("max_position_embeddings", 256)
                .put("n_positions", 256)
                .put("initializer_range", 0.05)
                .put("attention_dropout", dropout)
                .put("attention_probs_dropout_prob", dropout)
                .put("hidden_dropout_prob", dropout)
                .put("dropout", dropout)
                .put("attn_pdrop", dropout)
                .put("resid_pdrop", dropout)
                .put("embd_pdrop", dropout)
                .put("tie_word_embeddings", true)
                .put("pad_token_id", 0)
                .put("num_labels", CLASSES)
                .put("sliding_window", 8)
                .put("head_dim", 32)
                .put("query_pre_attn_scalar", 32)
                .put("n_heads", 4)
                .put("n_layers", 3)
                .put("dim", 128)
                .put("hidden_dim", 256);
        if (!family.contains("bert")) {
            json.put("num_key_value_heads", 2);
        }
        ModelConfig config = ModelConfig.of(json);
        RandomState.manualSeed(11);
        return switch (family) {
            case "bert" -> AutoModelForSequenceClassification.fromConfig(config);
            case "roberta", "distilbert" -> AutoModelForMaskedLM.fromConfig(config);
            default -> AutoModelForCausalLM.fromConfig(config);
        };
    }

    static CausalLM decoder(double dropout) {
        return (CausalLM) model("qwen2", dropout);
    }

    /** Rows of 12 to 40 tokens; the first two are not trained. */
    static List<int[]> tokens() {
        return IntStream.range(0, ROWS)
                .mapToObj(row -> IntStream.range(0, 12 + row * 11 % 29)
                        .map(t -> 3 + (row * 31 + t * (t + 7)) % (VOCABULARY - 3))
                        .toArray())
                .toList();
    }

    static List<int[]> labels() {
        return tokens().stream()
                .map(row -> IntStream.range(0, row.length)
                        .map(t -> t < 2 ? -100 : row[t])
                        .toArray())
                .toList();
    }

    private static Dataset rows(PretrainedModel model) {
        if (model instanceof io.trainer4j.model.SequenceClassifier) {
            List<Long> classes =
                    IntStream.range(0, ROWS).mapToObj(r -> (long) (r % CLASSES)).toList();
            return Dataset.of(Map.of("input_ids", tokens(), "label", classes));
        }
        return Dataset.of(Map.of("input_ids", tokens(), "labels", labels()));
    }

    /** Three of the rows, padded on the right. */
    static ModelInput padded() {
        int[][] rows = tokens().subList(0, 3).toArray(int[][]::new);
        int length = IntStream.of(rows[0].length, rows[1].length, rows[2].length)
                .max()
                .orElseThrow();
        int[][] ids = new int[rows.length][length];
        int[][] mask = new int[rows.length][length];
        for (int r = 0; r < rows.length; r++) {
            System.arraycopy(rows[r], 0, ids[r], 0, rows[r].length);
            java.util.Arrays.fill(mask[r], 0, rows[r].length, 1);
        }
        return new ModelInput(ids, mask, null);
    }

    /** Twenty steps of four rows. */
    static TrainingArguments arguments(Path folder) {
        return TrainingArguments.of(folder.toString())
                .perDeviceTrainBatchSize(4)
                .maxSteps(20)
                .learningRate(1e-3)
                .warmupSteps(2)
                .weightDecay(0.01)
                .loggingSteps(1)
                .saveStrategy(SaveStrategy.NO);
    }

    /** Trains a model, with a loss of its own unless null. */
    static Run train(PretrainedModel model, TrainingArguments arguments, LossFunction loss) {
        return train(model, arguments, loss, rows(model));
    }

    static Run train(PretrainedModel model, TrainingArguments arguments, LossFunction loss, Dataset rows) {
        Run run = new Run(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        Trainer.Builder builder = Trainer.builder(model, arguments)
                .trainDataset(rows)
                .callback(event -> {
                    if (event instanceof TrainingEvent.StepEnd step) {
                        run.losses().add(step.loss());
                        run.ends().add(System.nanoTime());
                    } else if (event instanceof TrainingEvent.Warning warning) {
                        run.warnings().add(warning.message());
                    }
                    return Decision.CONTINUE;
                });
        (loss == null ? builder : builder.computeLossFunc(loss)).build().train();
        return run;
    }
}
