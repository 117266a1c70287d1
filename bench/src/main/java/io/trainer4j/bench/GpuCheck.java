package io.trainer4j.bench;

import io.trainer4j.UsageException;
import io.trainer4j.data.Dataset;
import io.trainer4j.model.AutoModelForCausalLM;
import io.trainer4j.model.CausalLM;
import io.trainer4j.model.GenerationConfig;
import io.trainer4j.model.LoadOptions;
import io.trainer4j.model.LoraConfig;
import io.trainer4j.model.Mode;
import io.trainer4j.model.ModelConfig;
import io.trainer4j.model.ModelInput;
import io.trainer4j.model.PeftModel;
import io.trainer4j.model.PretrainedModel;
import io.trainer4j.tensor.Device;
import io.trainer4j.tensor.RandomState;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import io.trainer4j.train.OptimizerNames;
import io.trainer4j.train.SaveStrategy;
import io.trainer4j.train.SchedulerType;
import io.trainer4j.train.TrainingArguments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import tools.jackson.databind.json.JsonMapper;

/**
 * Compares what the GPU computes with what the CPU does: forward passes of all families, training in fp32, bf16 and fp16,
 * recomputation, interruption, adapters, optimizers, generation. Prints a line for each check and exits with 1 if one failed.
 * Where there is no GPU both sides are the CPU, and fp16 is refused.
 */
public final class GpuCheck {
    private static final List<String> DECODERS = List.of("qwen2", "llama", "mistral", "qwen3", "gemma3_text", "gpt2");
    private static final List<String> ENCODERS = List.of("bert", "roberta", "distilbert");

    private final Device device = Device.choose(false).device();
    private final Path folder;
    private int failures;

    private GpuCheck(Path folder) {
        this.folder = folder;
    }

    /** Takes a folder for files, and names of checks, or none for all. */
    public static void main(String[] args) throws IOException {
        GpuCheck check = new GpuCheck(Path.of(args[0]));
        Files.createDirectories(check.folder);
        Device.Choice choice = Device.choose(false);
        System.out.println("device " + choice.device().name() + " (" + choice.reason() + ")");
        Map<String, Callable<String>> checks = new LinkedHashMap<>();
        DECODERS.forEach(family -> checks.put("forward-" + family, () -> check.forward(family)));
        ENCODERS.forEach(family -> checks.put("forward-" + family, () -> check.forward(family)));
        checks.put("train-fp32", () -> check.trainsAs(a -> a, "fp32", 1e-4));
        checks.put("train-bf16", () -> check.trainsAs(a -> a.bf16(true), "bf16", 2e-2));
        checks.put("train-fp16", () -> check.trainsAs(a -> a.fp16(true), "fp16", 2e-2));
        checks.put("train-tf32", () -> check.trainsAs(a -> a.tf32(true), "tf32", 1e-2));
        checks.put("train-pure-bf16", () -> check.trainsAs(a -> a.pureBf16(true), "pure", 1e-1));
        for (String family : List.of("gemma3_text", "gpt2", "bert")) {
            checks.put("train-" + family, () -> check.familyTrains(family));
        }
        checks.put("recompute-with-dropout", check::recompute);
        checks.put("resume-with-dropout", check::resume);
        checks.put("fp16-resume", check::resumeFp16);
        checks.put("overflow", check::overflow);
        checks.put("save-reload", check::saveReload);
        checks.put("generate", check::generate);
        checks.put("lora", () -> check.lora(false));
        checks.put("lora-on-bf16", () -> check.lora(true));
        for (OptimizerNames name : OptimizerNames.values()) {
            checks.put("optim-" + name.name().toLowerCase(java.util.Locale.ROOT), () -> check.optimizer(name));
        }
        for (String precision : List.of("fp32", "tf32", "bf16", "fp16")) {
            checks.put("speed-" + precision, () -> check.speed(precision));
        }
        List<String> wanted = Arrays.asList(args).subList(1, args.length);
        checks.forEach((name, body) -> {
            if (wanted.isEmpty() || wanted.stream().anyMatch(name::startsWith)) {
                check.run(name, body);
            }
        });
        System.out.println(check.failures + " checks failed");
        System.exit(check.failures == 0 ? 0 : 1);
    }

    private void run(String name, Callable<String> body) {
        long begun = System.nanoTime();
        try {
            String figures = body.call();
            System.out.printf("PASS %s %s (%.1f s)%n", name, figures, (System.nanoTime() - begun) / 1e9);
        } catch (UsageException e) {
            boolean refused = device.isCpu() && e.getMessage().startsWith("Option fp16 needs a GPU");
            failures += refused ? 0 : 1;
            System.out.printf("%s %s %s%n", refused ? "PASS" : "FAIL", name, e.getMessage());
        } catch (Exception | LinkageError e) {
            failures++;
            System.out.printf("FAIL %s %s%n", name, e);
            e.printStackTrace(System.out);
        }
        System.out.flush();
    }

    private static String near(String what, double difference, double most) {
        if (!(difference <= most)) {
            throw new IllegalStateException(what + " differ by " + difference + ", more than " + most);
        }
        return "%s differ by %.2e".formatted(what, difference);
    }

