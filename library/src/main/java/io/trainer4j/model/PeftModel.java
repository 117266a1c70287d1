package io.trainer4j.model;

import io.trainer4j.AtomicFile;
import io.trainer4j.UsageException;
import io.trainer4j.tensor.Device;
import io.trainer4j.tensor.Scope;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * The adapters of a model: small weights that are trained while the model's own stay as they are. The model itself
 * computes with the active adapter, wherever it is used; this only adds, chooses and removes them. They belong to the
 * model and are freed with it. Names and files are those of Python's PEFT 0.21.
 *
 * <pre>{@code
 * CausalLM model = AutoModelForCausalLM.fromPretrained("Qwen/Qwen2.5-0.5B-Instruct");
 * PeftModel peft = PeftModel.getPeftModel(model, new LoraConfig().r(8).loraAlpha(16).targetModules("all-linear"));
 * Trainer.builder(model, arguments)...build().train();   // trains and saves the adapter only
 * peft.loadAdapter(Path.of("other-adapter"), "other");
 * peft.setAdapter("other");
 * }</pre>
 */
public final class PeftModel {
    /** The adapter's name where none is given. */
    public static final String DEFAULT = "default";

    /** How adapters are mixed. */
    public enum Combination {
        /** {@code A} and {@code B} are added up each; the ranks must be equal. */
        LINEAR,
        /** {@code A} and {@code B} are put side by side: exactly the sum of what the adapters add. */
        CAT
    }

    private final PretrainedModel model;
    private final Map<String, Adapter> adapters = new LinkedHashMap<>();
    private String active;
    private boolean enabled = true;

    PeftModel(PretrainedModel model) {
        this.model = model;
    }

    /** The adapters of a model, at first none. */
    public static PeftModel of(PretrainedModel model) {
        return model.peft();
    }

    /**
     * Puts a new adapter called {@code default} on a model and freezes the model's own weights. The adapter is drawn from
     * the default random stream as in Python, so that the same seed gives the same adapter.
     */
    public static PeftModel getPeftModel(PretrainedModel model, LoraConfig config) {
        model.peft().addAdapter(DEFAULT, config);
        return model.peft();
    }

    /** Puts the adapter of a folder on a model, called {@code default}. */
    public static PeftModel fromPretrained(PretrainedModel model, Path folder) {
        model.peft().loadAdapter(folder, DEFAULT);
        return model.peft();
    }

    /**
     * Adds a new adapter and, if it is the first, makes it the active one.
     *
     * @throws UsageException if there is one of that name, or the configuration does not fit the model
     */
    public void addAdapter(String name, LoraConfig config) {
        requireNew(name);
        config.validate();
        put(name, create(name, resolved(withNew(config))));
    }

    /**
     * Adds the adapter of a folder and, if it is the first, makes it the active one.
     *
     * @param folder with {@code adapter_config.json} and {@code adapter_model.safetensors}
     * @throws io.trainer4j.TrainerException naming what is missing or does not fit
     */
    public void loadAdapter(Path folder, String name) {
        requireNew(name);
        Adapter adapter = create(name, resolved(AdapterConfig.read(folder)));
        try {
            AdapterFiles.load(folder, adapter);
        } catch (RuntimeException e) {
            adapter.close();
            throw e;
        }
        model.areLoaded(adapter.replaced().keySet());
        put(name, adapter);
    }

    private Adapter create(String name, LoraConfig config) {
        return Adapter.create(name, targets(config), model.parameters(), model.trainableWhole());
    }

    private void requireNew(String name) {
        if (adapters.containsKey(name)) {
            throw new UsageException("There is an adapter " + name + " already; delete it or choose another name.");
        }
    }

    private void put(String name, Adapter adapter) {
        adapters.put(name, adapter);
        if (active == null) {
            model.parameters().freezeBase();
            setAdapter(name);
        }
    }

    private LoraTargets targets(LoraConfig config) {
        return new LoraTargets(config, LoraTargets.Module.of(model.specs()));
    }

