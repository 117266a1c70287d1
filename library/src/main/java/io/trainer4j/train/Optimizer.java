package io.trainer4j.train;

import io.trainer4j.model.Parameters;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;

/** Moves the parameters of a model along their gradients; owner of the state it keeps for each of them. */
sealed interface Optimizer extends AutoCloseable permits AdamW, RuleOptimizer {
    /** Moves every parameter that has a gradient. */
    void step(double learningRate);

    /** Everything a checkpoint must hold to continue, named {@code parameter.state}. */
    Map<String, Tensor> state();

    /** Continues from saved state. */
    void restore(Function<String, Tensor> saved);

    /** Gives the model the weights that are to be measured and saved, where these are not the ones that are trained. */
    default void showResult() {}

    /** Gives the model back the weights that are trained. */
    default void goOnTraining() {}

    @Override
    void close();

    /**
     * The optimizer that {@code optim} names.
     *
     * @throws io.trainer4j.UsageException for a setting in {@code optim_args} that the optimizer does not have
     */
    static Optimizer of(Parameters parameters, TrainingArguments arguments) {
        NamedSettings settings = NamedSettings.parse("optim_args", arguments.optimArgs());
        String name = arguments.optim().name().toLowerCase(Locale.ROOT);
        Function<String, UpdateRule> rules = switch (arguments.optim()) {
            case ADAMW_TORCH, ADAMW_TORCH_FUSED ->
                arguments.pureBf16() ? all(PureBf16AdamW.rule(arguments, settings)) : null;
            case SGD -> all(ClassicRules.sgd(settings));
            case ADAGRAD -> all(ClassicRules.adagrad(settings));
            case RMSPROP -> all(ClassicRules.rmsprop(settings));
            case LION_32BIT -> all(ClassicRules.lion(arguments));
            case ADAFACTOR -> AdafactorRule.choose(parameters, settings);
            case ADAMW_8BIT, ADAMW_BNB_8BIT -> {
                settings.requireAllKnown(name); // before its tables take native memory
                yield EightBitAdamW.choose(parameters, arguments);
            }
            case SCHEDULE_FREE_ADAMW -> all(ScheduleFreeAdamW.rule(arguments, settings));
            case MUON -> MuonRule.choose(parameters, arguments, settings);
        };
        settings.requireAllKnown(name);
        return rules == null
                ? new AdamW(parameters, arguments)
                : new RuleOptimizer(parameters, arguments.weightDecay(), rules);
    }

    private static Function<String, UpdateRule> all(UpdateRule rule) {
        return name -> rule;
    }
}
