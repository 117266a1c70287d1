package io.trainer4j.model;

import static io.trainer4j.model.ParameterSpec.bias;
import static io.trainer4j.model.ParameterSpec.scale;
import static io.trainer4j.model.ParameterSpec.weight;

import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The decoder of Qwen2, Qwen2.5 and Llama: pre-norm blocks of grouped-query attention with rotary positions and a gated
 * feed-forward network.
 *
 * @see <a href="https://github.com/huggingface/transformers">transformers/models/qwen2/modeling_qwen2.py,
 *     llama/modeling_llama.py</a>
 */
final class Decoder implements Backbone {
    private final DecoderConfig config;
    private final EmbeddingNoise embeddingNoise = new EmbeddingNoise();
    private final RotaryEmbedding rope;
    private Tensor embedding;
    private Tensor finalNorm;
    private List<Layer> layers;

    Decoder(DecoderConfig config) {
        this.config = config;
        this.rope = config.rope();
    }

    @Override
    public List<ParameterSpec> parameters() {
        long hidden = config.hiddenSize();
        long inner = config.intermediateSize();
        long queries = (long) config.attentionHeads() * config.headDim();
        long keys = (long) config.keyValueHeads() * config.headDim();
        List<ParameterSpec> specs = new ArrayList<>();
        specs.add(weight("model.embed_tokens.weight", config.vocabSize(), hidden));
        for (int i = 0; i < config.layers(); i++) {
            String layer = "model.layers." + i + ".";
            addLinear(specs, layer + "self_attn.q_proj", queries, hidden, config.queryKeyValueBias());
            addLinear(specs, layer + "self_attn.k_proj", keys, hidden, config.queryKeyValueBias());
            addLinear(specs, layer + "self_attn.v_proj", keys, hidden, config.queryKeyValueBias());
            addLinear(specs, layer + "self_attn.o_proj", hidden, queries, config.outputBias());
            addLinear(specs, layer + "mlp.gate_proj", inner, hidden, config.mlpBias());
            addLinear(specs, layer + "mlp.up_proj", inner, hidden, config.mlpBias());
            addLinear(specs, layer + "mlp.down_proj", hidden, inner, config.mlpBias());
            specs.add(scale(layer + "input_layernorm.weight", hidden));
            specs.add(scale(layer + "post_attention_layernorm.weight", hidden));
        }
        specs.add(scale("model.norm.weight", hidden));
        return specs;
    }

    private static void addLinear(List<ParameterSpec> specs, String name, long out, long in, boolean hasBias) {
        specs.add(weight(name + ".weight", out, in));
        if (hasBias) {
            specs.add(bias(name + ".bias", out));
        }
    }

    @Override
    public void bind(Parameters parameters) {
        embedding = parameters.get("model.embed_tokens.weight");
        finalNorm = parameters.get("model.norm.weight");
        layers = new ArrayList<>();
        for (int i = 0; i < config.layers(); i++) {
            layers.add(new Layer(i, parameters));
        }
    }

    @Override
    public String prefix() {
        return "model.";
    }

    @Override
    public EmbeddingNoise embeddingNoise() {
        return embeddingNoise;
    }

    @Override
    public int hiddenSize() {
        return config.hiddenSize();
    }

    @Override
    public int vocabSize() {
        return config.vocabSize();
    }

    @Override
    public double initializerRange() {
        return config.initializerRange();
    }

    int layerCount() {
        return config.layers();
    }

    @Override
    public Tensor hiddenStates(ModelInput input, KeyValueCache cache, boolean training) {
        try (Scope scope = Scope.open()) {
            int past = cache == null ? 0 : cache.length();
            RotaryEmbedding.Angles angles = rope.angles(past, input.length());
            Tensor mask = needsMask(input, past) ? causalMask(input, past) : null;
            Tensor x = torch.embedding(embedding, input.ids(config.vocabSize()), config.paddingIndex(), false, false);
            x = embeddingNoise.apply(x, training);
            for (Layer layer : layers) {
                x = layer.forward(x, angles, mask, cache, training);
            }
            if (cache != null) {
                cache.advance(input.length());
            }
            return scope.keep(Layers.rmsNorm(x, finalNorm, config.normEpsilon()));
        }
    }

    /**
     * Whether causal attention alone would be wrong: before left padding, and where several tokens follow cached ones,
     * because it counts queries and keys from the same start.
     */
    private static boolean needsMask(ModelInput input, int past) {
        return !input.isRightPadded() || (past > 0 && input.length() > 1);
    }

    /**
     * True where the query (row) may look at the key (column): not later and not padding; {@code [T, past + T]} without
     * padding, {@code [B, 1, T, T]} with.
     */
    private static Tensor causalMask(ModelInput input, int past) {
        int length = input.length();
        Tensor earlier = torch.ones(new long[] {length, past + length}, new TensorOptions(ScalarType.Bool))
                .tril(past);
        if (!input.isPadded()) {
            return earlier;
        }
        Tensor tokens = TensorData.ints(input.attentionMask()).to(ScalarType.Bool);
        return earlier.logical_and(tokens.view(input.rows(), 1, 1, length));
    }

    /** One block. */
    private final class Layer {
        private final int index;
        private final Tensor inputNorm;
        private final Tensor attentionNorm;
        private final Linear query;
        private final Linear key;
        private final Linear value;
        private final Linear output;
        private final Linear gate;
        private final Linear up;
        private final Linear down;

        Layer(int index, Parameters parameters) {
            String name = "model.layers." + index + ".";
            this.index = index;
            inputNorm = parameters.get(name + "input_layernorm.weight");
            attentionNorm = parameters.get(name + "post_attention_layernorm.weight");
            query = Linear.of(parameters, name + "self_attn.q_proj", config.queryKeyValueBias());
            key = Linear.of(parameters, name + "self_attn.k_proj", config.queryKeyValueBias());
            value = Linear.of(parameters, name + "self_attn.v_proj", config.queryKeyValueBias());
            output = Linear.of(parameters, name + "self_attn.o_proj", config.outputBias());
            gate = Linear.of(parameters, name + "mlp.gate_proj", config.mlpBias());
            up = Linear.of(parameters, name + "mlp.up_proj", config.mlpBias());
            down = Linear.of(parameters, name + "mlp.down_proj", config.mlpBias());
        }

        Tensor forward(Tensor x, RotaryEmbedding.Angles angles, Tensor mask, KeyValueCache cache, boolean training) {
            try (Scope scope = Scope.open()) {
                Tensor h = Layers.rmsNorm(x, inputNorm, config.normEpsilon());
                Tensor q = angles.rotate(Layers.splitHeads(query.apply(h), config.attentionHeads()));
                Tensor k = angles.rotate(Layers.splitHeads(key.apply(h), config.keyValueHeads()));
                Tensor v = Layers.splitHeads(value.apply(h), config.keyValueHeads());
                if (cache != null) {
                    k = cache.appendKeys(index, k);
                    v = cache.appendValues(index, v);
                }
                // A single query sees everything before it; several are masked causally among themselves.
                boolean causal = mask == null && q.size(2) > 1;
                Tensor attended = Layers.attention(q, k, v, mask, causal, training ? config.attentionDropout() : 0);
                Tensor residual = x.add(output.apply(attended));
                h = Layers.rmsNorm(residual, attentionNorm, config.normEpsilon());
                Tensor fed = down.apply(torch.silu(gate.apply(h)).mul(up.apply(h)));
                return scope.keep(residual.add(fed));
            }
        }
    }
}
