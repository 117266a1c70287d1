package io.trainer4j.model;

import io.trainer4j.tensor.SafetensorsFile;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.bytedeco.pytorch.Tensor;
import tools.jackson.databind.JsonNode;

/**
 * A tiny model with what transformers computed for it; {@code src/test/golden/make_model_goldens.py} makes them and says
 * what they hold.
 */
record GoldenModel(Path folder) {
    /** Families whose positions count from the left edge, padding included. */
    private static final Set<String> ABSOLUTE = Set.of("bert", "distilbert", "gpt2");

    static Stream<GoldenModel> all() {
        try (Stream<Path> folders = Files.list(resource("/golden/families"))) {
            return folders.sorted().map(GoldenModel::new).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<GoldenModel> decoders() {
        return all().filter(model -> model.task() == Task.CAUSAL_LM);
    }

    static GoldenModel of(String name) {
        return new GoldenModel(resource("/golden/families/" + name));
    }

    static Path resource(String name) {
        try {
            return Path.of(GoldenModel.class.getResource(name).toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    ModelConfig config() {
        return ModelConfig.read(folder);
    }

    Task task() {
        String architecture = config().json().path("architectures").path(0).asString();
        return Stream.of(Task.SEQUENCE_CLASSIFICATION, Task.MASKED_LM)
                .filter(task -> architecture.endsWith(task.of("")))
                .findFirst()
                .orElse(Task.CAUSAL_LM);
    }

    /** A RoBERTa classifier, as any encoder's, reads the first position, be it padding, as Python's does. */
    boolean ignoresLeftPadding() {
        String type = config().modelType();
        return !ABSOLUTE.contains(type) && !(type.equals("roberta") && task() == Task.SEQUENCE_CLASSIFICATION);
    }

    PretrainedModel open() {
        return open(folder);
    }

    /** Opens another folder with a model of this kind. */
    PretrainedModel open(Path other) {
        return open(other, task());
    }

    static PretrainedModel open(Path folder, Task task) {
        return switch (task) {
            case CAUSAL_LM -> AutoModelForCausalLM.fromPretrained(folder);
            case MASKED_LM -> AutoModelForMaskedLM.fromPretrained(folder);
            case SEQUENCE_CLASSIFICATION -> AutoModelForSequenceClassification.fromPretrained(folder);
        };
    }

    /**
     * What Python computed.
     *
     * @param labels ids or classes, {@code [rows][length]} or {@code [rows][1]}; of regression and several labels, values
     */
    record Expected(ModelInput input, double[][] labels, float[] logits, double loss, double gradNorm, int[] greedy) {}

    Expected expected() {
        JsonNode json = json();
        JsonNode types = json.path("token_type_ids");
        return new Expected(
                new ModelInput(
                        rows(json.path("input_ids")),
                        rows(json.path("attention_mask")),
                        types.isArray() ? rows(types) : null),
                StreamSupport.stream(json.path("labels").spliterator(), false)
                        .map(row -> row.isArray() ? doubles(row) : new double[] {row.asDouble()})
                        .toArray(double[][]::new),
                floats(json.path("logits")),
                json.path("loss").asDouble(),
                json.path("grad_norm").asDouble(),
                ints(json.path("greedy")));
    }

    JsonNode json() {
        return JsonFile.read(folder.resolve("expected.json"));
    }

    /** The same of a folder with {@code expected.safetensors}, whose labels are the tokens, or the classes 2 and 0. */
    Expected expectedTensors() {
        try (Scope scope = Scope.open();
                SafetensorsFile file = SafetensorsFile.open(folder.resolve("expected.safetensors"))) {
            int[][] ids = rows(file.load("input_ids"));
            int[][] mask = rows(file.load("attention_mask"));
            double[][] labels = {{2}, {0}};
            for (int row = 0; row < 2 && task() == Task.CAUSAL_LM; row++) {
                labels[row] = new double[ids[row].length];
                for (int t = 0; t < ids[row].length; t++) {
                    labels[row][t] = mask[row][t] == 1 ? ids[row][t] : -100;
                }
            }
            return new Expected(
                    new ModelInput(ids, mask, null),
                    labels,
                    TensorData.toFloats(file.load("logits")),
                    file.load("loss").item_double(),
                    file.load("grad_norm").item_double(),
                    file.names().contains("greedy") ? rows(file.load("greedy"))[0] : new int[0]);
        }
    }

    private static int[][] rows(Tensor matrix) {
        int[][] rows = new int[(int) matrix.size(0)][];
        for (int r = 0; r < rows.length; r++) {
            rows[r] = java.util.Arrays.stream(TensorData.toLongs(matrix.select(0, r)))
                    .mapToInt(Math::toIntExact)
                    .toArray();
        }
        return rows;
    }

    private static int[][] rows(JsonNode json) {
        return StreamSupport.stream(json.spliterator(), false)
                .map(GoldenModel::ints)
                .toArray(int[][]::new);
    }

    private static int[] ints(JsonNode json) {
        return StreamSupport.stream(json.spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
    }

    private static double[] doubles(JsonNode json) {
        return StreamSupport.stream(json.spliterator(), false)
                .mapToDouble(JsonNode::asDouble)
                .toArray();
    }

    static float[] floats(JsonNode json) {
        float[] values = new float[json.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) json.path(i).asDouble();
        }
        return values;
    }

    /** The names of the weights in a folder's file. */
    static List<String> names(Path folder) {
        try (SafetensorsFile file = SafetensorsFile.open(folder.resolve(WeightFiles.SINGLE))) {
            return file.names().stream().sorted().toList();
        }
    }

    @Override
    public String toString() {
        return folder.getFileName().toString();
    }
}
