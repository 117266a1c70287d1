package io.trainer4j.model;

import static io.trainer4j.model.ParameterSpec.bias;
import static io.trainer4j.model.ParameterSpec.weight;

import io.trainer4j.TrainerException;
import io.trainer4j.tensor.Device;
import io.trainer4j.tensor.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import tools.jackson.databind.JsonNode;

/**
 * The text decoder of Gemma 3: a scaled embedding, a norm before and after attention and feed-forward network, and layers
 * that see a window, with one rotary embedding, among layers that see everything, with another. Its norms multiply by
 * {@code 1 + weight}.
 *
 * @see <a href="https://github.com/huggingface/transformers">transformers/models/gemma3/modeling_gemma3.py</a>
 */
final class Gemma3 implements CausalBackbone {
    private static final String EMBEDDING = "model.embed_tokens.weight";
    private final EmbeddingNoise embeddingNoise = new EmbeddingNoise();

    private final int vocabSize;
    private final int hiddenSize;
    private final int intermediateSize;
    private final int attentionHeads;
    private final int keyValueHeads;
    private final int headDim;
    private final Activation activation;
    private final double normEpsilon;
    private final double initializerRange;
    private final double attentionDropout;
    private final double queryScale;
    private final int paddingIndex;
    private final boolean attentionBias;
    private final int[] windows;
    private final RotaryEmbedding globalRope;
    private final RotaryEmbedding localRope;
    private TokenEmbedding embedding;
    private Norm finalNorm;
    private List<Layer> layers;

    Gemma3(ModelConfig config) {
        JsonNode json = config.json();
        for (String key : List.of("final_logit_softcapping", "attn_logit_softcapping")) {
            if (json.path(key).isNumber()) {
                throw new TrainerException(config.source() + " asks for " + key
                        + ", which this version does not compute; set it to null.");
            }
        }
        if (config.flag("use_bidirectional_attention")) {
            throw new TrainerException(config.source()
                    + " asks for use_bidirectional_attention, which this version does not compute; set it to false.");
        }
        vocabSize = config.integer("vocab_size", 262_208);
        hiddenSize = config.integer("hidden_size", 2304);
        intermediateSize = config.integer("intermediate_size", 9216);
        attentionHeads = config.integer("num_attention_heads", 8);
        keyValueHeads = config.integer("num_key_value_heads", 4);
        headDim = config.integer("head_dim", 256);
        activation = Activation.of(config, "hidden_activation", "gelu_pytorch_tanh");
        normEpsilon = config.number("rms_norm_eps", 1e-6);
        initializerRange = config.number("initializer_range", 0.02);
        attentionDropout = config.number("attention_dropout", 0);
        queryScale = 1 / Math.sqrt(config.number("query_pre_attn_scalar", 256));
        paddingIndex = config.integer("pad_token_id", 0);
        attentionBias = config.flag("attention_bias");
        windows = windows(config);
        JsonNode rope = json.path("rope_parameters");
        JsonNode global = rope.path("full_attention");
        JsonNode local = rope.path("sliding_attention");
        globalRope = RotaryEmbedding.of(
                config,
                global.isObject() ? global : json.path("rope_scaling"),
                global.path("rope_theta").asDouble(config.number("rope_theta", 1_000_000)),
                headDim);
        localRope = RotaryEmbedding.of(
                config,
                local,
                local.path("rope_theta").asDouble(config.number("rope_local_base_freq", 10_000)),
                headDim);
    }

    /** By {@code layer_types}, else every {@code sliding_window_pattern}th layer sees everything. */
    private static int[] windows(ModelConfig config) {
        int[] windows = new int[config.integer("num_hidden_layers", 26)];
        JsonNode types = config.json().path("layer_types");
        int pattern = config.integer("sliding_window_pattern", 6);
        for (int i = 0; i < windows.length; i++) {
            boolean sliding =
                    types.isArray() ? types.path(i).asString("").equals("sliding_attention") : (i + 1) % pattern != 0;
            windows[i] = sliding ? config.integer("sliding_window", 4096) : CausalMasks.UNLIMITED;
        }
        return windows;
    }

