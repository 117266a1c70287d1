package io.trainer4j.model;

import static io.trainer4j.model.ParameterSpec.weight;

import io.trainer4j.TrainerException;
import io.trainer4j.model.ParameterSpec.Role;
import io.trainer4j.tensor.Device;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * GPT-2: pre-norm blocks with learned positions, whose weight matrices are stored {@code [in, out]}.
 *
 * @see <a href="https://github.com/huggingface/transformers">transformers/models/gpt2/modeling_gpt2.py</a>
 */
final class Gpt2 implements CausalBackbone {
    private static final String EMBEDDING = "transformer.wte.weight";
    private final EmbeddingNoise embeddingNoise = new EmbeddingNoise();

    private final int vocabSize;
    private final int hiddenSize;
    private final int intermediateSize;
    private final int layerCount;
    private final int attentionHeads;
    private final int maxPositions;
    private final Activation activation;
    private final double normEpsilon;
    private final double initializerRange;
    private final double residualDropout;
    private final double embeddingDropout;
    private final double attentionDropout;
    private final boolean scaleByHead;
    private final boolean scaleByLayer;
    private TokenEmbedding words;
    private Tensor positions;
    private LayerNorm finalNorm;
    private List<Layer> layers;

    Gpt2(ModelConfig config) {
        if (config.flag("add_cross_attention")) {
            throw new TrainerException(config.source()
                    + " asks for add_cross_attention, which this version does not compute; set it to false.");
        }
        vocabSize = config.integer("vocab_size", 50_257);
        hiddenSize = config.integer("n_embd", 768);
        intermediateSize = config.integer("n_inner", 4 * hiddenSize);
        layerCount = config.integer("n_layer", 12);
        attentionHeads = config.integer("n_head", 12);
        maxPositions = config.integer("n_positions", 1024);
        activation = Activation.of(config, "activation_function", "gelu_new");
        normEpsilon = config.number("layer_norm_epsilon", 1e-5);
        initializerRange = config.number("initializer_range", 0.02);
        residualDropout = config.number("resid_pdrop", 0.1);
        embeddingDropout = config.number("embd_pdrop", 0.1);
        attentionDropout = config.number("attn_pdrop", 0.1);
        scaleByHead = config.json().path("scale_attn_weights").asBoolean(true);
        scaleByLayer = config.flag("scale_attn_by_inverse_layer_idx");
    }

    @Override
    public EmbeddingNoise embeddingNoise() {
        return embeddingNoise;
    }

    @Override
    public List<ParameterSpec> parameters() {
        List<ParameterSpec> specs = new ArrayList<>();
        specs.add(weight(EMBEDDING, vocabSize, hiddenSize).as(Role.EMBEDDING));
        specs.add(weight("transformer.wpe.weight", maxPositions, hiddenSize));
        double residual = 1 / Math.sqrt(2.0 * layerCount);
        for (int i = 0; i < layerCount; i++) {
            String layer = "transformer.h." + i + ".";
            LayerNorm.declare(specs, layer + "ln_1", hiddenSize);
            declare(specs, layer + "attn.c_attn", hiddenSize, 3L * hiddenSize, 1);
            declare(specs, layer + "attn.c_proj", hiddenSize, hiddenSize, residual);
            LayerNorm.declare(specs, layer + "ln_2", hiddenSize);
            declare(specs, layer + "mlp.c_fc", hiddenSize, intermediateSize, 1);
            declare(specs, layer + "mlp.c_proj", intermediateSize, hiddenSize, residual);
        }
        LayerNorm.declare(specs, "transformer.ln_f", hiddenSize);
        return specs;
    }

    @Override
    public void bind(Parameters parameters) {
        words = TokenEmbedding.of(parameters, EMBEDDING);
        positions = parameters.get("transformer.wpe.weight");
        finalNorm = LayerNorm.of(parameters, "transformer.ln_f", normEpsilon);
        layers = new ArrayList<>();
        for (int i = 0; i < layerCount; i++) {
            layers.add(new Layer(i, parameters));
        }
    }