    /** A configuration that also trains and saves every weight that the model's files did not have. */
    private LoraConfig withNew(LoraConfig config) {
        List<String> saved = new ArrayList<>(config.modulesToSave() == null ? List.of() : config.modulesToSave());
        for (String parameter : model.newlyInitialized()) {
            String module = LoraTargets.module(parameter);
            if (!targets(withHead(config.modulesToSave(saved))).isSaved(module)) {
                saved.add(module);
            }
        }
        return saved.isEmpty() ? config : config.modulesToSave(saved);
    }

    /** A configuration that also trains and saves the head of a classifier, under any name it may have. */
    private LoraConfig withHead(LoraConfig config) {
        if (model.task() != Task.SEQUENCE_CLASSIFICATION) {
            return config;
        }
        Set<String> saved = new TreeSet<>(List.of("classifier", "score"));
        saved.addAll(config.modulesToSave() == null ? List.of() : config.modulesToSave());
        return config.modulesToSave(List.copyOf(saved));
    }

    /** What the model decides: the targets by name and the head of a classifier. */
    private LoraConfig resolved(LoraConfig config) {
        LoraConfig named =
                config.targetModules() == null ? config.targetModules(LoraTargets.defaults(model.config())) : config;
        if (named.baseModelNameOrPath() == null) {
            named = named.baseModelNameOrPath(model.config().nameOrPath());
        }
        named = withHead(named);
        if (named.targetModules().size() == 1
                && named.targetModules().get(0).equalsIgnoreCase(LoraTargets.ALL_LINEAR)) {
            named = named.targetModules(targets(named).targeted().stream()
                    .map(LoraTargets.Module::name)
                    .toList());
        }
        return named;
    }

    /** Makes an adapter the one the model computes with and trains. */
    public void setAdapter(String name) {
        active = require(name) == null ? null : name;
        enabled = true;
        rebind();
    }

    private Adapter require(String name) {
        Adapter adapter = adapters.get(name);
        if (adapter == null) {
            throw new UsageException("There is no adapter " + name + "; the model has " + adapters.keySet() + ".");
        }
        return adapter;
    }

    private void rebind() {
        model.parameters().activate(active == null || !enabled ? null : adapters.get(active));
        model.backbone().bind(model.parameters());
    }

    /** Has the model compute as without adapters, until {@link #enableAdapter} or {@link #setAdapter}. */
    public void disableAdapter() {
        enabled = false;
        rebind();
    }

    /** Has the model compute with the active adapter again. */
    public void enableAdapter() {
        enabled = true;
        rebind();
    }

    /** The name of the adapter the model computes with, or null. */
    public String activeAdapter() {
        return enabled ? active : null;
    }

    /** Whether the active adapter drops out values in training. */
    boolean dropsOut() {
        return activeAdapter() != null && adapters.get(active).config().loraDropout() > 0;
    }

    /** The adapters' names and what they are, in the order added. */
    public Map<String, LoraConfig> peftConfig() {
        Map<String, LoraConfig> configs = new LinkedHashMap<>();
        adapters.forEach((name, adapter) -> configs.put(name, adapter.config()));
        return configs;
    }

    /** What the active adapter is, in a few words. */
    public String summary() {
        LoraConfig config = require(activeAdapter()).config();
        return "%s of rank %d and alpha %s on %d modules%s"
                .formatted(
                        config.useDora() ? "DoRA" : "LoRA",
                        config.r(),
                        config.loraAlpha() == Math.rint(config.loraAlpha())
                                ? Long.toString((long) config.loraAlpha())
                                : Double.toString(config.loraAlpha()),
                        adapters.get(active).layers().size(),
                        adapters.get(active).replaced().isEmpty()
                                ? ""
                                : ", and " + adapters.get(active).replaced().size() + " tensors trained whole");
    }

    /** Removes an adapter; where it was the active one, the first of the others takes its place. */
    public void deleteAdapter(String name) {
        Adapter removed = require(name);
        adapters.remove(name);
        if (name.equals(active)) {
            active = adapters.keySet().stream().findFirst().orElse(null);
        }
        rebind();
        removed.close();
        if (adapters.isEmpty()) {
            model.parameters().thawBase();
        }
    }

