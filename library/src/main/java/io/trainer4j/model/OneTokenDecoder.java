package io.trainer4j.model;

import io.trainer4j.tensor.RowAttention;
import io.trainer4j.tensor.RowProduct;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import io.trainer4j.tensor.TensorMemory;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * The {@link Decoder} for one token that follows those in a cache, computed on arrays with {@link RowProduct}s: at one row,
 * calls into libtorch take as long as what they compute, and its products do not reach the speed of the memory. Scores are
 * those of the {@link Decoder} within rounding, which includes that of rows to 8 bits where matrices have 8 or 4. Belongs to
 * one thread; valid as long as the model's weights are, of which norms and biases are copies.
 */
final class OneTokenDecoder {
    private final DecoderConfig config;
    private final int headDim;
    private final Weight embedding;
    private final List<Layer> layers;
    private final float[] finalNorm;
    private final RowProduct head;

    /** What a block of the decoder holds; a norm that it does not have is null. */
    record Weights(
            Tensor inputNorm,
            Tensor attentionNorm,
            Linear query,
            Linear key,
            Linear value,
            Linear output,
            Tensor queryNorm,
            Tensor keyNorm,
            Linear gate,
            Linear up,
            Linear down) {
        List<Linear> linears() {
            return List.of(query, key, value, output, gate, up, down);
        }
    }

    private OneTokenDecoder(
            DecoderConfig config, Weight embedding, List<Layer> layers, Tensor finalNorm, RowProduct head) {
        this.config = config;
        this.embedding = embedding;
        this.layers = layers;
        this.head = head;
        this.finalNorm = TensorData.toFloats(finalNorm);
        headDim = config.variant().headDim();
    }

    /**
     * Takes the weights.
     *
     * @return empty where one of them has no {@link RowProduct}, or the network is not gated by SiLU, or its heads do not
     *     fill vectors
     */
    static Optional<OneTokenDecoder> of(
            DecoderConfig config, Weight embedding, List<Weights> weights, Tensor finalNorm, Weight outputEmbedding) {
        Optional<RowProduct> head = outputEmbedding.rowProduct();
        boolean possible = head.isPresent()
                && config.activation() == Activation.SILU
                && config.variant().headDim() % RowAttention.HEAD_MULTIPLE == 0
                && config.intermediateSize() % RowAttention.LANES == 0
                && weights.stream()
                        .flatMap(layer -> layer.linears().stream())
                        .allMatch(linear -> linear.weight().rowProduct().isPresent());
        if (!possible) {
            return Optional.empty();
        }
        List<Layer> layers = weights.stream().map(Layer::new).toList();
        return Optional.of(new OneTokenDecoder(config, embedding, layers, finalNorm, head.get()));
    }

    /** Products that take the same row, and what is added to their results. */
    private static final class Products {
        private final RowProduct[] products;
        private final float[] bias;
        private final float[] results;

        Products(Linear... linears) {
            products = Arrays.stream(linears)
                    .map(linear -> linear.weight().rowProduct().orElseThrow())
                    .toArray(RowProduct[]::new);
            int size = Arrays.stream(products).mapToInt(RowProduct::rows).sum();
            results = new float[size];
            bias = Arrays.stream(linears).allMatch(linear -> linear.bias() == null) ? null : new float[size];
            int at = 0;
            for (Linear linear : linears) {
                if (linear.bias() != null) {
                    float[] values = TensorData.toFloats(linear.bias());
                    System.arraycopy(values, 0, bias, at, values.length);
                }
                at += Math.toIntExact(linear.weight().outFeatures());
            }
        }

        /** The results one after the other, until the next call. */
        float[] of(float[] x) {
            RowProduct.multiply(x, results, products);
            if (bias != null) {
                add(results, bias);
            }
            return results;
        }
    }

    /** One block. */
    private static final class Layer {
        private final float[] inputNorm;
        private final float[] attentionNorm;
        private final Products queryKeyValue;
        private final Products output;
        private final float[] queryNorm;
        private final float[] keyNorm;
        private final Products gateAndUp;
        private final Products down;
        private Tensor keys;
        private TensorMemory keyMemory;
        private Tensor values;
        private TensorMemory valueMemory;