    @Override
    public String prefix() {
        return "transformer.";
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
    public int maxPositions(ModelConfig config) {
        return maxPositions;
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
        return task == Task.CAUSAL_LM ? "GPT2LMHeadModel" : task.of("GPT2");
    }

    /** The causal mask, which old files store. */
    @Override
    public boolean isUnused(String name) {
        return name.endsWith(".attn.bias") || name.endsWith(".attn.masked_bias");
    }

    @Override
    public int layerCount() {
        return layerCount;
    }

    @Override
    public boolean tiedByDefault() {
        return true;
    }

    @Override
    public List<String> layerNames() {
        return IntStream.range(0, layerCount())
                .mapToObj(i -> "transformer.h." + i + ".")
                .toList();
    }

    @Override
    public boolean dropsOut() {
        return residualDropout > 0 || embeddingDropout > 0 || attentionDropout > 0;
    }

    @Override
    public Tensor hiddenStates(ModelInput input, KeyValueCache cache, Pass pass) {
        int past = cache == null ? 0 : cache.length();
        input.requireFitting(past, maxPositions);
        try (Scope scope = Scope.open()) {
            Device device = Device.of(positions);
            CausalMasks masks = CausalMasks.of(input, past, pass, device, CausalMasks.UNLIMITED);
            Tensor ids = device.putNew(input.ids(vocabSize));
            Tensor x = embeddingNoise.apply(words.apply(ids, -1, pass), pass).add(positionsOf(input, past, device));
            x = pass.dropout(x, embeddingDropout);
            for (Layer layer : layers) {
                x = pass.block(x, layer.isTrainable(), (in, p) -> layer.forward(in, masks, cache, p));
            }
            if (cache != null) {
                cache.advance(input.length());
            }
            return scope.keep(finalNorm.apply(x));
        }
    }

    private Tensor positionsOf(ModelInput input, int past, Device device) {
        return input.isPacked()
                ? positions.index_select(0, device.putNew(TensorData.ints(input.positions())))
                : positions.narrow(0, past, input.length());
    }

    /** An affine map whose weight is {@code [in, out]}. */
    private static void declare(List<ParameterSpec> specs, String name, long in, long out, double gain) {
        specs.add(ParameterSpec.weight(name + ".weight", in, out).scaledBy(gain).as(Role.CONV1D));
        specs.add(ParameterSpec.bias(name + ".bias", out));
    }

    /** One block. */
    private final class Layer {
        private final Parameters parameters;
        private final int index;
        private final String name;
        private final LayerNorm attentionNorm;
        private final Linear queryKeyValue;
        private final Linear output;
        private final LayerNorm feedForwardNorm;
        private final Linear up;
        private final Linear down;

        Layer(int index, Parameters parameters) {
            this.parameters = parameters;
            this.index = index;
            name = "transformer.h." + index + ".";
            attentionNorm = LayerNorm.of(parameters, name + "ln_1", normEpsilon);
            queryKeyValue = Linear.ofConv1D(parameters, name + "attn.c_attn");
            output = Linear.ofConv1D(parameters, name + "attn.c_proj");
            feedForwardNorm = LayerNorm.of(parameters, name + "ln_2", normEpsilon);
            up = Linear.ofConv1D(parameters, name + "mlp.c_fc");
            down = Linear.ofConv1D(parameters, name + "mlp.c_proj");
        }

        boolean isTrainable() {
            return parameters.isTrainable(name);
        }

        private OptionalDouble scale() {
            double byHead = scaleByHead ? 1 / Math.sqrt((double) hiddenSize / attentionHeads) : 1;
            return OptionalDouble.of(scaleByLayer ? byHead / (index + 1) : byHead);
        }

        Tensor forward(Tensor x, CausalMasks masks, KeyValueCache cache, Pass pass) {
            try (Scope scope = Scope.open()) {
                Tensor all = queryKeyValue.apply(attentionNorm.apply(x), pass);
                Tensor q = Layers.splitHeads(all.narrow(2, 0, hiddenSize), attentionHeads);
                Tensor k = Layers.splitHeads(all.narrow(2, hiddenSize, hiddenSize), attentionHeads);
                Tensor v = Layers.splitHeads(all.narrow(2, 2L * hiddenSize, hiddenSize), attentionHeads);
                if (cache != null) {
                    k = cache.appendKeys(index, k);
                    v = cache.appendValues(index, v);
                }
                double dropout = pass.training() ? attentionDropout : 0;
                Tensor attended = masks.attention(q, k, v, CausalMasks.UNLIMITED, scale(), dropout, pass);
                Tensor residual = pass.cut(x.add(pass.dropout(output.apply(attended, pass), residualDropout)));
                Tensor channels = activation.apply(up.apply(feedForwardNorm.apply(residual), pass));
                Tensor fed = pass.last(p -> down.apply(channels, p));
                return scope.keep(residual.add(pass.dropout(fed, residualDropout)));
            }
        }
    }
}
