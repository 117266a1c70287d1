package io.trainer4j.cli;

import io.trainer4j.AtomicFile;
import io.trainer4j.cli.TaskSetup.Purpose;
import io.trainer4j.data.Dataset;
import io.trainer4j.model.AutoModelForCausalLM;
import io.trainer4j.model.CausalLM;
import io.trainer4j.model.GenerationConfig;
import io.trainer4j.model.LoadOptions;
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
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is measured of a model before and after it is made smaller: size, speed and, on rows, perplexity.
 *
 * @param rows to measure the perplexity on, or null
 */
record Measure(DataOptions options, Rows reader, Dataset rows) {
    private static final int NEW_TOKENS = 48;

    /** One line per figure. */
    static String table(Map<String, Double> before, Map<String, Double> after) {
        return before.entrySet().stream()
                .map(figure -> "%-18s %16.3f -> %16.3f"
                        .formatted(figure.getKey(), figure.getValue(), after.get(figure.getKey())))
                .collect(Collectors.joining("\n"));
    }

    /** Both as one object. */
    static String json(Map<String, Double> before, Map<String, Double> after) {
        Map<String, Map<String, Double>> both = new LinkedHashMap<>();
        both.put("before", before);
        both.put("after", after);
        return JsonMapper.shared().writeValueAsString(both);
    }

    /** Opens the model of a folder and measures it. */
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
