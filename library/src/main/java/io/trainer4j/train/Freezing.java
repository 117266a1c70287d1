package io.trainer4j.train;

import io.trainer4j.UsageException;
import io.trainer4j.model.PretrainedModel;
import io.trainer4j.tensor.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.bytedeco.pytorch.Tensor;

/**
 * Which parameters a run trains: those of the top layers and of what stands on them, those that match a pattern, or all;
 * less those that match a pattern of the frozen.
 */
final class Freezing {
    private final PretrainedModel model;
    private final TrainingArguments arguments;
    private final List<String> names;

    private Freezing(PretrainedModel model, TrainingArguments arguments) {
        this.model = model;
        this.arguments = arguments;
        names = List.copyOf(model.parameters().asMap().keySet());
    }

    /**
     * Freezes what the arguments say; parameters that are frozen already stay so.
     *
     * @throws UsageException if there are fewer layers, if a pattern matches no parameter, or if nothing is left to train
     */
    static void apply(PretrainedModel model, TrainingArguments arguments) {
        if (arguments.freezes()) {
            new Freezing(model, arguments).apply();
        }
    }

    private void apply() {
        Set<String> trained = new TreeSet<>();
        if (arguments.freezeTrainableLayers() != null) {
            trained.addAll(top(arguments.freezeTrainableLayers()));
        }
        if (arguments.trainableModules() != null) {
            trained.addAll(matching("trainable_modules", arguments.trainableModules()));
        } else if (arguments.freezeTrainableLayers() == null) {
            trained.addAll(names);
        }
        if (arguments.frozenModules() != null) {
            trained.removeAll(matching("frozen_modules", arguments.frozenModules()));
        }
        try (Scope scope = Scope.open()) {
            model.parameters().asMap().forEach((name, tensor) -> {
                if (!trained.contains(name)) {
                    tensor.set_requires_grad(false);
                }
            });
        }
        if (model.parameters().trainable().isEmpty()) {
            throw new UsageException("Nothing is left to train; give freeze_trainable_layers or trainable_modules more,"
                    + " or frozen_modules less.");
        }
    }

    /** The parameters of the last layers and all behind them; embeddings stand before the first. */
    private List<String> top(int count) {
        List<String> layers = model.layerNames();
        if (count > layers.size()) {
            throw new UsageException("Option freeze_trainable_layers is %d but the model has %d layers; lower it."
                    .formatted(count, layers.size()));
        }
        String first = layers.get(layers.size() - count);
        int from = 0;
        while (!names.get(from).startsWith(first)) {
            from++;
        }
        return names.subList(from, names.size());
    }

    private List<String> matching(String option, List<String> patterns) {
        List<String> all = new ArrayList<>();
        for (String pattern : patterns) {
            Pattern regex = regex(pattern);
            List<String> found =
                    names.stream().filter(name -> regex.matcher(name).find()).toList();
            if (found.isEmpty()) {
                throw new UsageException(
                        "Option %s has the pattern '%s', which matches no parameter; there are %s, ..., %s."
                                .formatted(option, pattern, names.get(0), names.get(names.size() - 1)));
            }
            all.addAll(found);
        }
        return all;
    }

    /** Whole parts of a dotted name, such as {@code self_attn} or {@code layers.3}; an asterisk stands for anything. */
    private static Pattern regex(String pattern) {
        return Pattern.compile("(^|\\.)" + Pattern.quote(pattern).replace("*", "\\E.*\\Q") + "($|\\.)");
    }

    /** How many layers at the bottom, embeddings included, hold nothing that is trained; 0 if the embeddings do. */
    static int frozenLayers(PretrainedModel model) {
        List<String> layers = model.layerNames();
        int frozen = -1;
        int layer = -1;
        for (var parameter : model.parameters().asMap().entrySet()) {
            while (layer + 1 < layers.size() && parameter.getKey().startsWith(layers.get(layer + 1))) {
                layer++;
            }
            Tensor tensor = parameter.getValue();
            if (tensor.requires_grad()) {
                frozen = Math.max(0, layer);
                break;
            }
        }
        return Math.max(0, frozen);
    }

    /**
     * What is trained, for the plan.
     *
     * @param bytes of a number
     */
    static RunPlan.Item decision(PretrainedModel model, int bytes) {
        long trained = model.parameters().trainable().values().stream()
                .mapToLong(Tensor::numel)
                .sum();
        long all = model.parameters().count();
        return new RunPlan.Item(
                "parameters",
                "%.1f of %.1f million trained, %.1f MiB with optimizer state"
                        .formatted(trained / 1e6, all / 1e6, (all + trained * 3) * bytes / 1048576.0),
                "the others are frozen: " + bytes
                        + " bytes each for weight, and for gradient and two AdamW moments where trained");
    }
}
