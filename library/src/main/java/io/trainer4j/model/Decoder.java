package io.trainer4j.model;

import static io.trainer4j.model.ParameterSpec.scale;
import static io.trainer4j.model.ParameterSpec.weight;

import io.trainer4j.tensor.Device;
import io.trainer4j.tensor.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * The decoder of {@link Llama}, {@link Mistral}, {@link Qwen2} and {@link Qwen3}: pre-norm blocks of grouped-query
 * attention with rotary positions and a gated feed-forward network.
 *
 * @see <a href="https://github.com/huggingface/transformers">transformers/models/qwen2/modeling_qwen2.py,
 *     qwen3/modeling_qwen3.py, llama/modeling_llama.py, mistral/modeling_mistral.py</a>
 */
final class Decoder implements CausalBackbone {
    private static final String EMBEDDING = "model.embed_tokens.weight";

    private final DecoderConfig config;
    private final EmbeddingNoise embeddingNoise = new EmbeddingNoise();
    private final RotaryEmbedding rope;
    private TokenEmbedding embedding;
    private Tensor finalNorm;
    private List<Layer> layers;

    Decoder(DecoderConfig config) {
        this.config = config;
        this.rope = config.rope();
    }

    DecoderConfig config() {
        return config;
    }

    @Override
    public List<ParameterSpec> parameters() {
        DecoderConfig.Variant variant = config.variant();
        long hidden = config.hiddenSize();
        long inner = config.intermediateSize();
        long queries = (long) config.attentionHeads() * variant.headDim();
        long keys = (long) config.keyValueHeads() * variant.headDim();
        List<ParameterSpec> specs = new ArrayList<>();
        specs.add(weight(EMBEDDING, config.vocabSize(), hidden).as(ParameterSpec.Role.EMBEDDING));
        for (int i = 0; i < config.layers(); i++) {
            String layer = "model.layers." + i + ".";
            Linear.declare(specs, layer + "self_attn.q_proj", queries, hidden, variant.queryKeyValueBias());
            Linear.declare(specs, layer + "self_attn.k_proj", keys, hidden, variant.queryKeyValueBias());
            Linear.declare(specs, layer + "self_attn.v_proj", keys, hidden, variant.queryKeyValueBias());
            Linear.declare(specs, layer + "self_attn.o_proj", hidden, queries, variant.outputBias());
            if (variant.queryKeyNorm()) {
                specs.add(scale(layer + "self_attn.q_norm.weight", variant.headDim()));
                specs.add(scale(layer + "self_attn.k_norm.weight", variant.headDim()));
            }
            Linear.declare(specs, layer + "mlp.gate_proj", inner, hidden, variant.mlpBias());
            Linear.declare(specs, layer + "mlp.up_proj", inner, hidden, variant.mlpBias());
            Linear.declare(specs, layer + "mlp.down_proj", hidden, inner, variant.mlpBias());
            specs.add(scale(layer + "input_layernorm.weight", hidden));
            specs.add(scale(layer + "post_attention_layernorm.weight", hidden));
        }
        specs.add(scale("model.norm.weight", hidden));
        return specs;
    }

