package io.trainer4j.cli;

import io.trainer4j.model.PruningOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The command that trains a pruned model until it is good again, to be copied. */
record HealingCommand(PruneOptions options, PruningOptions pruning, DataOptions data) {
    @Override
    public String toString() {
        Path folder = options.outputDir();
        List<String> words = new ArrayList<>(List.of(Main.program(), "finetune", "--model", folder.toString()));
        words.add("--train-file");
        if (options.calibrationFile().isEmpty()) {
            words.add("ROWS.csv");
        }
        options.calibrationFile().forEach(file -> words.add(file.toString()));
        if (options.evalFile().size() == 1) {
            words.addAll(List.of("--eval-file", options.evalFile().get(0).toString()));
        }
        words.addAll(List.of("--output-dir", folder + "-healed"));
        if (pruning.makesZeros()) {
            words.add("--keep-zeros");
        }
        Map<String, Object> defaults = new DataOptions().toMap();
        data.toMap().forEach((name, value) -> {
            if (value != null && !value.equals(defaults.get(name))) {
                words.add("--" + name.replace('_', '-'));
                if (value instanceof List<?> several) {
                    several.forEach(one -> words.add(one.toString()));
                } else {
                    words.add(value.toString());
                }
            }
        });
        return words.stream().map(RunFile::quoted).collect(Collectors.joining(" "));
    }
}
