package io.trainer4j.model;

import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What stays of a {@link Decoder} from which parts are removed. Numbers are those before, in ascending order; the inner
 * arrays are found by the number of a layer before, and are of one length in all layers that stay.
 *
 * @param headDim size of a head
 * @param headsChange whether attention heads are removed
 */
record RemainingParts(
        int[] layers, int[][] heads, int[][] keyValueHeads, int[][] channels, int headDim, boolean headsChange) {
    private static final String LAYERS = "model.layers.";

    /** The configuration of what stays: one number of heads and channels for all layers, {@code head_dim} written out. */
    ModelConfig config(ModelConfig before) {
        ObjectNode json = before.json().deepCopy().asObject();
        json.put("num_hidden_layers", layers.length);
        json.put("intermediate_size", channels[layers[0]].length);
        if (headsChange) {
            json.put("num_attention_heads", heads[layers[0]].length);
            json.put("num_key_value_heads", keyValueHeads[layers[0]].length);
            json.put("head_dim", headDim); // by default hidden_size / num_attention_heads, which is no longer true
        }
        JsonNode types = before.json().path("layer_types");
        if (types.isArray()) {
            ArrayNode kept = json.putArray("layer_types");
            Arrays.stream(layers).forEach(layer -> kept.add(types.path(layer)));
        }
        if (json.path("max_window_layers").isIntegralNumber()) {
            int first = json.path("max_window_layers").asInt();
            json.put("max_window_layers", (int)
                    Arrays.stream(layers).filter(layer -> layer < first).count());
        }
        return ModelConfig.of(json);
    }

    /** The numbers of the removed layers. */
    List<Integer> removedLayers(int count) {
        return IntStream.range(0, count)
                .filter(layer -> Arrays.binarySearch(layers, layer) < 0)
                .boxed()
                .toList();
    }

    /** What a parameter of the smaller model was called before. */
    String nameBefore(String name) {
        return name.startsWith(LAYERS)
                ? LAYERS + layerBefore(name) + name.substring(name.indexOf('.', LAYERS.length()))
                : name;
    }

    private int layerBefore(String name) {
        return layers[Integer.parseInt(name.substring(LAYERS.length(), name.indexOf('.', LAYERS.length())))];
    }

    /**
     * What stays of a parameter.
     *
     * @param name in the smaller model
     * @param before the values before
     */
    Tensor of(String name, Tensor before) {
        if (!name.startsWith(LAYERS)) {
            return before;
        }
        int layer = layerBefore(name);
        String part = name.substring(name.indexOf('.', LAYERS.length()) + 1);
        return switch (part.substring(0, part.lastIndexOf('.'))) {
            case "self_attn.q_proj" -> selected(before, 0, ofHeads(heads[layer]));
            case "self_attn.k_proj", "self_attn.v_proj" -> selected(before, 0, ofHeads(keyValueHeads[layer]));
            case "self_attn.o_proj" -> part.endsWith("bias") ? before : selected(before, 1, ofHeads(heads[layer]));
            case "mlp.gate_proj", "mlp.up_proj" -> selected(before, 0, channels[layer]);
            case "mlp.down_proj" -> part.endsWith("bias") ? before : selected(before, 1, channels[layer]);
            default -> before;
        };
    }

    private int[] ofHeads(int[] kept) {
        return Arrays.stream(kept)
                .flatMap(head -> IntStream.range(head * headDim, (head + 1) * headDim))
                .toArray();
    }

    private static Tensor selected(Tensor tensor, long dimension, int[] kept) {
        if (tensor.size(dimension) == kept.length) {
            return tensor;
        }
        try (Scope scope = Scope.open()) {
            return scope.keep(tensor.index_select(dimension, TensorData.ints(kept)));
        }
    }
}