    @Override
    public EmbeddingNoise embeddingNoise() {
        return embeddingNoise;
    }

    @Override
    public List<ParameterSpec> parameters() {
        long queries = (long) attentionHeads * headDim;
        long keys = (long) keyValueHeads * headDim;
        List<ParameterSpec> specs = new ArrayList<>();
        specs.add(weight(EMBEDDING, vocabSize, hiddenSize).as(ParameterSpec.Role.EMBEDDING));
        for (int i = 0; i < windows.length; i++) {
            String layer = "model.layers." + i + ".";
            Linear.declare(specs, layer + "self_attn.q_proj", queries, hiddenSize, attentionBias);
            Linear.declare(specs, layer + "self_attn.k_proj", keys, hiddenSize, attentionBias);
            Linear.declare(specs, layer + "self_attn.v_proj", keys, hiddenSize, attentionBias);
            Linear.declare(specs, layer + "self_attn.o_proj", hiddenSize, queries, attentionBias);
            Norm.declare(specs, layer + "self_attn.q_norm", headDim);
            Norm.declare(specs, layer + "self_attn.k_norm", headDim);
            Linear.declare(specs, layer + "mlp.gate_proj", intermediateSize, hiddenSize, false);
            Linear.declare(specs, layer + "mlp.up_proj", intermediateSize, hiddenSize, false);
            Linear.declare(specs, layer + "mlp.down_proj", hiddenSize, intermediateSize, false);
            Norm.declare(specs, layer + "input_layernorm", hiddenSize);
            Norm.declare(specs, layer + "post_attention_layernorm", hiddenSize);
            Norm.declare(specs, layer + "pre_feedforward_layernorm", hiddenSize);
            Norm.declare(specs, layer + "post_feedforward_layernorm", hiddenSize);
        }
        Norm.declare(specs, "model.norm", hiddenSize);
        return specs;
    }

    @Override
    public void bind(Parameters parameters) {
        embedding = TokenEmbedding.of(parameters, EMBEDDING);
        finalNorm = new Norm(parameters, "model.norm", normEpsilon);
        layers = new ArrayList<>();
        for (int i = 0; i < windows.length; i++) {
            layers.add(new Layer(i, parameters));
        }
    }

    @Override
    public String prefix() {
        return "model.";
    }

    @Override
    public int hiddenSize() {
        return hiddenSize;
    }

    @Override
    public int vocabSize() {
        return vocabSize;
    }

    @Override
    public double initializerRange() {
        return initializerRange;
    }

    @Override
    public String embeddingName() {
        return EMBEDDING;
    }

    @Override
    public String architecture(Task task) {
        return task.of(task == Task.CAUSAL_LM ? "Gemma3" : "Gemma3Text");
    }

    @Override
    public int layerCount() {
        return windows.length;
    }

    @Override
    public boolean tiedByDefault() {
        return true;
    }

    @Override
    public List<String> layerNames() {
        return IntStream.range(0, layerCount())
                .mapToObj(i -> "model.layers." + i + ".")
                .toList();
    }

    @Override
    public boolean dropsOut() {
        return attentionDropout > 0;
    }

    @Override
    public Tensor hiddenStates(ModelInput input, KeyValueCache cache, Pass pass) {
        try (Scope scope = Scope.open()) {
            int past = cache == null ? 0 : cache.length();
            Device device = Device.of(finalNorm.weight());
            RotaryEmbedding.Angles global = globalRope.angles(input, past, pass, device);
            RotaryEmbedding.Angles local = localRope.angles(input, past, pass, device);
            CausalMasks masks = CausalMasks.of(input, past, pass, device, windows);
            Tensor ids = device.putNew(input.ids(vocabSize));
            Tensor x = embedding.apply(ids, paddingIndex, pass).mul(new Scalar((float) Math.sqrt(hiddenSize)));
            x = embeddingNoise.apply(x, pass);
            for (Layer layer : layers) {
                RotaryEmbedding.Angles angles = layer.isGlobal() ? global : local;
                x = pass.block(x, layer.isTrainable(), (in, p) -> layer.forward(in, angles, masks, cache, p));
            }
            if (cache != null) {
                cache.advance(input.length());
            }
            return scope.keep(finalNorm.apply(x));
        }
    }