        Layer(Weights weights) {
            inputNorm = TensorData.toFloats(weights.inputNorm());
            attentionNorm = TensorData.toFloats(weights.attentionNorm());
            queryKeyValue = new Products(weights.query(), weights.key(), weights.value());
            output = new Products(weights.output());
            queryNorm = weights.queryNorm() == null ? null : TensorData.toFloats(weights.queryNorm());
            keyNorm = weights.keyNorm() == null ? null : TensorData.toFloats(weights.keyNorm());
            gateAndUp = new Products(weights.gate(), weights.up());
            down = new Products(weights.down());
        }

        /** Looks where the cache's memory lies now. */
        @SuppressWarnings("ReferenceEquality") // another tensor is other memory, whatever its values
        void locate(KeyValueCache cache, int index) {
            Tensor currentKeys = cache.keysWithRoom(index);
            if (currentKeys != keys) {
                keys = currentKeys;
                keyMemory = TensorMemory.of(keys);
            }
            Tensor currentValues = cache.valuesWithRoom(index);
            if (currentValues != values) {
                values = currentValues;
                valueMemory = TensorMemory.of(values);
            }
        }
    }

    /**
     * Scores of the token that follows, {@code [vocabulary]}; the cache holds one more token afterwards.
     *
     * @param cache holds a token or more, of this model
     */
    float[] logits(int id, KeyValueCache cache) {
        int position = cache.length();
        float[] x = embedded(id);
        RotaryEmbedding.Turn turn = config.rope().turn(position);
        for (int i = 0; i < layers.size(); i++) {
            Layer layer = layers.get(i);
            layer.locate(cache, i);
            float[] attended = attention(layer, config.windows()[i], normed(x, layer.inputNorm), turn, position);
            add(x, layer.output.of(attended));
            float[] fed = layer.gateAndUp.of(normed(x, layer.attentionNorm));
            RowAttention.gatedSilu(fed, config.intermediateSize());
            add(x, layer.down.of(fed));
        }
        cache.advance(1);
        return head.apply(normed(x, finalNorm));
    }

    private float[] embedded(int id) {
        try (Scope scope = Scope.open()) {
            return TensorData.toFloats(
                    embedding.rows(ModelInput.of(new int[] {id}).ids(config.vocabSize())));
        }
    }

    private float[] attention(Layer layer, int window, float[] h, RotaryEmbedding.Turn turn, int position) {
        int heads = config.attentionHeads();
        int keyHeads = config.keyValueHeads();
        float[] all = layer.queryKeyValue.of(h);
        int keysAt = heads * headDim;
        int valuesAt = keysAt + keyHeads * headDim;
        for (int head = 0; head < heads + keyHeads; head++) {
            float[] norm = head < heads ? layer.queryNorm : layer.keyNorm;
            if (norm != null) {
                norm(all, head * headDim, norm, all, head * headDim);
            }
            turn.rotate(all, head * headDim);
        }
        long capacity = layer.keys.size(2);
        for (int head = 0; head < keyHeads; head++) {
            long at = (head * capacity + position) * headDim;
            layer.keyMemory.put(at, all, keysAt + head * headDim, headDim);
            layer.valueMemory.put(at, all, valuesAt + head * headDim, headDim);
        }
        float[] attended = new float[heads * headDim];
        int first = Math.max(0, position + 1 - window);
        RowAttention attention = new RowAttention(heads, keyHeads, headDim, (float) (1 / Math.sqrt(headDim)));
        attention.attend(all, layer.keyMemory, layer.valueMemory, capacity, first, position + 1, attended);
        return attended;
    }

    private float[] normed(float[] x, float[] scale) {
        float[] normed = new float[x.length];
        norm(x, 0, scale, normed, 0);
        return normed;
    }

    /** {@link Layers#rmsNorm} of as many values as {@code scale} has. */
    private void norm(float[] x, int from, float[] scale, float[] target, int to) {
        double squares = 0;
        for (int i = 0; i < scale.length; i++) {
            squares += x[from + i] * x[from + i];
        }
        float factor = (float) (1 / Math.sqrt(squares / scale.length + config.normEpsilon()));
        for (int i = 0; i < scale.length; i++) {
            target[to + i] = x[from + i] * factor * scale[i];
        }
    }

    private static void add(float[] sum, float[] added) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += added[i];
        }
    }
}
