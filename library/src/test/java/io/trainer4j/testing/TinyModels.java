package io.trainer4j.testing;

import io.trainer4j.data.Dataset;
import io.trainer4j.model.AutoModelForCausalLM;
import io.trainer4j.model.AutoModelForSequenceClassification;
import io.trainer4j.model.CausalLM;
import io.trainer4j.model.ModelConfig;
import io.trainer4j.model.PretrainedModel;
import io.trainer4j.model.SequenceClassifier;
import io.trainer4j.tensor.Engine;
import io.trainer4j.tensor.RandomState;
import io.trainer4j.tensor.TensorData;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.global.torch;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Models of a few thousand weights, and rows for them that need no tokenizer. */
public final class TinyModels {
    public static final int VOCABULARY = 64;

    static {
        // Threads do not pay for so little work, and on a busy machine they wait for each other most of the time.
        Engine.load();
        torch.set_num_threads(1);
    }

    private TinyModels() {}

    /** A Qwen2 decoder with tied embeddings; the caller closes it. */
    public static CausalLM causalLM(long seed) {
        return causalLM(seed, json -> {});
    }

    /** The same with a changed configuration, such as {@code json.put("attention_dropout", 0.5)}. */
    public static CausalLM causalLM(long seed, Consumer<ObjectNode> change) {
        ObjectNode json = JsonMapper.shared()
                .createObjectNode()
                .put("model_type", "qwen2")
                .put("vocab_size", VOCABULARY)
                .put("hidden_size", 16)
                .put("intermediate_size", 32)
                .put("num_hidden_layers", 2)
                .put("num_attention_heads", 2)
                .put("num_key_value_heads", 1)
                .put("max_position_embeddings", 1024)
                .put("tie_word_embeddings", true)
                .put("initializer_range", 0.2);
        change.accept(json);
        RandomState.manualSeed(seed);
        return AutoModelForCausalLM.fromConfig(ModelConfig.of(json));
    }

    /**
     * A classifier over such a decoder; the caller closes it.
     *
     * @param folder empty, for the decoder's files
     */
    public static SequenceClassifier classifier(long seed, Path folder, int labels, double dropout) {
        try (CausalLM decoder = causalLM(seed, json -> json.put("attention_dropout", dropout))) {
            decoder.savePretrained(folder);
        }
        return AutoModelForSequenceClassification.fromPretrained(folder, labels);
    }

    /** Rows of 4 to 9 tokens as {@code input_ids} and {@code labels}; the first two tokens are not trained. */
    public static Dataset sentences(int rows) {
        List<int[]> ids = IntStream.range(0, rows).mapToObj(TinyModels::tokens).toList();
        List<int[]> labels = ids.stream()
                .map(row -> IntStream.range(0, row.length)
                        .map(t -> t < 2 ? -100 : row[t])
                        .toArray())
                .toList();
        return Dataset.of(columns("input_ids", ids, "labels", labels));
    }

    /** Rows of 4 to 9 tokens as {@code input_ids} and a class below {@code classes} as {@code label}. */
    public static Dataset labelled(int rows, int classes) {
        return Dataset.of(columns(
                "input_ids",
                        IntStream.range(0, rows).mapToObj(TinyModels::tokens).toList(),
                "label",
                        IntStream.range(0, rows)
                                .mapToObj(r -> (long) (r % classes))
                                .toList()));
    }

    private static int[] tokens(int row) {
        return IntStream.range(0, 4 + row * 5 % 6)
                .map(t -> 1 + (row * 7 + t * t * 3) % (VOCABULARY - 1))
                .toArray();
    }

    private static Map<String, List<?>> columns(String first, List<?> values, String second, List<?> others) {
        Map<String, List<?>> columns = new LinkedHashMap<>();
        columns.put(first, values);
        columns.put(second, others);
        return columns;
    }

    /** A copy of all weights, to compare before and after. */
    public static Map<String, float[]> weights(PretrainedModel model) {
        Map<String, float[]> copies = new LinkedHashMap<>();
        model.parameters().asMap().forEach((name, tensor) -> copies.put(name, TensorData.toFloats(tensor)));
        return copies;
    }
}
