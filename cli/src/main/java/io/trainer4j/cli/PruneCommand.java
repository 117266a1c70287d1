package io.trainer4j.cli;

import io.trainer4j.UsageException;
import io.trainer4j.cli.TaskSetup.Purpose;
import io.trainer4j.data.Dataset;
import io.trainer4j.data.Row;
import io.trainer4j.model.LoadOptions;
import io.trainer4j.model.Pruning;
import io.trainer4j.model.PruningOptions;
import io.trainer4j.model.WeightCount;
import io.trainer4j.text.AutoTokenizer;
import io.trainer4j.text.Tokenizer;
import io.trainer4j.train.RunPlan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes a model with parts removed or weights set to zero, and tells what that gains and costs. */
final class PruneCommand implements Command {
    @Override
    public String name() {
        return "prune";
    }

    @Override
    public String summary() {
        return "Removes the least of a model, or sets weights to zero.";
    }

    @Override
    public String details() {
        return "Example: trainer4j prune --model out --output-dir out-small --mlp-channels 0.25 --layers 2"
                + " --calibration-file qa.csv --eval-file test.csv\n"
                + "Layers, heads and MLP channels are removed from Llama, Mistral, Qwen2 and Qwen3 models, as many from every"
                + " layer, so that config.json describes what is left; --sparsity and --pattern take any decoder. Zeros are"
                + " stored like other weights and make nothing faster here.\n"
                + "Size, speed and perplexity before and after go to standard output as JSON; the command that heals the"
                + " model by training is told at the end.";
    }

    @Override
    public Class<?>[] optionClasses() {
        return new Class<?>[] {ModelOptions.class, PruneOptions.class, PruningOptions.class, DataOptions.class};
    }

    @Override
    public void run(Arguments given, Terminal terminal) {
        PruneOptions options = given.as(new PruneOptions());
        PruningOptions pruningOptions = given.as(new PruningOptions());
        DataOptions dataOptions = DataOptions.of(given);
        Pruning pruning = new Pruning(pruningOptions);
        if (dataOptions.task() != DataOptions.Task.CAUSAL_LM) {
            throw new UsageException("Only models that generate text are pruned; leave --task out.");
        }
        if (pruningOptions.removesParts() && options.calibrationFile().isEmpty()) {
            throw new UsageException("Which layers, heads and channels count least is measured on rows; give some with"
                    + " --calibration-file.");
        }
        OutputFolder output = new OutputFolder(options.outputDir());
        output.requireFresh("choose another --output-dir");
        ModelSource source = given.as(new ModelOptions()).source(terminal);
        if (source.adapter() != null) {
            throw new UsageException("An adapter is put into its model before that is pruned: " + Main.program()
                    + " merge --model " + source.adapter() + " --output-dir MERGED");
        }
        Path folder = source.folder();
        pruning.check(folder);
        Rows reader = new Rows(dataOptions, terminal);
        Dataset calibration = pruningOptions.removesParts() ? reader.read(options.calibrationFile()) : null;
        Dataset rows = options.evalFile().isEmpty() ? null : reader.read(options.evalFile());
        Measure measure = new Measure(dataOptions, reader, rows);
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(folder)) {
            List<int[]> ids = calibration == null
                    ? List.of()
                    : tokens(dataOptions, reader, calibration, source, tokenizer, terminal);
            Map<String, Double> before = figures(measure, folder, tokenizer);
            output.create();
            output.add(() -> {
                List<Integer> removed = pruning.run(folder, ids, output.path());
                if (!removed.isEmpty()) {
                    terminal.tell("Removed the layers "
                            + removed.stream().map(String::valueOf).collect(Collectors.joining(", "))
                            + ", counted from 0");
                }
                tokenizer.savePretrained(output.path());
            });
            Map<String, Double> after = figures(measure, output.path(), tokenizer);
            terminal.tell(Measure.table(before, after));
            terminal.tell("Saved the pruned model to " + output.path());
            terminal.tell("Heal it with: " + new HealingCommand(options, pruningOptions, dataOptions));
            terminal.out().println(Measure.json(before, after));
        }
    }

    private static Map<String, Double> figures(Measure measure, Path folder, Tokenizer tokenizer) {
        Map<String, Double> figures = new LinkedHashMap<>();
        WeightCount count = WeightCount.of(folder);
        figures.put("parameters", (double) count.parameters());
        figures.put("nonzero_share", count.nonZeroShare());
        figures.putAll(measure.of(folder, tokenizer));
        return figures;
    }

    private static List<int[]> tokens(
            DataOptions options,
            Rows reader,
            Dataset rows,
            ModelSource source,
            Tokenizer tokenizer,
            Terminal terminal) {
        LoadOptions asStored = new LoadOptions().dtype(LoadOptions.Dtype.AUTO);
        try (TaskSetup setup = TaskSetup.of(options, Purpose.MEASURE, reader, rows, source, tokenizer, asStored)) {
            List<RunPlan.Item> decisions = setup.newDecisions();
            List<int[]> ids = new ArrayList<>();
            for (Row row : setup.checked(rows, "calibration rows", decisions)) {
                ids.add(row.getInts("input_ids"));
            }
            terminal.tell(new RunPlan(decisions).toString());
            return ids;
        }
    }
}
