package io.trainer4j.cli;

import io.trainer4j.UsageException;
import io.trainer4j.data.Dataset;
import io.trainer4j.model.Quantization;
import io.trainer4j.text.AutoTokenizer;
import io.trainer4j.text.Tokenizer;
import java.nio.file.Path;
import java.util.Map;

/** Writes a model with its linear layers in 8 or 4 bits, and tells what that gains and costs. */
final class QuantizeCommand implements Command {
    @Override
    public String name() {
        return "quantize";
    }

    @Override
    public String summary() {
        return "Makes a model smaller for generation: 8 or 4 bits a weight.";
    }

    @Override
    public String details() {
        return "Example: trainer4j quantize --model out --output-dir out-int4 --bits 4 --eval-file qa.csv\n"
                + "Size, speed and perplexity before and after go to standard output as JSON. The folder is in the layout of"
                + " compressed-tensors; generate, chat and evaluate take it as --model.";
    }

    @Override
    public Class<?>[] optionClasses() {
        return new Class<?>[] {ModelOptions.class, QuantizeOptions.class, DataOptions.class};
    }

    @Override
    public void run(Arguments given, Terminal terminal) {
        QuantizeOptions options = given.as(new QuantizeOptions());
        DataOptions dataOptions = DataOptions.of(given);
        Quantization quantization = new Quantization(options.bits());
        if (dataOptions.task() != DataOptions.Task.CAUSAL_LM) {
            throw new UsageException("Only models that generate text are quantized; leave --task out.");
        }
        OutputFolder output = new OutputFolder(options.outputDir());
        output.requireFresh("choose another --output-dir");
        ModelSource source = given.as(new ModelOptions()).source(terminal);
        if (source.adapter() != null) {
            throw new UsageException("An adapter is put into its model before that is quantized: " + Main.program()
                    + " merge --model " + source.adapter() + " --output-dir MERGED");
        }
        Path folder = source.folder();
        Rows reader = new Rows(dataOptions, terminal);
        Dataset rows = options.evalFile().isEmpty() ? null : reader.read(options.evalFile());
        Measure measure = new Measure(dataOptions, reader, rows);
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(folder)) {
            Map<String, Double> before = measure.of(folder, tokenizer);
            output.create();
            output.add(() -> {
                quantization.run(folder, output.path());
                tokenizer.savePretrained(output.path());
            });
            Map<String, Double> after = measure.of(output.path(), tokenizer);
            terminal.tell(Measure.table(before, after));
            terminal.tell("Saved the model in " + options.bits() + " bits to " + output.path());
            terminal.out().println(Measure.json(before, after));
        }
    }
}