    private static double difference(float[] a, float[] b) {
        return a.length != b.length
                ? Double.NaN
                : IntStream.range(0, a.length)
                        .mapToDouble(i -> Math.abs(a[i] - b[i]))
                        .max()
                        .orElse(0);
    }

    private static double difference(List<Double> a, List<Double> b) {
        return a.size() != b.size()
                ? Double.NaN
                : IntStream.range(0, a.size())
                        .mapToDouble(i -> Math.abs(a.get(i) - b.get(i)))
                        .max()
                        .orElse(0);
    }

    private static float[] logits(PretrainedModel model, ModelInput input) {
        try (Scope scope = Scope.open()) {
            return TensorData.toFloats(model.logits(input, Mode.EVAL));
        }
    }

    private String forward(String family) {
        try (PretrainedModel model = GpuRuns.model(family, 0)) {
            int[][] rows = GpuRuns.tokens().subList(0, 3).toArray(int[][]::new);
            List<ModelInput> inputs = ENCODERS.contains(family)
                    ? List.of(GpuRuns.padded(), ModelInput.of(rows[0]))
                    : List.of(GpuRuns.padded(), ModelInput.of(rows[0]), ModelInput.packed(rows));
            List<float[]> there =
                    inputs.stream().map(input -> logits(model, input)).toList();
            model.to(device);
            double worst = 0;
            for (int i = 0; i < inputs.size(); i++) {
                worst = Math.max(worst, difference(there.get(i), logits(model, inputs.get(i))));
            }
            return near("scores", worst, 1e-3);
        }
    }

    private interface Change {
        TrainingArguments of(TrainingArguments arguments);
    }

    private List<Double> losses(String family, double dropout, TrainingArguments arguments) {
        try (PretrainedModel model = GpuRuns.model(family, dropout)) {
            return GpuRuns.train(model, arguments, null).losses();
        }
    }

    private TrainingArguments arguments() {
        return GpuRuns.arguments(folder.resolve("out"));
    }

    private List<Double> onCpu() {
        return losses("qwen2", 0, arguments().useCpu(true));
    }

    /** Leaves the start, the rows and the losses for {@code gpu_check.py}. */
    private String trainsAs(Change change, String name, double most) throws IOException {
        List<Double> found = losses("qwen2", 0, change.of(arguments()));
        Path start = folder.resolve("start");
        if (!Files.exists(start)) {
            try (CausalLM model = GpuRuns.decoder(0)) {
                model.savePretrained(start);
            }
            Files.writeString(
                    folder.resolve("rows.json"),
                    JsonMapper.shared()
                            .writeValueAsString(Map.of("input_ids", GpuRuns.tokens(), "labels", GpuRuns.labels())));
        }
        Files.writeString(
                folder.resolve("losses-" + name + ".json"), JsonMapper.shared().writeValueAsString(found));
        return near("losses", difference(onCpu(), found), most)
                + ", from %.4f to %.4f".formatted(found.get(0), found.get(19));
    }

    private String familyTrains(String family) {
        TrainingArguments arguments = arguments().maxSteps(8);
        return near(
                        "fp32 losses",
                        difference(losses(family, 0, arguments.useCpu(true)), losses(family, 0, arguments)),
                        2e-4)
                + "; "
                + near(
                        "bf16 losses",
                        difference(losses(family, 0, arguments.useCpu(true)), losses(family, 0, arguments.bf16(true))),
                        3e-2);
    }

    private String recompute() {
        List<Double> kept = losses("qwen2", 0.2, arguments());
        List<Double> again = losses("qwen2", 0.2, arguments().gradientCheckpointing(true));
        String half = near(
                "; bf16 losses",
                difference(
                        losses("gpt2", 0.2, arguments().bf16(true)),
                        losses("gpt2", 0.2, arguments().bf16(true).gradientCheckpointing(true))),
                1e-2);
        return near("losses", difference(kept, again), 1e-4) + half;
    }

    private String resumed(TrainingArguments arguments, double most) {
        List<Double> whole = losses("gpt2", 0.2, arguments);
        List<Double> rest = losses(
                "gpt2",
                0.2,
                arguments.resumeFromCheckpoint(Path.of(arguments.outputDir().toString(), "checkpoint-8")
                        .toString()));
        return near("losses after step 8", difference(whole.subList(8, whole.size()), rest), most);
    }

    private String resume() {
        return resumed(
                GpuRuns.arguments(folder.resolve("resume"))
                        .saveStrategy(SaveStrategy.STEPS)
                        .saveSteps(8),
                1e-4);
    }

    private String resumeFp16() {
        return resumed(
                GpuRuns.arguments(folder.resolve("resume16"))
                        .saveStrategy(SaveStrategy.STEPS)
                        .saveSteps(8)
                        .fp16(true),
                2e-2);
    }

