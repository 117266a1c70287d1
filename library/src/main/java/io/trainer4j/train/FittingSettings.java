package io.trainer4j.train;

import io.trainer4j.model.BlockShape;
import io.trainer4j.model.Checkpointing;
import io.trainer4j.model.PretrainedModel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Settings under which a run fits into a limit while its effective batch stays. Those that leave the run's numbers as they
 * are come first, then those that change how weights are updated, then adapters in place of the weights; among equals the
 * fastest. What needs a change more than another one that fits is left out.
 */
final class FittingSettings {
    /** Time that halving a batch adds. */
    private static final double HALVED = 1.04;

    /** Time of an update with 8-bit moments, in updates with 32-bit ones. */
    private static final double EIGHT_BITS = 6;

    private static final int RANK = 8;
    private static final int MOST = 5;

    /** Form of the weights that adapters stand beside, with bytes per weight of matrix and embedding. */
    private enum Base {
        TRAINED(4, 4, 1, ""),
        FLOAT32(4, 4, 1, "--lora-r 8 --lora-target-modules all-linear"),
        BFLOAT16(2, 2, 1.1, "--lora-r 8 --lora-target-modules all-linear --dtype bfloat16"),
        FOUR_BITS(0.5625, 1.125, 1.3, "--lora-r 8 --lora-target-modules all-linear --load-in-4bit true");

        private final double matrix;
        private final double embedding;
        private final double time;
        private final String words;

        Base(double matrix, double embedding, double time, String words) {
            this.matrix = matrix;
            this.embedding = embedding;
            this.time = time;
            this.words = words;
        }
    }

    /**
     * One choice of settings.
     *
     * @param parts into how many a batch is divided, each accumulated
     * @param evaluated rows of an evaluation batch
     */
    private record Choice(
            int parts, int evaluated, boolean checkpoints, boolean eightBits, Base base, long bytes, double time) {
        int kind() {
            return base != Base.TRAINED ? 2 : eightBits ? 1 : 0;
        }

        /** What differs from the settings given; a smaller base counts as more. */
        Set<String> changes() {
            Set<String> changes = new TreeSet<>();
            for (int part = 2; part <= parts; part *= 2) {
                changes.add("parts" + part);
            }
            if (checkpoints) {
                changes.add("checkpoints");
            }
            if (eightBits) {
                changes.add("eightBits");
            }
            EnumSet.range(Base.TRAINED, base).forEach(form -> changes.add(form.name()));
            return changes;
        }
    }

    private final RunShape run;
    private final MemoryEstimate now;
    private final Probe probe;
    private final TrainingArguments arguments;
    private final PretrainedModel model;

    private FittingSettings(RunShape run, MemoryEstimate now, Probe probe) {
        this.run = run;
        this.now = now;
        this.probe = probe;
        arguments = run.setup().arguments();
        model = run.setup().model();
    }

    /**
     * Proposals in the order to be tried.
     *
     * @param now what the settings given take
     * @param probe how long they take, or null
     */
    static List<RunPlan.Item> of(RunShape run, MemoryEstimate now, Probe probe, long limit) {
        return new FittingSettings(run, now, probe).proposals(limit);
    }

    private List<RunPlan.Item> proposals(long limit) {
        List<Choice> fitting = all().stream()
                .filter(choice -> choice.bytes <= limit && !words(choice).isEmpty())
                .sorted(Comparator.comparingInt(Choice::kind).thenComparingDouble(Choice::time))
                .toList();
        List<RunPlan.Item> items = fitting.stream()
                .filter(choice -> fitting.stream()
                        .noneMatch(other ->
                                !other.equals(choice) && choice.changes().containsAll(other.changes())))
                .limit(MOST)
                .map(this::item)
                .toList();
        if (!items.isEmpty()) {
            return items;
        }
        Choice smallest =
                all().stream().min(Comparator.comparingLong(Choice::bytes)).orElseThrow();
        return List.of(new RunPlan.Item(
                "none fits",
                "%s with %s".formatted(MemorySize.text(smallest.bytes), words(smallest)),
                "the least found; lower --max-length, use a smaller model or freeze layers"));
    }

    private RunPlan.Item item(Choice choice) {
        return new RunPlan.Item(
                "fits",
                words(choice),
                "%s, about %.2f times the time".formatted(MemorySize.text(choice.bytes), choice.time));
    }

