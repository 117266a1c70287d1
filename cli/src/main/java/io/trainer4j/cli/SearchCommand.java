package io.trainer4j.cli;

import io.trainer4j.AtomicFile;
import io.trainer4j.UsageException;
import io.trainer4j.cli.TaskSetup.Purpose;
import io.trainer4j.data.Dataset;
import io.trainer4j.data.DatasetSplit;
import io.trainer4j.model.LoadOptions;
import io.trainer4j.option.ConfigFile;
import io.trainer4j.search.SearchSpace;
import io.trainer4j.search.Study;
import io.trainer4j.search.StudySettings;
import io.trainer4j.search.Trial;
import io.trainer4j.text.Tokenizer;
import io.trainer4j.train.IntervalStrategy;
import io.trainer4j.train.RunPlan;
import io.trainer4j.train.SaveStrategy;
import io.trainer4j.train.Trainer;
import io.trainer4j.train.TrainingArguments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Trains with many arguments and prints the best of them as a file for finetune. */
final class SearchCommand implements Command {
    @Override
    public String name() {
        return "search";
    }

    @Override
    public String summary() {
        return "Tries training arguments and tells the best.";
    }

    @Override
    public String details() {
        return "Example: trainer4j search --model Qwen2.5-0.5B-Instruct --train-file qa.csv --output-dir study"
                + " --search learning_rate=loguniform:1e-5,1e-3 num_train_epochs=int:1,4\n"
                + "--output-dir receives study.json, from which the same command goes on after a crash, and run.yaml with"
                + " the best arguments, which is also printed: trainer4j finetune --config study/run.yaml";
    }

    @Override
    public Class<?>[] optionClasses() {
        return new Class<?>[] {
            SearchOptions.class, ModelOptions.class, FinetuneOptions.class, DataOptions.class, TrainingArguments.class
        };
    }

    @Override
    public void run(Arguments given, Terminal terminal) {
        ModelOptions model = given.as(new ModelOptions());
        FinetuneOptions options = given.as(new FinetuneOptions());
        DataOptions dataOptions = DataOptions.of(given);
        TrainingArguments arguments = given.as(new TrainingArguments());
        SearchOptions searchOptions = given.as(new SearchOptions());
        arguments.validate();
        Study study = study(searchOptions, arguments);
        ModelSource source = model.source(terminal);
        Loudness loudness = Loudness.of(terminal, arguments.logLevel());
        given.notes().forEach(loudness.warnings()::tell);
        arguments.notes().forEach(loudness.warnings()::tell);
        Rows reader = new Rows(dataOptions, loudness.info());
        Dataset rows = reader.read(options.trainFile());
        DatasetSplit split = options.evalFile() != null
                ? new DatasetSplit(rows, reader.read(List.of(options.evalFile())))
                : split(reader, rows, options);
        new OutputFolder(arguments.outputDir()).create();
        try (Tokenizer tokenizer = source.tokenizer();
                TaskSetup setup =
                        TaskSetup.of(dataOptions, Purpose.TRAIN, reader, rows, source, tokenizer, new LoadOptions())) {
            List<RunPlan.Item> decisions = setup.newDecisions();
            Trainer.Builder builder = Trainer.builder(setup.model(), ofTrials(arguments))
                    .trainDataset(setup.prepared(
                            split.train(), "training rows", options.packing(), arguments.hfCompat(), decisions))
                    .evalDataset(setup.prepared(
                            split.test(),
                            "evaluation rows",
                            options.packsEvaluation(),
                            arguments.hfCompat(),
                            decisions))
                    .processingClass(tokenizer)
                    .callback(new ProgressBar(loudness, arguments.disableTqdm()));
            setup.metrics().ifPresent(builder::computeMetrics);
            setup.collator().ifPresent(builder::dataCollator);
            Trainer trainer = builder.build();
            loudness.info().tell(new RunPlan(decisions).toString());
            Trial best = trainer.hyperparameterSearch(
                    () -> TaskSetup.of(dataOptions, Purpose.TRAIN, reader, rows, source, tokenizer, new LoadOptions())
                            .model(),
                    study);
            study.trials().forEach(trial -> terminal.tell(line(trial, study)));
            Path folder = arguments.outputDir();
            ConfigFile.write(
                    folder.resolve("run.yaml"),
                    model,
                    options,
                    dataOptions,
                    Trainer.argumentsOf(best, arguments).outputDir(folder.resolve("best")));
            terminal.tell(
                    "Train with the best: " + Main.program() + " finetune --config " + folder.resolve("run.yaml"));
            terminal.out().print(text(folder.resolve("run.yaml")));
        }
    }

    private static Study study(SearchOptions options, TrainingArguments arguments) {
        StudySettings settings = new StudySettings(
                options.nTrials(),
                options.sampler(),
                options.pruner(),
                options.searchSeed(),
                arguments.bestMetric().orElse("eval_loss"),
                arguments.bestIsGreatest());
        return Study.open(arguments.outputDir().resolve("study.json"), SearchSpace.parse(options.search()), settings);
    }

    /** Trials keep no checkpoints; without evaluations on the way none could be ended early. */
    private static TrainingArguments ofTrials(TrainingArguments arguments) {
        TrainingArguments trials = arguments.saveStrategy(SaveStrategy.NO).loadBestModelAtEnd(false);
        return trials.evalStrategy() == IntervalStrategy.NO ? trials.evalStrategy(IntervalStrategy.EPOCH) : trials;
    }

    private static DatasetSplit split(Rows reader, Dataset rows, FinetuneOptions options) {
        if (options.testSize() == 0) {
            throw new UsageException(
                    "A search needs rows to compare its trials on; leave --test-size 0 out or give" + " --eval-file.");
        }
        return reader.split(rows, options);
    }

    private static String line(Trial trial, Study study) {
        String state = trial.state().name().toLowerCase(Locale.ROOT);
        String outcome =
                trial.failure() != null ? trial.failure() : study.settings().metric() + " " + trial.value();
        return "trial %d %s: %s %s".formatted(trial.number(), state, outcome, trial.parameters());
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw AtomicFile.failure(file, e);
        }
    }
}