    /**
     * Mixes adapters into a new one and, as with {@link #addAdapter}, leaves the active one as it is.
     *
     * @param names the adapters, without DoRA, PiSSA and modules trained whole
     * @param weights what each counts
     * @param name of the mixture
     * @throws UsageException if they cannot be mixed
     */
    public void addWeightedAdapter(List<String> names, List<Double> weights, String name, Combination combination) {
        requireNew(name);
        List<Adapter> parts = names.stream().map(this::require).toList();
        put(name, new WeightedAdapter(parts, weights, combination).mixed(name));
    }

    /** Removes all adapters; the model is the base model again, and can be trained. */
    public void unload() {
        List.copyOf(adapters.keySet()).forEach(this::deleteAdapter);
    }

    /**
     * Puts the active adapter into the model's own weights and removes all adapters; the model can be trained.
     *
     * @throws UsageException if no adapter is active
     */
    public void mergeAndUnload() {
        Adapter merged = require(activeAdapter());
        if (model.isFrozen()) {
            throw new UsageException("The model's weights are kept as " + model.weightForm()
                    + "; open it in float32 to merge an adapter into it.");
        }
        model.separateTied(merged);
        try (NoGradGuard noGrad = new NoGradGuard()) {
            for (LoraTargets.Module module : targets(merged.config()).targeted()) {
                try (Scope scope = Scope.open()) {
                    String name = module.name() + ".weight";
                    Tensor stored = model.parameters().base(name);
                    Tensor base = module.isConv1D() || module.isTable() ? stored.t() : stored;
                    Weight weight = model.parameters().baseWeight(name, module.isConv1D());
                    base.copy_(merged.layers().get(module.name()).merged(base, weight));
                }
            }
            merged.replaced()
                    .forEach((name, tensor) -> model.parameters().base(name).copy_(tensor));
        }
        unload();
    }

    /**
     * As {@link #mergeAndUnload()}, and compares what the model gives before and after for a few made-up texts.
     *
     * @param tolerance largest difference of two scores, relative to the largest score and at least absolute
     * @return the largest difference
     * @throws io.trainer4j.TrainerException if it is larger than that; the model must then not be used
     */
    public double mergeAndUnload(double tolerance) {
        return new MergeCheck(model).run(this::mergeAndUnload, tolerance);
    }

    /**
     * Writes all adapters: that called {@code default} into the folder, others into folders of their names in it.
     *
     * @throws io.trainer4j.TrainerException when the disk is full or the folder not writable
     */
    public void savePretrained(Path folder) {
        for (String name : new ArrayList<>(adapters.keySet())) {
            save(name.equals(DEFAULT) ? folder : folder.resolve(name), name);
        }
    }

    private void save(Path folder, String name) {
        Adapter adapter = adapters.get(name);
        boolean conv1D = targets(adapter.config()).targeted().stream().anyMatch(LoraTargets.Module::isConv1D);
        AdapterFiles.save(folder, adapter);
        AdapterConfig.write(
                folder,
                adapter.config(),
                model.config(),
                model.backbone().architecture(model.task()),
                model.task(),
                conv1D);
        if (model.task() == Task.SEQUENCE_CLASSIFICATION) {
            AtomicFile.writeString(
                    folder.resolve("config.json"),
                    model.config().toJson(model.backbone().architecture(model.task()), "float32"));
        }
    }

    /** Writes the active adapter into a folder; false where there is none. */
    boolean saveActive(Path folder) {
        if (active == null) {
            return false;
        }
        save(folder, active);
        return true;
    }

    /** Fills the active adapter from a folder; false where there is none. */
    boolean loadActive(Path folder) {
        if (active == null) {
            return false;
        }
        AdapterFiles.load(folder, adapters.get(active));
        return true;
    }

    /** Has all adapters on another device, in place. */
    void to(Device device) {
        adapters.values().forEach(adapter -> adapter.to(device));
    }

    void close() {
        adapters.values().forEach(Adapter::close);
        adapters.clear();
    }
}