    /** Root-mean-square normalisation that multiplies by {@code 1 + weight}. */
    private record Norm(Tensor weight, double epsilon) {
        Norm(Parameters parameters, String name, double epsilon) {
            this(parameters.get(name + ".weight"), epsilon);
        }

        static void declare(List<ParameterSpec> specs, String name, long size) {
            specs.add(bias(name + ".weight", size)); // starts at 0
        }

        Tensor apply(Tensor x) {
            return Layers.rmsNorm(x, Layers.as(weight, x).add(new Scalar(1.0)), epsilon);
        }
    }

    /** One block. */
    private final class Layer {
        private final Parameters parameters;
        private final int index;
        private final String name;
        private final Linear query;
        private final Linear key;
        private final Linear value;
        private final Linear output;
        private final Norm queryNorm;
        private final Norm keyNorm;
        private final Linear gate;
        private final Linear up;
        private final Linear down;
        private final Norm inputNorm;
        private final Norm attendedNorm;
        private final Norm feedForwardNorm;
        private final Norm fedNorm;

        Layer(int index, Parameters parameters) {
            this.parameters = parameters;
            this.index = index;
            name = "model.layers." + index + ".";
            query = Linear.of(parameters, name + "self_attn.q_proj", attentionBias);
            key = Linear.of(parameters, name + "self_attn.k_proj", attentionBias);
            value = Linear.of(parameters, name + "self_attn.v_proj", attentionBias);
            output = Linear.of(parameters, name + "self_attn.o_proj", attentionBias);
            queryNorm = new Norm(parameters, name + "self_attn.q_norm", normEpsilon);
            keyNorm = new Norm(parameters, name + "self_attn.k_norm", normEpsilon);
            gate = Linear.of(parameters, name + "mlp.gate_proj", false);
            up = Linear.of(parameters, name + "mlp.up_proj", false);
            down = Linear.of(parameters, name + "mlp.down_proj", false);
            inputNorm = new Norm(parameters, name + "input_layernorm", normEpsilon);
            attendedNorm = new Norm(parameters, name + "post_attention_layernorm", normEpsilon);
            feedForwardNorm = new Norm(parameters, name + "pre_feedforward_layernorm", normEpsilon);
            fedNorm = new Norm(parameters, name + "post_feedforward_layernorm", normEpsilon);
        }

        boolean isTrainable() {
            return parameters.isTrainable(name);
        }

        boolean isGlobal() {
            return windows[index] == CausalMasks.UNLIMITED;
        }

        Tensor forward(Tensor x, RotaryEmbedding.Angles angles, CausalMasks masks, KeyValueCache cache, Pass pass) {
            try (Scope scope = Scope.open()) {
                Tensor h = pass.cut(inputNorm.apply(x));
                Tensor q = angles.rotate(queryNorm.apply(Layers.splitHeads(query.apply(h, pass), attentionHeads)));
                Tensor k = angles.rotate(keyNorm.apply(Layers.splitHeads(key.apply(h, pass), keyValueHeads)));
                Tensor v = Layers.splitHeads(value.apply(h, pass), keyValueHeads);
                if (cache != null) {
                    k = cache.appendKeys(index, k);
                    v = cache.appendValues(index, v);
                }
                double dropout = pass.training() ? attentionDropout : 0;
                Tensor attended =
                        masks.attention(q, k, v, windows[index], OptionalDouble.of(queryScale), dropout, pass);
                Tensor residual = pass.cut(x.add(attendedNorm.apply(output.apply(attended, pass))));
                h = pass.cut(feedForwardNorm.apply(residual));
                Tensor fed = down.apply(pass.gated(activation, gate.apply(h, pass), up.apply(h, pass)), pass);
                return scope.keep(residual.add(fedNorm.apply(fed)));
            }
        }
    }
}
