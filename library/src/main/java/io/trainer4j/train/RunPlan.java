package io.trainer4j.train;

import io.trainer4j.model.Checkpointing;
import io.trainer4j.model.PeftModel;
import io.trainer4j.model.Precision;
import io.trainer4j.model.PretrainedModel;
import io.trainer4j.tensor.Device;
import io.trainer4j.tensor.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a run will do, each decision with its reason.
 *
 * @param items in the order to be read
 */
public record RunPlan(List<Item> items) {
    /** One decision. */
    public record Item(String name, String value, String reason) {}

    /** Copies the items. */
    public RunPlan {
        items = List.copyOf(items);
    }

    static RunPlan of(PretrainedModel model, TrainingArguments arguments, StepPlan plan, Objective objective) {
        List<Item> items = new ArrayList<>();
        Device.Choice choice = arguments.device();
        items.add(new Item("device", choice.device().name(), choice.reason()));
        items.add(new Item("threads", Integer.toString(Engine.threads()), "one per physical core"));
        if (model.isFrozen()) {
            items.add(ofFrozenWeights(model));
        } else {
            items.add(precision(arguments, choice.device()));
        }
        parameters(model, arguments).ifPresent(items::add);
        if (!model.newlyInitialized().isEmpty()) {
            items.add(new Item(
                    "new weights",
                    String.join(", ", model.newlyInitialized()),
                    "not among the model's files, so drawn at random and to be trained"));
        }
        items.add(objective.lossItem());
        Checkpointing checkpointing = arguments.checkpointing();
        if (checkpointing.everyLayers() > 0) {
            items.add(new Item(
                    "activations",
                    checkpointing.everyLayers() == 1
                            ? "recomputed in every layer"
                            : "recomputed in 1 of " + checkpointing.everyLayers() + " layers",
                    "gradient_checkpointing: less memory, more time, the same numbers"));
        }
        int effective = plan.batchSize() * arguments.gradientAccumulationSteps();
        items.add(new Item(
                "effective batch",
                effective + " rows",
                plan.batchSize() + " per batch, " + arguments.gradientAccumulationSteps() + " accumulated"));
        items.add(new Item(
                "steps",
                plan.totalSteps() + " in " + plan.epochs() + (plan.epochs() == 1 ? " epoch" : " epochs"),
                arguments.maxSteps() > 0
                        ? "max_steps"
                        : plan.stepsPerEpoch() + " per epoch of " + plan.rows() + " rows"));
        items.add(new Item(
                "learning rate",
                arguments.learningRate() + " "
                        + arguments.lrSchedulerType().name().toLowerCase(Locale.ROOT),
                arguments.warmupStepsOf(plan.totalSteps()) + " warmup steps"));
        return new RunPlan(items);
    }

    private static Item precision(TrainingArguments arguments, Device device) {
        if (arguments.pureBf16()) {
            return new Item("precision", "bf16", "pure_bf16: weights, gradients and optimizer state, without fp32");
        }
        if (arguments.fp16()) {
            return new Item(
                    "precision",
                    "fp16 products, fp32 weights",
                    "fp16: the loss is scaled by %.0f at first, so that".formatted(GradScaler.INITIAL_SCALE)
                            + " small gradients do not vanish");
        }
        if (!arguments.bf16()) {
            return new Item("precision", "fp32", "the weights are trained in full precision");
        }
        if (device.isCuda()) {
            return new Item("precision", "bf16 products, fp32 weights", "bf16: a GPU multiplies fastest in 16 bits");
        }
        return arguments.precision(device) == Precision.BFLOAT16
                ? new Item(
                        "precision",
                        "bf16 products, fp32 weights",
                        Engine.bfloat16().reason())
                : new Item(
                        "precision",
                        "fp32 products, some of them kept in bf16",
                        "bf16: " + Engine.bfloat16().reason() + ", so that fp32 is faster and bf16 only smaller");
    }

    private static Optional<Item> parameters(PretrainedModel model, TrainingArguments arguments) {
        int bytes = arguments.pureBf16() ? 2 : 4;
        long all = model.parameters().count();
        long trained = model.parameters().trainableCount();
        String adapter = PeftModel.of(model).activeAdapter();
        if (adapter != null) {
            return Optional.of(new Item(
                    "parameters",
                    "%,d of %,d trained (%.2f %%)".formatted(trained, all, 100.0 * trained / all),
                    "adapter " + adapter + ": " + PeftModel.of(model).summary()));
        }
        if (arguments.freezes()) {
            return Optional.of(Freezing.decision(model, bytes));
        }
        return model.isFrozen()
                ? Optional.empty()
                : Optional.of(new Item(
                        "parameters",
                        "%.1f million, %.1f MiB with optimizer state".formatted(all / 1e6, all * 4 * bytes / 1048576.0),
                        "all are trained: " + bytes + " bytes each for weight, gradient and two AdamW moments"));
    }

    /** In which form weights are kept that are not trained. */
    public static Item ofFrozenWeights(PretrainedModel model) {
        return new Item(
                "weights",
                "%s; %.1f MiB for %.1f million"
                        .formatted(
                                model.weightForm(),
                                model.parameters().bytes() / 1048576.0,
                                model.parameters().count() / 1e6),
                model.weightFormReason());
    }

    /** The same plan with one more decision. */
    RunPlan with(Item last) {
        List<Item> all = new ArrayList<>(items);
        all.add(last);
        return new RunPlan(all);
    }

    /** The same plan with what a run will need at its end. */
    public RunPlan with(Forecast forecast) {
        List<Item> all = new ArrayList<>(items);
        all.addAll(forecast.items());
        return new RunPlan(all);
    }

    /** The same plan with decisions of the caller in front. */
    public RunPlan after(List<Item> first) {
        List<Item> all = new ArrayList<>(first);
        all.addAll(items);
        return new RunPlan(all);
    }

    /** One line per decision. */
    @Override
    public String toString() {
        int width = items.stream().mapToInt(item -> item.name().length()).max().orElse(0);
        return items.stream()
                .map(item -> ("  %-" + width + "s  %s (%s)").formatted(item.name(), item.value(), item.reason()))
                .collect(Collectors.joining("\n"));
    }
}
