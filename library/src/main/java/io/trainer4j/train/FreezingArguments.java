package io.trainer4j.train;

import io.trainer4j.option.Option;
import java.util.List;

/** Which parameters are trained. */
abstract class FreezingArguments<T extends FreezingArguments<T>> extends OptimizationArguments<T> {
    @Option(help = "Train only the last so many layers and what stands on them; unset: all layers.", min = 1)
    Integer freezeTrainableLayers;

    @Option(
            help =
                    "Train only, or besides freeze_trainable_layers, parameters with these parts of their name; * is anything.")
    List<String> trainableModules;

    @Option(help = "Train no parameters with these parts of their name, such as embed_tokens or layers.0.")
    List<String> frozenModules;

    @Option(help = "Compute the frozen layers below the first trained one once for each row and keep that on disk.")
    boolean cacheFrozen = false;

    @Option(
            help =
                    "Weights of the layers' matrices that are zero when training begins stay zero: a pruned model stays so.")
    boolean keepZeros = false;

    /** Whether some parameters are to be frozen. */
    boolean freezes() {
        return freezeTrainableLayers != null || trainableModules != null || frozenModules != null;
    }

    public Integer freezeTrainableLayers() {
        return freezeTrainableLayers;
    }

    public T freezeTrainableLayers(int value) {
        return with(copy -> copy.freezeTrainableLayers = value);
    }

    public List<String> trainableModules() {
        return trainableModules;
    }

    public T trainableModules(List<String> value) {
        return with(copy -> copy.trainableModules = value == null ? null : List.copyOf(value));
    }

    public List<String> frozenModules() {
        return frozenModules;
    }

    public T frozenModules(List<String> value) {
        return with(copy -> copy.frozenModules = value == null ? null : List.copyOf(value));
    }

    public boolean cacheFrozen() {
        return cacheFrozen;
    }

    public T cacheFrozen(boolean value) {
        return with(copy -> copy.cacheFrozen = value);
    }

    public boolean keepZeros() {
        return keepZeros;
    }

    public T keepZeros(boolean value) {
        return with(copy -> copy.keepZeros = value);
    }
}
