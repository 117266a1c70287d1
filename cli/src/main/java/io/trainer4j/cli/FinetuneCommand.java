package io.trainer4j.cli;

import io.trainer4j.TrainerException;
import io.trainer4j.UsageException;
import io.trainer4j.data.Dataset;
import io.trainer4j.data.DatasetSplit;
import io.trainer4j.option.ConfigFile;
import io.trainer4j.text.AutoTokenizer;
import io.trainer4j.text.Tokenizer;
import io.trainer4j.train.RunPlan;
import io.trainer4j.train.TrainOutput;
import io.trainer4j.train.Trainer;
import io.trainer4j.train.TrainingArguments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/** From a file of questions and answers to a fine-tuned model folder. */
final class FinetuneCommand implements Command {
    @Override
    public String name() {
        return "finetune";
    }

    @Override
    public String summary() {
        return "Trains a model on your rows, evaluates it and saves it.";
    }

    @Override
    public String details() {
        return "Example: trainer4j finetune --model Qwen2.5-0.5B-Instruct --train-file qa.csv --output-dir out\n"
                + "--output-dir receives the model, the tokenizer, trainer_state.json, run.yaml and checkpoint-N folders.";
    }

    @Override
    public Class<?>[] optionClasses() {
        return new Class<?>[] {FinetuneOptions.class, DataOptions.class, TrainingArguments.class};
    }

    @Override
    public void run(Arguments given, Terminal terminal) {
        FinetuneOptions options = given.as(new FinetuneOptions());
        DataOptions dataOptions = given.as(new DataOptions());
        TrainingArguments arguments = given.as(new TrainingArguments());
        arguments.validate();
        Path output = arguments.outputDir();
        requireFresh(output, arguments);
        Rows reader = new Rows(dataOptions, terminal);
        Dataset rows = reader.read(options.trainFile());
        DatasetSplit split = split(reader, rows, options);
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(options.model());
                TaskSetup setup = TaskSetup.of(dataOptions, reader, rows, options.model(), tokenizer);
                Interrupt interrupt = new Interrupt()) {
            List<RunPlan.Item> decisions = new ArrayList<>(setup.decisions());
            decisions.add(heldOut(options, split));
            Dataset train = setup.checked(split.train(), "training rows", decisions);
            Dataset eval = split.test() == null ? null : setup.checked(split.test(), "evaluation rows", decisions);
            Trainer.Builder builder = Trainer.builder(setup.model(), arguments)
                    .trainDataset(train)
                    .evalDataset(eval)
                    .processingClass(tokenizer)
                    .callback(new ProgressBar(terminal, arguments.disableTqdm()))
                    .callback(interrupt);
            setup.metrics().ifPresent(builder::computeMetrics);
            Trainer trainer = builder.build();
            terminal.err().println("Plan\n" + trainer.plan().after(decisions));
            ConfigFile.write(
                    createFolder(output).resolve("run.yaml"),
                    options,
                    dataOptions,
                    arguments.resumeFromCheckpoint(null));
            TrainOutput done = trainer.train();
            if (done.stopped()) {
                terminal.err()
                        .println("\nStopped at step " + done.globalStep()
                                + ". Go on with: ./trainer4j finetune --config " + output.resolve("run.yaml")
                                + " --resume-from-checkpoint true");
                return;
            }
            trainer.saveModel();
            terminal.err().println("Saved model and tokenizer to " + output);
            if (eval != null) {
                terminal.out().println(lastEvaluation(trainer));
            }
        }
    }

    /** The figures of the final model: those of the last evaluation, or of a new one where the run made none at its end. */
    private static String lastEvaluation(Trainer trainer) {
        List<Map<String, Object>> log = trainer.state().logHistory();
        Map<String, ?> metrics = log.stream()
                .filter(row -> row.containsKey("eval_loss"))
                .filter(row ->
                        ((Number) row.get("step")).intValue() == trainer.state().globalStep())
                .reduce((first, second) -> second)
                .<Map<String, ?>>map(row -> row)
                .orElseGet(trainer::evaluate);
        return JsonMapper.shared().writeValueAsString(metrics);
    }

    private static DatasetSplit split(Rows reader, Dataset rows, FinetuneOptions options) {
        if (options.evalFile() != null) {
            return new DatasetSplit(rows, reader.read(List.of(options.evalFile())));
        }
        return options.testSize() == 0 ? new DatasetSplit(rows, null) : reader.split(rows, options);
    }

    private static RunPlan.Item heldOut(FinetuneOptions options, DatasetSplit split) {
        if (split.test() == null) {
            return new RunPlan.Item("held out", "nothing", "--test-size 0");
        }
        String reason = options.evalFile() != null
                ? "--eval-file " + options.evalFile()
                : "test size %s, seed %d, the rows Python's %s holds out"
                        .formatted(
                                options.testSize(),
                                options.splitSeed(),
                                options.splitMethod() == FinetuneOptions.SplitMethod.SKLEARN
                                        ? "train_test_split of scikit-learn"
                                        : "datasets");
        return new RunPlan.Item("held out", split.test().size() + " rows", reason);
    }

    private static void requireFresh(Path output, TrainingArguments arguments) {
        if (arguments.resumeFromCheckpoint() != null || !Files.exists(output)) {
            return;
        }
        try (Stream<Path> entries = Files.list(output)) {
            if (entries.findAny().isPresent()) {
                throw new UsageException("The output folder " + output
                        + " is not empty; choose another one, or continue its run with --resume-from-checkpoint true.");
            }
        } catch (IOException e) {
            throw new UsageException("The output folder " + output + " cannot be used: " + e.getMessage() + ".");
        }
    }

    private static Path createFolder(Path output) {
        try {
            return Files.createDirectories(output);
        } catch (IOException e) {
            throw new TrainerException(
                    "The output folder " + output + " cannot be made (" + e.getMessage() + "); choose another one.", e);
        }
    }
}