    private String words(Choice choice) {
        List<String> words = new ArrayList<>();
        if (choice.parts > 1) {
            words.add("--per-device-train-batch-size " + arguments.perDeviceTrainBatchSize() / choice.parts);
            words.add("--gradient-accumulation-steps " + arguments.gradientAccumulationSteps() * choice.parts);
        }
        if (choice.evaluated < arguments.perDeviceEvalBatchSize()) {
            words.add("--per-device-eval-batch-size " + choice.evaluated);
        }
        if (choice.checkpoints) {
            words.add("--gradient-checkpointing true");
        }
        if (choice.eightBits) {
            words.add("--optim adamw_8bit");
        }
        if (choice.base != Base.TRAINED) {
            words.add(choice.base.words);
        }
        return String.join(" ", words);
    }

    private List<Choice> all() {
        boolean adamW = arguments.optim() == OptimizerNames.ADAMW_TORCH
                || arguments.optim() == OptimizerNames.ADAMW_TORCH_FUSED;
        boolean trainsAll = !model.isFrozen()
                && model.parameters().trainable().size()
                        == model.parameters().sizes().size();
        List<Choice> all = new ArrayList<>();
        for (int parts = 1; arguments.perDeviceTrainBatchSize() % parts == 0; parts *= 2) {
            for (boolean checkpoints :
                    arguments.gradientCheckpointing() ? new boolean[1] : new boolean[] {false, true}) {
                for (boolean eightBits : adamW ? new boolean[] {false, true} : new boolean[1]) {
                    for (Base base : trainsAll ? Base.values() : new Base[] {Base.TRAINED}) {
                        if (base == Base.TRAINED || !eightBits) {
                            all.add(choice(parts, checkpoints, eightBits, base));
                        }
                    }
                }
            }
        }
        return all;
    }

    private Choice choice(int parts, boolean checkpoints, boolean eightBits, Base base) {
        int evaluated = arguments.perDeviceEvalBatchSize();
        MemoryEstimate memory = memory(parts, evaluated, checkpoints, eightBits, base);
        long training = memory.withoutEvaluation().peak();
        while (memory.peak() > training && evaluated > 1) { // evaluations need not take more than training does
            evaluated = (evaluated + 1) / 2;
            memory = memory(parts, evaluated, checkpoints, eightBits, base);
        }
        return new Choice(
                parts,
                evaluated,
                checkpoints,
                eightBits,
                base,
                memory.peak(),
                time(parts, checkpoints, eightBits, base));
    }

    private MemoryEstimate memory(int parts, int evaluated, boolean checkpoints, boolean eightBits, Base base) {
        BlockShape block = model.blockShape();
        BatchShape whole = run.shape(run.longest());
        BatchShape batch = whole.ofRows((whole.rows() + parts - 1) / parts);
        int layers = model.layerNames().size();
        boolean adapters = base != Base.TRAINED;
        int recorded = adapters ? layers : layers - Freezing.frozenLayers(model);
        long rank = 4L * RANK * block.sides() * layers;
        long gradients = adapters ? rank : now.gradients();
        long early = adapters ? rank : parts > 1 ? gradients : now.early();
        TrainingArguments optimizer = eightBits ? arguments.optim(OptimizerNames.ADAMW_8BIT) : arguments;
        long state =
                adapters ? 2 * rank : OptimizerState.bytes(model.parameters().trainable(), optimizer);
        return new MemoryEstimate(
                now.process(),
                weights(base) + (adapters ? rank : 0),
                gradients,
                early,
                state,
                MemoryEstimate.activationBytes(
                        block,
                        batch,
                        recorded,
                        checkpoints ? Checkpointing.ALL : arguments.checkpointing(),
                        arguments.precision(model.device())),
                MemoryEstimate.blockBytes(block, batch),
                now.scores(),
                run.evaluationBytes(evaluated));
    }

    private long weights(Base base) {
        long matrices = model.blockShape().parameters() * model.layerNames().size();
        long others = model.parameters().count() - matrices;
        return base == Base.TRAINED || base == Base.FLOAT32
                ? now.weights()
                : (long) (matrices * base.matrix + others * base.embedding);
    }

    /** Without a probe a forward pass counts as a third of a step, and updates as nothing. */
    private double time(int parts, boolean checkpoints, boolean eightBits, Base base) {
        double tokens = (double) run.tokens() / run.plan().totalSteps();
        double forward = probe == null ? 1 : tokens * probe.secondsPerEvaluatedToken();
        double both = probe == null ? 3 : Math.max(forward, probe.computing().seconds(1, tokens));
        double update = probe == null ? 0 : probe.secondsPerUpdate();
        double before = both + update;
        boolean adapters = base != Base.TRAINED;
        double passes = (adapters ? forward + (both - forward) / 2 : both) + (checkpoints ? forward : 0);
        double halvings = Math.log(parts) / Math.log(2);
        double after = passes * base.time * Math.pow(HALVED, halvings)
                + (adapters ? 0 : update * (eightBits ? EIGHT_BITS : 1));
        return after / before;
    }
}
