package io.trainer4j.cli;

import io.trainer4j.TrainerException;
import io.trainer4j.UsageException;
import io.trainer4j.cli.TaskSetup.Purpose;
import io.trainer4j.data.Dataset;
import io.trainer4j.data.DatasetSplit;
import io.trainer4j.model.LoadOptions;
import io.trainer4j.model.PeftModel;
import io.trainer4j.model.PretrainedModel;
import io.trainer4j.report.EventLog;
import io.trainer4j.report.LossCurve;
import io.trainer4j.report.TensorBoardLog;
import io.trainer4j.tensor.Engine;
import io.trainer4j.tensor.RandomState;
import io.trainer4j.text.Tokenizer;
import io.trainer4j.train.Forecast;
import io.trainer4j.train.RunPlan;
import io.trainer4j.train.Trainer;
import io.trainer4j.train.TrainingArguments;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
        return "Example: trainer4j finetune --model Qwen/Qwen2.5-0.5B-Instruct --train-file qa.csv --output-dir out\n"
                + "Conversations: a JSON Lines file with a column messages, as {\"messages\": [{\"role\": \"user\","
                + " \"content\": \"...\"}, {\"role\": \"assistant\", \"content\": \"...\"}]}.\n"
                + "Several labels per row: --task sequence-classification --label-column fever cough. Numbers: --task"
                + " sequence-classification --problem-type regression --label-column score.\n"
                + "--output-dir receives the model, the tokenizer, trainer_state.json, run.yaml, checkpoint-N folders,"
                + " events.jsonl with all logs as they come and training_loss.png.";
    }

    @Override
    public Class<?>[] optionClasses() {
        return new Class<?>[] {
            ModelOptions.class,
            LoadOptions.class,
            FinetuneOptions.class,
            DataOptions.class,
            LoraOptions.class,
            TrainingArguments.class,
            ForecastOptions.class
        };
    }

    @Override
    public void run(Arguments given, Terminal terminal) {
        run(given, terminal, false);
    }

    /**
     * Runs, or only tells the plan.
     *
     * @param planOnly whether to stop before anything is trained or written
     */
    void run(Arguments given, Terminal terminal, boolean planOnly) {
        long memoryLimit = given.as(new ForecastOptions()).memoryLimit();
        RunOptions options = RunOptions.of(given);
        TrainingArguments arguments = options.training();
        OutputFolder output = new OutputFolder(arguments.outputDir());
        if (!planOnly && !resumes(arguments)) {
            output.requireFresh("choose another --output-dir, or continue its run with --resume-from-checkpoint true");
        }
        Engine.loadAhead();
        ModelSource source = options.model().source(terminal);
        Loudness loudness = Loudness.of(terminal, arguments.logLevel());
        given.notes().forEach(loudness.warnings()::tell);
        arguments.notes().forEach(loudness.warnings()::tell);
        try (TokenizerAhead opening = source.tokenizerAhead()) {
            Rows reader = new Rows(options.data(), loudness.info());
            Dataset rows = reader.read(options.files().trainFile());
            DatasetSplit split = split(reader, rows, options.files());
            Tokenizer tokenizer = opening.get();
            RandomState.manualSeed(arguments.seed()); // a new classification head is drawn from it
            try (TaskSetup setup = TaskSetup.of(
                            options.data(), Purpose.TRAIN, reader, rows, source, tokenizer, options.load());
                    Interrupt interrupt = new Interrupt(terminal)) {
                addAdapter(setup.model(), source, options.lora());
                List<RunPlan.Item> decisions = setup.newDecisions();
                decisions.add(heldOut(options.files(), split));
                RunFile runFile = new RunFile(options);
                Trainer trainer = trainer(options, setup, split, decisions)
                        .processingClass(tokenizer)
                        .callback(new ProgressBar(loudness, arguments.disableTqdm()))
                        .callback(runFile)
                        .callback(new EventLog(arguments.outputDir()))
                        .callback(interrupt)
                        .build();
                tokenizer.rest(); // all rows are encoded; 60 MiB less at the peak with 152,000 tokens
                Engine.giveBackFreedMemory();
                boolean triesSteps = planOnly || memoryLimit > 0; // who names a limit asks before anything is trained
                Forecast forecast = triesSteps
                        ? trainer.forecast(memoryLimit, split.test() != null)
                        : trainer.forecastAsItTrains(memoryLimit, split.test() != null);
                RunPlan plan = trainer.plan().with(forecast).after(decisions);
                if (planOnly) {
                    terminal.out().println(plan);
                    return;
                }
                loudness.info().tell("Plan\n" + plan);
                output.create();
                if (trainedAndSaved(trainer, runFile, output, interrupt, terminal)) {
                    loudness.info().tell("Saved model and tokenizer to " + output.path());
                    if (split.test() != null) {
                        terminal.out().println(lastEvaluation(trainer, arguments));
                    }
                }
            }
        }
    }

    /** A trainer of the rows, encoded now; what that shows is added to the decisions. */
    private static Trainer.Builder trainer(
            RunOptions options, TaskSetup setup, DatasetSplit split, List<RunPlan.Item> decisions) {
        TrainingArguments arguments = options.training();
        FinetuneOptions files = options.files();
        boolean asTrl = arguments.hfCompat();
        Trainer.Builder builder = Trainer.builder(setup.model(), arguments)
                .trainDataset(setup.prepared(split.train(), "training rows", files.packing(), asTrl, decisions));
        if (split.test() != null) {
            builder.evalDataset(
                    setup.prepared(split.test(), "evaluation rows", files.packsEvaluation(), asTrl, decisions));
        }
        if (arguments.reportsToTensorBoard()) {
            builder.callback(new TensorBoardLog(arguments.outputDir(), arguments.runName()));
        }
        setup.metrics().ifPresent(builder::computeMetrics);
        setup.collator().ifPresent(builder::dataCollator);
        return builder;
    }

    /** False where the user stopped the training, and was told the way on. */
    private static boolean trainedAndSaved(
            Trainer trainer, RunFile runFile, OutputFolder output, Interrupt interrupt, Terminal terminal) {
        try {
            boolean stopped = trainer.train().stopped();
            drawLosses(trainer, output.path());
            if (stopped && interrupt.requested()) {
                terminal.tell(runFile.wayOn(trainer.state().globalStep()));
                return false;
            }
            output.add(trainer::saveModel);
            runFile.write();
            return true;
        } catch (TrainerException e) {
            if (interrupt.requested()) {
                terminal.tell(e.getMessage()); // the process ends before anybody else can tell
            }
            throw e;
        }
    }

    private static void addAdapter(PretrainedModel model, ModelSource source, LoraOptions lora) {
        if (!lora.isAsked()) {
            return;
        }
        if (source.adapter() != null) {
            throw new UsageException("The adapter in " + source.adapter()
                    + " is trained further, so it stays of its kind; leave --use-peft and the --lora options out.");
        }
        PeftModel.getPeftModel(model, lora.config(source.reference()));
    }

    private static void drawLosses(Trainer trainer, Path folder) {
        LossCurve losses = LossCurve.of(trainer.state().logHistory());
        if (!losses.isEmpty()) {
            losses.writePng(folder.resolve("training_loss.png"));
        }
    }

    private static boolean resumes(TrainingArguments arguments) {
        String checkpoint = arguments.resumeFromCheckpoint();
        return checkpoint != null && !checkpoint.equalsIgnoreCase("false");
    }

    /** The figures of the final model: those of the last evaluation, or of a new one where that was of other weights. */
    private static String lastEvaluation(Trainer trainer, TrainingArguments arguments) {
        Map<String, ?> metrics = trainer.state().logHistory().stream()
                .filter(row -> row.containsKey("eval_loss") && !arguments.loadBestModelAtEnd())
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
}