    @Override
    public void bind(Parameters parameters) {
        embedding = TokenEmbedding.of(parameters, EMBEDDING);
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

    @Override
    public String embeddingName() {
        return EMBEDDING;
    }

    @Override
    public String architecture(Task task) {
        return task.of(config.variant().name());
    }

    @Override
    public int layerCount() {
        return config.layers();
    }

    @Override
    public List<String> layerNames() {
        return IntStream.range(0, layerCount())
                .mapToObj(i -> "model.layers." + i + ".")
                .toList();
    }

    @Override
    public boolean dropsOut() {
        return config.attentionDropout() > 0;
    }

    @Override
    public Tensor hiddenStates(ModelInput input, KeyValueCache cache, Pass pass) {
        try (Scope scope = Scope.open()) {
            int past = cache == null ? 0 : cache.length();
            Device device = Device.of(finalNorm);
            RotaryEmbedding.Angles angles = rope.angles(input, past, pass, device);
            CausalMasks masks = CausalMasks.of(input, past, pass, device, config.windows());
            Tensor ids = device.putNew(input.ids(config.vocabSize()));
            Tensor x = embedding.apply(ids, config.paddingIndex(), pass);
            x = embeddingNoise.apply(x, pass);
            for (Layer layer : layers) {
                x = pass.block(x, layer.isTrainable(), (in, p) -> layer.forward(in, angles, masks, cache, p));
            }
            if (cache != null) {
                cache.advance(input.length());
            }
            return scope.keep(Layers.rmsNorm(x, finalNorm, config.normEpsilon()));
        }
    }

    @Override
    public Optional<OneTokenDecoder> oneToken(Weight outputEmbedding) {
        return OneTokenDecoder.of(
                config, embedding.table(), layers.stream().map(Layer::weights).toList(), finalNorm, outputEmbedding);
    }

    /** One block. */
    private final class Layer {
        private final Parameters parameters;
        private final int index;
        private final String name;
        private final Tensor inputNorm;
        private final Tensor attentionNorm;
        private final Linear query;
        private final Linear key;
        private final Linear value;
        private final Linear output;
        private final Tensor queryNorm;
        private final Tensor keyNorm;
        private final Linear gate;
        private final Linear up;
        private final Linear down;

        Layer(int index, Parameters parameters) {
            this.parameters = parameters;
            this.index = index;
            name = "model.layers." + index + ".";
            inputNorm = parameters.get(name + "input_layernorm.weight");
            attentionNorm = parameters.get(name + "post_attention_layernorm.weight");
            DecoderConfig.Variant variant = config.variant();
            query = Linear.of(parameters, name + "self_attn.q_proj", variant.queryKeyValueBias());
            key = Linear.of(parameters, name + "self_attn.k_proj", variant.queryKeyValueBias());
            value = Linear.of(parameters, name + "self_attn.v_proj", variant.queryKeyValueBias());
            output = Linear.of(parameters, name + "self_attn.o_proj", variant.outputBias());
            queryNorm = variant.queryKeyNorm() ? parameters.get(name + "self_attn.q_norm.weight") : null;
            keyNorm = variant.queryKeyNorm() ? parameters.get(name + "self_attn.k_norm.weight") : null;
            gate = Linear.of(parameters, name + "mlp.gate_proj", variant.mlpBias());
            up = Linear.of(parameters, name + "mlp.up_proj", variant.mlpBias());
            down = Linear.of(parameters, name + "mlp.down_proj", variant.mlpBias());
        }

        boolean isTrainable() {
            return parameters.isTrainable(name);
        }

        OneTokenDecoder.Weights weights() {
            return new OneTokenDecoder.Weights(
                    inputNorm, attentionNorm, query, key, value, output, queryNorm, keyNorm, gate, up, down);
        }

        Tensor forward(Tensor x, RotaryEmbedding.Angles angles, CausalMasks masks, KeyValueCache cache, Pass pass) {
            try (Scope scope = Scope.open()) {
                Tensor h = pass.rmsNorm(x, inputNorm, config.normEpsilon());
                Tensor q = angles.rotate(heads(query, queryNorm, config.attentionHeads(), h, pass));
                Tensor k = angles.rotate(heads(key, keyNorm, config.keyValueHeads(), h, pass));
                Tensor v = Layers.splitHeads(value.apply(h, pass), config.keyValueHeads());
                if (cache != null) {
                    k = cache.appendKeys(index, k);
                    v = cache.appendValues(index, v);
                }
                int window = config.windows()[index];
                double dropout = pass.training() ? config.attentionDropout() : 0;
                Tensor attended = masks.attention(q, k, v, window, OptionalDouble.empty(), dropout, pass);
                pass.observer().attended(index, attended);
                Tensor residual = pass.cut(x.add(pass.passedOn(p -> output.apply(attended, p))));
                Tensor normed = pass.rmsNorm(residual, attentionNorm, config.normEpsilon());
                Tensor channels = pass.gated(config.activation(), gate.apply(normed, pass), up.apply(normed, pass));
                pass.observer().gated(index, channels);
                Tensor result = residual.add(pass.last(p -> down.apply(channels, p)));
                pass.observer().changed(index, x, result);
                return scope.keep(result);
            }
        }

        private Tensor heads(Linear projection, Tensor norm, int count, Tensor h, Pass pass) {
            return norm == null
                    ? Layers.splitHeads(pass.passedOn(p -> projection.apply(h, p)), count)
                    : Layers.rmsNorm(Layers.splitHeads(projection.apply(h, pass), count), norm, config.normEpsilon());
        }
    }
}
