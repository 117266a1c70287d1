package io.trainer4j.model;

import io.trainer4j.AtomicFile;
import io.trainer4j.UsageException;
import io.trainer4j.tensor.Device;
import io.trainer4j.tensor.HalfMatrix;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.StoredMatrix;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A network with its head and its weights, loaded from and saved to a Hugging Face folder. It owns its tensors until
 * {@link #close}. Weights are computed with in 32-bit floats whatever their type in the file or {@link #to in memory}, unless
 * {@link LoadOptions} say otherwise. Not thread-safe.
 */
public abstract sealed class PretrainedModel implements AutoCloseable permits CausalLM, MaskedLM, SequenceClassifier {
    static final long DEFAULT_SHARD_BYTES = 50_000_000_000L;

    private ModelConfig config;
    private final Backbone backbone;
    private final Parameters parameters;
    private final List<ParameterSpec> specs;
    private List<String> newlyInitialized;
    private final WeightForm form;
    private Device device = Device.CPU;
    private final PeftModel peft = new PeftModel(this);

    /**
     * Loads or initialises.
     *
     * @param head what the head adds to the backbone's parameters
     * @param files weights, or null for a new model drawn from the default random stream
     */
    PretrainedModel(ModelConfig config, Backbone backbone, List<ParameterSpec> head, WeightFiles files) {
        this.config = config;
        this.backbone = backbone;
        specs = new ArrayList<>(backbone.parameters());
        specs.addAll(head);
        Set<String> ofHead = head.stream().map(ParameterSpec::name).collect(Collectors.toSet());
        Predicate<String> mayBeNew = name -> headMayBeNew() && ofHead.contains(name);
        PackedWeights.requireReadable(config);
        if (files != null) {
            files.check(specs, mayBeNew, this::isLeftOut);
        }
        List<String> absent = new ArrayList<>();
        parameters = Parameters.create(
                specs,
                backbone.initializerRange(),
                name -> {
                    Tensor loaded = files == null ? null : files.load(name);
                    if (files != null && loaded == null) {
                        absent.add(name);
                    }
                    return loaded;
                },
                spec -> files == null || mayBeNew.test(spec.name()) ? null : files.matrix(spec));
        form = files == null ? WeightForm.FLOAT32 : files.form();
        if (isFrozen()) {
            parameters.asMap().forEach((name, tensor) -> tensor.set_requires_grad(mayBeNew.test(name)));
        }
        newlyInitialized = List.copyOf(absent);
        backbone.bind(parameters);
    }

    /** Whether the head is initialised where the files do not have it. */
    abstract boolean headMayBeNew();

    /** Tensors of another head, and of this network those that are no parameters. */
    private boolean isLeftOut(String name) {
        return !name.startsWith(backbone.prefix()) || backbone.isUnused(name);
    }

    /**
     * Keeps the weights in another number format: half of the memory in {@link DType#BFLOAT16}, rounded to 8 bits of
     * precision. Everything else is computed in 32 bits as before. A gradient has the format of its weight.
     *
     * @throws UsageException for {@link DType#FLOAT16}, whose range is too small for training
     */
    public void to(DType dtype) {
        if (dtype == DType.FLOAT16) {
            throw new UsageException("Weights are kept in float32 or bfloat16, not in float16; choose bfloat16.");
        }
        parameters.to(dtype.scalarType);
    }

    /**
     * Has the weights, and those of all adapters, on another device, where the model then computes. Gradients and what was
     * made from the weights before, such as an optimizer or a conversation's cache, stay where they are.
     *
     * @throws UsageException for a GPU where matrices are kept in 8 or 4 bits
     */
    public void to(Device target) {
        if (!target.equals(device)) {
            parameters.to(target);
            peft.to(target);
            device = target;
            backbone.bind(parameters);
        }
    }

    /** Where the model computes; at first the CPU. */
    public Device device() {
        return device;
    }

    /** What {@code config.json} says, including what this version does not use. */
    public ModelConfig config() {
        return config;
    }

    /** The weights. */
    public Parameters parameters() {
        return parameters;
    }

    /**
     * The weights that the opened folder did not have, so that they were drawn from the default random stream: those of a
     * new head, which has to be trained, unless an adapter brought them. Empty where all were loaded, and for a model made by {@code fromConfig}.
     */
    public List<String> newlyInitialized() {
        return newlyInitialized;
    }

    /** Whether the weights, except those of a new head, cannot be trained, since they are kept in fewer than 32 bits. */
    public boolean isFrozen() {
        return !parameters.frozen().isEmpty();
    }

    /** In which form the weight matrices are kept: {@code float32}, {@code 8 bits, a scale for 32 weights}. */
    public String weightForm() {
        return form.description(parameters.frozen().values());
    }

    /** Why the weights are kept as {@link #weightForm} says, and {@link #frozenProducts}. */
    public String weightFormReason() {
        return WeightForm.reason(parameters.frozen().values());
    }

    /** How products with weights that are not kept in 32 bits are computed on this machine, and why. */
    public static String frozenProducts() {
        return WeightForm.products();
    }

    /** Puts noise of this strength on token embeddings in {@link Mode#TRAIN}, as {@code neftune_noise_alpha}; 0 for none. */
    public void embeddingNoise(double alpha) {
        backbone.embeddingNoise().alpha(alpha);
    }

    /**
     * The same tokens without padding, where padding would only cost time: an input that is padded on the right becomes one
     * row of its documents, unless the model is on a GPU, which takes one large call sooner than one for each document. A
     * recorded pass then draws random numbers as if padding were there; one without a record that needs some keeps it.
     * Otherwise {@code input} itself.
     */
    public final ModelInput withoutPadding(ModelInput input, Pass pass) {
        boolean draws = draws(pass);
        if (!device.isCpu() || !input.canBePacked() || (draws && !pass.isRecorded())) {
            return input;
        }
        ModelInput packed = input.packed();
        if (draws) {
            pass.drawAs(new PaddedRandom(packed.documents(), input.length()));
        }
        return packed;
    }

    /** Whether the network draws random numbers for each token. */
    final boolean draws(Pass pass) {
        return pass.training() && (dropsOut() || !backbone.embeddingNoise().isOff());
    }

    /** What the names of each layer's parameters start with, from the lowest layer on; embeddings come before. */
    public List<String> layerNames() {
        return backbone.layerNames();
    }

    /** The shape of the network's blocks, all of which are alike. */
    public BlockShape blockShape() {
        return BlockShape.of(backbone, config, specs);
    }

    /** Whether the network or its active adapter drops out values in training. */
    public boolean dropsOut() {
        return backbone.dropsOut() || peft.dropsOut();
    }

    Backbone backbone() {
        return backbone;
    }

    PeftModel peft() {
        return peft;
    }

    /** All parameters without those of adapters, in order. */
    List<ParameterSpec> specs() {
        return specs;
    }

    /** The values of the parameters that an adapter may train whole, by name; a tied tensor has a name for each use. */
    Map<String, Supplier<Tensor>> trainableWhole() {
        Map<String, Supplier<Tensor>> whole = new LinkedHashMap<>();
        for (ParameterSpec spec : specs) {
            boolean conv1D = spec.role() == ParameterSpec.Role.CONV1D;
            whole.put(
                    spec.name(),
                    parameters.frozen().containsKey(spec.name())
                            ? () -> {
                                Tensor matrix = LoraLayer.dense(parameters.baseWeight(spec.name(), conv1D));
                                return conv1D ? matrix.t() : matrix;
                            }
                            : () -> parameters.base(spec.name()));
        }
        return whole;
    }

    /** Gives tensors that are tied, and of which an adapter changes one use, a copy for each use. */
    void separateTied(Adapter adapter) {
        String embedding = backbone.embeddingName();
        if (task() == Task.MASKED_LM
                && (adapter.layers().containsKey(LoraTargets.module(embedding))
                        || adapter.replaced().containsKey(embedding))) {
            throw new UsageException("The adapter changes " + embedding
                    + ", which a masked language model uses for its output too; it cannot be merged.");
        }
    }

    /** Tells that these parameters have values from files after all. */
    void areLoaded(Set<String> names) {
        newlyInitialized =
                newlyInitialized.stream().filter(name -> !names.contains(name)).toList();
    }

    /** Replaces what {@code config.json} says. */
    void config(ModelConfig other) {
        config = other;
    }

    /** Number of token ids the model can embed. */
    public int vocabSize() {
        return backbone.vocabSize();
    }

    /** Size of the vector that stands for a token. */
    public int hiddenSize() {
        return backbone.hiddenSize();
    }

    /**
     * Runs network and head.
     *
     * @return scores before softmax, belonging to the innermost open scope: {@code [batch, length, vocabulary]} for a
     *     language model, {@code [batch, labels]} for a classifier
     */
    public abstract Tensor logits(ModelInput input, Pass pass);

    /** As {@link #logits(ModelInput, Pass)}, in a pass without a record. */
    public final Tensor logits(ModelInput input, Mode mode) {
        return logits(input, Pass.of(mode));
    }

    /** What the head is for. */
    abstract Task task();

    /**
     * Replaces all weights with those of a folder saved from the same model.
     *
     * @throws io.trainer4j.TrainerException listing the tensors that are missing or do not fit
     */
    public void loadWeights(Path folder) {
        if (peft.loadActive(folder)) {
            return;
        }
        try (WeightFiles files = WeightFiles.open(folder, backbone.prefix())) {
            files.check(specs, name -> false, name -> false);
            parameters.copyFrom(files::load);
        }
    }

    /**
     * Checks that a folder's weight files are there and whole, without reading their tensors.
     *
     * @throws io.trainer4j.TrainerException naming the file that is missing or broken
     */
    public static void requireWeights(Path folder) {
        WeightFiles.open(folder, "").close();
    }

    /** Saves in 32-bit floats, or in bfloat16 what is kept in it; see {@link #savePretrained(Path, DType)}. */
    public void savePretrained(Path folder) {
        savePretrained(folder, isFrozen() ? DType.BFLOAT16 : DType.FLOAT32);
    }

    /** Saves in shards of at most 50 GB; see {@link #savePretrained(Path, DType, long)}. */
    public void savePretrained(Path folder, DType dtype) {
        savePretrained(folder, dtype, DEFAULT_SHARD_BYTES);
    }

    /**
     * Writes the active adapter alone where there is one, see {@link PeftModel}; else {@code config.json} and
     * {@code model.safetensors}, or shards with {@code model.safetensors.index.json}, so
     * that Python's {@code from_pretrained} opens the folder. Tied weights are written once. Weights that were there stay
     * usable until all new ones are written, and are then removed; other files in the folder stay.
     *
     * @param maxShardBytes limit of a weight file, as {@code max_shard_size}, 50 GB by default; only a tensor that is
     *     larger by itself makes a larger file
     * @throws UsageException where weights are kept in 8 or 4 bits
     * @throws io.trainer4j.TrainerException when the disk is full or the folder not writable
     */
    public void savePretrained(Path folder, DType dtype, long maxShardBytes) {
        if (peft.saveActive(folder)) {
            return;
        }
        try (Scope scope = Scope.open()) {
            new WeightShards(plainTensors(), dtype.scalarType, maxShardBytes).save(folder);
        }
        AtomicFile.writeString(
                folder.resolve("config.json"), config.toJson(backbone.architecture(task()), dtype.hubName()));
    }

    /** All weights, as files have them, in order. */
    private Map<String, Tensor> plainTensors() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (ParameterSpec spec : specs) {
            StoredMatrix matrix = parameters.frozen().get(spec.name());
            if (matrix == null) {
                tensors.put(spec.name(), parameters.get(spec.name()));
            } else if (matrix instanceof HalfMatrix half) {
                tensors.put(spec.name(), WeightForm.oriented(spec, half.values()));
            } else {
                throw new UsageException("The weights are kept in fewer than 16 bits (" + weightForm()
                        + ") and are not saved; save the adapter alone, or merge it into the original model.");
            }
        }
        return tensors;
    }

    /** Number format of saved weights. */
    public enum DType {
        FLOAT32(ScalarType.Float),
        BFLOAT16(ScalarType.BFloat16),
        FLOAT16(ScalarType.Half);

        private final ScalarType scalarType;

        DType(ScalarType scalarType) {
            this.scalarType = scalarType;
        }

        String hubName() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    @Override
    public void close() {
        peft.close();
        parameters.close();
    }
}
