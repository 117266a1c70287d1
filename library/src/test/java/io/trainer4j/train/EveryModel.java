package io.trainer4j.train;

import io.trainer4j.model.AutoModelForCausalLM;
import io.trainer4j.model.AutoModelForMaskedLM;
import io.trainer4j.model.AutoModelForSequenceClassification;
import io.trainer4j.model.CausalLM;
import io.trainer4j.model.ModelInput;
import io.trainer4j.model.PretrainedModel;
import io.trainer4j.model.ProblemType;
import io.trainer4j.model.SequenceClassifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The tiny models of {@code golden/families}, one of every family and head, and a batch for each. */
record EveryModel(Path folder) {
    /** Of different lengths, one as long as no tiny window. */
    static final int[][] SENTENCES = {{5, 9, 33, 60, 7, 12, 9, 41, 3, 17, 20, 2}, {8, 3, 3, 50}, {44, 9}};

    private static final List<String> DROPOUTS = List.of(
            "attention_dropout",
            "attention_probs_dropout_prob",
            "attn_pdrop",
            "resid_pdrop",
            "embd_pdrop",
            "hidden_dropout_prob",
            "dropout");

    static Stream<EveryModel> all() {
        try (Stream<Path> folders = Files.list(
                Path.of(EveryModel.class.getResource("/golden/families").toURI()))) {
            return folders.sorted().map(EveryModel::new).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    static Stream<EveryModel> decoders() {
        return all().filter(model -> model.architecture().endsWith("ForCausalLM")
                || model.architecture().endsWith("LMHeadModel"));
    }

    private ObjectNode config() {
        return (ObjectNode) JsonMapper.shared().readTree(folder.resolve("config.json"));
    }

    private String architecture() {
        return config().path("architectures").path(0).asString();
    }

    PretrainedModel open() {
        return open(folder);
    }

    private PretrainedModel open(Path from) {
        if (architecture().endsWith("ForSequenceClassification")) {
            return AutoModelForSequenceClassification.fromPretrained(from);
        }
        return architecture().endsWith("ForMaskedLM")
                ? AutoModelForMaskedLM.fromPretrained(from)
                : AutoModelForCausalLM.fromPretrained(from);
    }

    /** The model with the same dropout everywhere. */
    PretrainedModel open(double dropout, Path empty) {
        ObjectNode config = config();
        DROPOUTS.forEach(key -> config.put(key, dropout));
        try {
            Files.writeString(empty.resolve("config.json"), config.toString());
            Files.copy(folder.resolve("model.safetensors"), empty.resolve("model.safetensors"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return open(empty);
    }

    /** The sentences, padded on the right, with labels for the model's task. */
    static MiniBatch batch(PretrainedModel model) {
        ModelInput input = padded();
        int rows = SENTENCES.length;
        if (!(model instanceof SequenceClassifier)) {
            int[][] labels = new int[rows][];
            for (int r = 0; r < rows; r++) {
                labels[r] = input.inputIds()[r].clone();
                Arrays.fill(labels[r], SENTENCES[r].length, labels[r].length, MiniBatch.IGNORED);
                labels[r][0] = model instanceof CausalLM ? labels[r][0] : MiniBatch.IGNORED;
            }
            return new MiniBatch(input, labels);
        }
        int count = model.config().numLabels();
        if (model.config().problemType() == ProblemType.SINGLE_LABEL_CLASSIFICATION) {
            return new MiniBatch(input, new int[][] {{0}, {1 % count}, {2 % count}});
        }
        float[][] values = new float[rows][count];
        for (int r = 0; r < rows; r++) {
            values[r][r % count] = 1;
        }
        return new MiniBatch(input, new int[rows][0], values);
    }

    static ModelInput padded() {
        int length = SENTENCES[0].length;
        int[][] ids = new int[SENTENCES.length][];
        int[][] mask = new int[SENTENCES.length][length];
        for (int r = 0; r < ids.length; r++) {
            ids[r] = Arrays.copyOf(SENTENCES[r], length);
            Arrays.fill(mask[r], 0, SENTENCES[r].length, 1);
        }
        return new ModelInput(ids, mask, null);
    }

    @Override
    public String toString() {
        return folder.getFileName().toString();
    }
}
