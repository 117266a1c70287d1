package io.trainer4j.model;

import io.trainer4j.UsageException;
import io.trainer4j.tensor.Device;
import io.trainer4j.tensor.Scope;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/** An adapter on a model: what it adds to modules, and its own copies of parameters that it trains whole; owner of both. */
final class Adapter implements AutoCloseable {
    private final LoraConfig config;
    private final Map<String, LoraLayer> layers;
    private final Map<String, Tensor> replaced;
    private final Map<String, Tensor> trainable = new LinkedHashMap<>();

    /**
     * Takes layers and tensors over.
     *
     * @param config with {@code target_modules} and {@code modules_to_save} as decided for the model
     * @param layers by module
     * @param replaced by parameter
     */
    Adapter(String name, LoraConfig config, Map<String, LoraLayer> layers, Map<String, Tensor> replaced) {
        this.config = config;
        this.layers = layers;
        this.replaced = replaced;
        layers.forEach((module, layer) -> layer.tensors()
                .forEach((suffix, tensor) -> trainable.put(module + "." + withName(suffix, name), tensor)));
        trainable.putAll(replaced);
    }

    private static String withName(String suffix, String name) {
        return suffix.endsWith(".weight") ? suffix.replace(".weight", "." + name + ".weight") : suffix + "." + name;
    }

    /**
     * A new adapter, drawn from the default random stream.
     *
     * @param whole the parameters that can be trained whole, by name
     * @throws UsageException if the configuration names no module of the model
     */
    static Adapter create(
            String name, LoraTargets targets, Parameters parameters, Map<String, Supplier<Tensor>> whole) {
        List<LoraTargets.Module> modules = targets.targeted();
        if (modules.isEmpty()) {
            throw new UsageException("No module of the model is named as target_modules "
                    + targets.config().targetModules() + " say; its last layer's are "
                    + targets.modules().stream()
                            .filter(module -> !module.isTable())
                            .map(module -> module.name().replaceFirst(".*\\.\\d+\\.", ""))
                            .distinct()
                            .toList()
                    + ".");
        }
        if (modules.stream().anyMatch(LoraTargets.Module::isHead)) {
            throw new UsageException("lm_head is trained whole or not at all; name it in modules_to_save instead of"
                    + " target_modules.");
        }
        Map<String, LoraLayer> layers = new LinkedHashMap<>();
        Map<String, Tensor> replaced = new LinkedHashMap<>();
        try {
            for (LoraTargets.Module module : modules) {
                layers.put(
                        module.name(),
                        LoraStart.layer(
                                targets, module, parameters.baseWeight(module.name() + ".weight", module.isConv1D())));
            }
            whole.forEach((parameter, values) -> {
                if (isReplaced(parameter, targets, layers)) {
                    replaced.put(parameter, copy(values));
                }
            });
            return new Adapter(name, targets.config(), layers, replaced);
        } catch (RuntimeException e) {
            layers.values().forEach(LoraLayer::close);
            replaced.values().forEach(Tensor::close);
            throw e;
        }
    }

    private static boolean isReplaced(String parameter, LoraTargets targets, Map<String, LoraLayer> layers) {
        String module = LoraTargets.module(parameter);
        if (!layers.containsKey(module) && targets.isSaved(module)) {
            return true;
        }
        return parameter.endsWith(".bias")
                && switch (targets.config().bias()) {
                    case NONE -> false;
                    case ALL -> true;
                    case LORA_ONLY -> layers.containsKey(module);
                };
    }

    private static Tensor copy(Supplier<Tensor> values) {
        try (Scope scope = Scope.open()) {
            return Scope.own(values.get().detach().clone().set_requires_grad(true));
        }
    }

    boolean isPissa() {
        return layers.values().stream().anyMatch(LoraLayer::isPissa);
    }

    LoraConfig config() {
        return config;
    }

    /** By module. */
    Map<String, LoraLayer> layers() {
        return Collections.unmodifiableMap(layers);
    }

    /** Its own tensors in the place of the base model's, by parameter. */
    Map<String, Tensor> replaced() {
        return Collections.unmodifiableMap(replaced);
    }

    /** All tensors by name, in order. */
    Map<String, Tensor> trainable() {
        return Collections.unmodifiableMap(trainable);
    }

    /** What {@code adapter_model.safetensors} holds: PEFT's names, which leave out the adapter's own. */
    Map<String, Tensor> stored() {
        Map<String, Tensor> stored = new LinkedHashMap<>();
        layers.forEach((module, layer) -> layer.tensors()
                .forEach((suffix, tensor) -> stored.put(AdapterFiles.PREFIX + module + "." + suffix, tensor)));
        replaced.forEach((parameter, tensor) -> {
            String module = LoraTargets.module(parameter);
            stored.put(
                    AdapterFiles.PREFIX
                            + (layers.containsKey(module)
                                    ? module + ".base_layer" + parameter.substring(module.length())
                                    : parameter),
                    tensor);
        });
        return stored;
    }

    /** Has all tensors on another device, in place. */
    void to(Device device) {
        layers.values().forEach(layer -> layer.to(device));
        replaced.values().forEach(device::move);
    }

    /** Overwrites all values. */
    void copyFrom(Map<String, Tensor> values) {
        try (NoGradGuard noGrad = new NoGradGuard()) {
            stored().forEach((name, tensor) -> {
                try (Scope scope = Scope.open()) {
                    tensor.copy_(values.get(name));
                }
            });
        }
    }

    @Override
    public void close() {
        layers.values().forEach(LoraLayer::close);
        replaced.values().forEach(Tensor::close);
    }
}
