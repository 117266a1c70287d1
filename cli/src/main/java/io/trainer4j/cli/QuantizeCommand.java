package io.trainer4j.cli;

import io.trainer4j.AtomicFile;
import io.trainer4j.UsageException;
import io.trainer4j.cli.TaskSetup.Purpose;
import io.trainer4j.data.Dataset;
import io.trainer4j.model.AutoModelForCausalLM;
import io.trainer4j.model.CausalLM;
import io.trainer4j.model.GenerationConfig;
import io.trainer4j.model.LoadOptions;
import io.trainer4j.model.Quantization;
import io.trainer4j.text.AutoTokenizer;
import io.trainer4j.text.Tokenizer;
import io.trainer4j.train.Trainer;
import io.trainer4j.train.TrainingArguments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/** Writes a model with its linear layers in 8 or 4 bits, and tells what that gains and costs. */
final class QuantizeCommand implements Command {
    private static final int NEW_TOKENS = 48;

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
        DataOptions dataOptions = given.as(new DataOptions());
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
            before.forEach(
                    (name, value) -> terminal.tell("%-18s %12.3f -> %12.3f".formatted(name, value, after.get(name))));
            terminal.tell("Saved the model in " + options.bits() + " bits to " + output.path());
            terminal.out().println(JsonMapper.shared().writeValueAsString(Map.of("before", before, "after", after)));
        }
    }

    /** What is measured of a model before and after. */
    private record Measure(DataOptions options, Rows reader, Dataset rows) {
        Map<String, Double> of(Path folder, Tokenizer tokenizer) {
            Map<String, Double> figures = new LinkedHashMap<>();
            figures.put("file_mib", bytes(folder) / 1048576.0);
            LoadOptions asStored = new LoadOptions().dtype(LoadOptions.Dtype.AUTO);
            if (rows == null) {
                try (CausalLM model = AutoModelForCausalLM.fromPretrained(folder, asStored)) {
                    add(model, figures);
                }
                return figures;
            }
            try (TaskSetup setup = TaskSetup.of(
                    options, Purpose.MEASURE, reader, rows, new ModelSource(folder, null, null), tokenizer, asStored)) {
                Trainer trainer = Trainer.builder(setup.model(), new TrainingArguments())
                        .evalDataset(setup.checked(rows, "rows", new ArrayList<>()))
                        .processingClass(tokenizer)
                        .build();
                figures.put("perplexity", trainer.evaluate().get("eval_perplexity"));
                add((CausalLM) setup.model(), figures);
            }
            return figures;
        }

        private static void add(CausalLM model, Map<String, Double> figures) {
            figures.put("memory_mib", model.parameters().bytes() / 1048576.0);
            figures.put("tokens_per_second", tokensPerSecond(model));
        }

        /** Of a second run: the first also prepares. */
        private static double tokensPerSecond(CausalLM model) {
            int prompt = Math.min(8, model.vocabSize());
            int room = Math.max(1, model.config().maxPositions() - prompt);
            int[] ids = IntStream.range(0, prompt).toArray();
            GenerationConfig greedy = GenerationConfig.greedy(Set.of()).withMaxNewTokens(Math.min(NEW_TOKENS, room));
            model.generate(ids, greedy);
            long started = System.nanoTime();
            int tokens = model.generate(ids, greedy).length;
            return tokens / ((System.nanoTime() - started) / 1e9);
        }

        private static long bytes(Path folder) {
            try (Stream<Path> files = Files.list(folder)) {
                List<Path> weights = files.filter(file -> file.toString().matches(".*\\.(safetensors|bin)"))
                        .toList();
                long bytes = 0;
                for (Path file : weights) {
                    bytes += Files.size(file);
                }
                return bytes;
            } catch (IOException e) {
                throw AtomicFile.failure(folder, e);
            }
        }
    }
}