    /** A loss of 10^6 overflows fp16 at the first factors, and not once they have come down. */
    private String overflow() {
        try (CausalLM model = GpuRuns.decoder(0)) {
            GpuRuns.Run run = GpuRuns.train(
                    model,
                    arguments().maxSteps(40).fp16(true),
                    (scores, labels, count) -> scores.square().mean().mul(new Scalar(1e6)));
            long skipped = run.warnings().stream()
                    .filter(text -> text.contains("overflow"))
                    .count();
            double first = run.losses().get(0);
            double last = run.losses().get(run.losses().size() - 1);
            if (skipped == 0 || skipped > 30 || !(last < first)) {
                throw new IllegalStateException(skipped + " steps skipped, loss from " + first + " to " + last);
            }
            return skipped + " steps skipped, loss from %.4g to %.4g".formatted(first, last);
        }
    }

    private String saveReload() {
        Path saved = folder.resolve("saved");
        try (CausalLM model = GpuRuns.decoder(0)) {
            GpuRuns.train(model, arguments(), null);
            model.savePretrained(saved);
            float[] there = logits(model, GpuRuns.padded());
            try (CausalLM again = AutoModelForCausalLM.fromPretrained(saved)) {
                return near("scores", difference(there, logits(again, GpuRuns.padded())), 1e-3);
            }
        }
    }

    private String generate() {
        try (CausalLM model = GpuRuns.decoder(0)) {
            GpuRuns.train(model, arguments().maxSteps(60), null);
            GenerationConfig greedy = GenerationConfig.greedy(Set.of()).withMaxNewTokens(48);
            int[] prompt = Arrays.copyOf(GpuRuns.tokens().get(5), 8);
            int[] there = model.generate(prompt, greedy);
            model.to(Device.CPU);
            int[] here = model.generate(prompt, greedy);
            if (!Arrays.equals(there, here)) {
                throw new IllegalStateException(Arrays.toString(there) + " and not " + Arrays.toString(here));
            }
            model.to(device);
            RandomState.manualSeed(1);
            GenerationConfig drawn = new GenerationConfig(16, true, 0.8, 20, 0.9, 1.2, Set.of());
            return there.length + " tokens are equal; drawn: " + Arrays.toString(model.generate(prompt, drawn));
        }
    }

    private List<Double> loraLosses(Path start, LoadOptions options, TrainingArguments arguments) {
        try (CausalLM model = AutoModelForCausalLM.fromPretrained(start, options)) {
            RandomState.manualSeed(3);
            PeftModel.getPeftModel(model, new LoraConfig().r(8).targetModules("all-linear"));
            return GpuRuns.train(model, arguments.learningRate(1e-2), null).losses();
        }
    }

    private String lora(boolean frozenInBf16) {
        Path start = folder.resolve("lora-start");
        try (CausalLM model = GpuRuns.decoder(0)) {
            model.savePretrained(start);
        }
        LoadOptions options =
                new LoadOptions().dtype(frozenInBf16 ? LoadOptions.Dtype.BFLOAT16 : LoadOptions.Dtype.FLOAT32);
        return near(
                "losses",
                difference(
                        loraLosses(start, options, arguments().useCpu(true)), loraLosses(start, options, arguments())),
                frozenInBf16 ? 5e-2 : 1e-3);
    }

    private String optimizer(OptimizerNames name) {
        TrainingArguments arguments = arguments().maxSteps(6).optim(name);
        return near(
                "losses", difference(losses("qwen2", 0, arguments.useCpu(true)), losses("qwen2", 0, arguments)), 1e-3);
    }

    /** The step of a 39-million-parameter Qwen2 shape, 16 rows of 512 tokens. */
    private String speed(String precision) {
        if (device.isCpu()) {
            return "is not measured on the CPU";
        }
        RandomState.manualSeed(0);
        try (CausalLM model =
                AutoModelForCausalLM.fromConfig(ModelConfig.qwen2(32_000, 512, 1408, 8, 8, 2, 1024, 1, 0))) {
            TrainingArguments plain = GpuRuns.arguments(folder.resolve("speed"))
                    .perDeviceTrainBatchSize(16)
                    .maxSteps(12)
                    .lrSchedulerType(SchedulerType.CONSTANT);
            TrainingArguments arguments = switch (precision) {
                case "tf32" -> plain.tf32(true);
                case "bf16" -> plain.bf16(true);
                case "fp16" -> plain.fp16(true);
                default -> plain.tf32(false);
            };
            List<int[]> tokens = IntStream.range(0, 16)
                    .mapToObj(row -> IntStream.range(0, 512)
                            .map(i -> 3 + (int) ((7919L * (row * 512 + i) * (i + 11)) % 31_997))
                            .toArray())
                    .toList();
            List<Long> ends = GpuRuns.train(model, arguments, null, Dataset.of(Map.of("input_ids", tokens)))
                    .ends();
            double[] milliseconds = IntStream.range(4, ends.size())
                    .mapToDouble(i -> (ends.get(i) - ends.get(i - 1)) / 1e6)
                    .sorted()
                    .toArray();
            double median = milliseconds[milliseconds.length / 2];
            return "%.1f ms a step, %.0f tokens/s".formatted(median, 16 * 512 / median * 1e3);
        }
    }
}
