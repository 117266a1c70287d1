package io.trainer4j.cli;

import io.trainer4j.AtomicFile;
import io.trainer4j.UsageException;
import io.trainer4j.cli.TaskSetup.Purpose;
import io.trainer4j.data.Dataset;
import io.trainer4j.generate.TextGenerator;
import io.trainer4j.model.CausalLM;
import io.trainer4j.model.LoadOptions;
import io.trainer4j.model.PretrainedModel;
import io.trainer4j.report.EvaluationReport;
import io.trainer4j.report.LossCurve;
import io.trainer4j.text.Tokenizer;
import io.trainer4j.train.ClassificationMetrics;
import io.trainer4j.train.ComputeMetrics;
import io.trainer4j.train.MetricAccumulator;
import io.trainer4j.train.RunPlan;
import io.trainer4j.train.Trainer;
import io.trainer4j.train.TrainingArguments;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Measures a model on rows and prints the figures as JSON. */
final class EvaluateCommand implements Command {
    @Override
    public String name() {
        return "evaluate";
    }

    @Override
    public String summary() {
        return "Measures a model on your rows: loss, token accuracy, perplexity, or figures of labels and numbers.";
    }

    @Override
    public String details() {
        return """
                Example: trainer4j evaluate --model out --eval-file qa.csv --generate 20 --output-dir report
                Of a conversation the last answer of the assistant is generated, from the turns before it.
                Labels are measured by accuracy, precision, recall, F1 and AUROC, numbers by mse, mae, r2 and pearson.
                The figures go to standard output as JSON; --output-dir receives them and a page with plots.""";
    }

    @Override
    public Class<?>[] optionClasses() {
        return new Class<?>[] {ModelOptions.class, LoadOptions.class, EvaluateOptions.class, DataOptions.class};
    }

    @Override
    public void run(Arguments given, Terminal terminal) {
        ModelOptions model = given.as(new ModelOptions());
        EvaluateOptions options = given.as(new EvaluateOptions());
        DataOptions dataOptions = DataOptions.of(given);
        LoadOptions load = given.as(new LoadOptions());
        load.validate();
        requireAnswers(options, dataOptions);
        ModelSource source = model.source(terminal);
        Path folder = source.shown();
        if (options.outputDir() != null) {
            new OutputFolder(options.outputDir()).create();
        }
        Rows reader = new Rows(dataOptions, terminal);
        Dataset rows = reader.read(options.evalFile());
        try (Tokenizer tokenizer = source.tokenizer();
                TaskSetup setup = TaskSetup.of(dataOptions, Purpose.MEASURE, reader, rows, source, tokenizer, load)) {
            requireTrained(setup.model(), folder, dataOptions.task());
            List<RunPlan.Item> decisions = setup.newDecisions();
            Dataset encoded = setup.checked(rows, "rows", decisions);
            if (setup.model().isFrozen()) {
                decisions.add(RunPlan.ofFrozenWeights(setup.model()));
            }
            terminal.err().println(new RunPlan(decisions));
            Trainer.Builder builder = Trainer.builder(
                            setup.model(),
                            new TrainingArguments()
                                    .perDeviceEvalBatchSize(options.perDeviceEvalBatchSize())
                                    .useCpu(options.useCpu()))
                    .evalDataset(encoded)
                    .processingClass(tokenizer);
            setup.collator().ifPresent(builder::dataCollator);
            List<MetricAccumulator> begun = new ArrayList<>();
            setup.metrics()
                    .ifPresent(metrics -> builder.computeMetrics(ComputeMetrics.streaming(() -> {
                        begun.add(metrics.begin());
                        return begun.get(0);
                    })));
            Map<String, Double> figures = builder.build().evaluate();
            Answers answers = new Answers(List.of());
            if (options.generate() > 0 && setup.model() instanceof CausalLM lm) {
                TextGenerator generator = TextGenerator.of(lm, tokenizer, dataOptions.promptStyle());
                answers = reader.hasConversations(rows)
                        ? Answers.ofConversations(generator, rows, reader.keyColumn(rows), options)
                        : Answers.generate(
                                generator,
                                rows,
                                reader.keyColumn(rows),
                                reader.otherColumns(rows).get(0),
                                options);
                figures.putAll(answers.figures());
            }
            terminal.out().println(JsonMapper.shared().writeValueAsString(figures));
            if (options.outputDir() != null) {
                write(folder, options, figures, setup.model().config().labels(), begun, answers);
                terminal.tell("Wrote metrics.json and report.html to " + options.outputDir());
            }
        }
    }

    private static void requireTrained(PretrainedModel model, Path folder, DataOptions.Task task) {
        if (!model.newlyInitialized().isEmpty()) {
            throw new UsageException(folder + " has no weights " + String.join(", ", model.newlyInitialized())
                    + ", so random ones would be measured; train it first: " + Main.program()
                    + " finetune --task " + name(task));
        }
    }

    private static void requireAnswers(EvaluateOptions options, DataOptions dataOptions) {
        if (options.generate() > 0 && dataOptions.task() != DataOptions.Task.CAUSAL_LM) {
            throw new UsageException(
                    "--generate asks a language model; leave it out with --task " + name(dataOptions.task()) + ".");
        }
    }

    private static String name(DataOptions.Task task) {
        return task.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static void write(
            Path folder,
            EvaluateOptions options,
            Map<String, Double> figures,
            List<String> labels,
            List<MetricAccumulator> metrics,
            Answers answers) {
        AtomicFile.writeString(
                options.outputDir().resolve("metrics.json"),
                JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(figures) + "\n");
        EvaluationReport report = new EvaluationReport("Evaluation of " + folder);
        report.addFigures(figures);
        Path trainerState = folder.resolve("trainer_state.json");
        if (Files.exists(trainerState)) {
            report.addLosses(LossCurve.read(trainerState));
        }
        metrics.forEach(metric -> {
            if (metric instanceof ClassificationMetrics classification) {
                report.addClassification(classification.scores(), labels);
            }
        });
        if (!answers.list().isEmpty()) {
            report.addAnswers(answers.list());
        }
        report.write(options.outputDir().resolve("report.html"));
    }
}
