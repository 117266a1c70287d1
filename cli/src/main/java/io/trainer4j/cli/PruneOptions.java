package io.trainer4j.cli;

import io.trainer4j.option.Option;
import io.trainer4j.option.Options;
import java.nio.file.Path;
import java.util.List;

/** Where a pruned model goes, and on which rows it is chosen and measured. */
final class PruneOptions extends Options<PruneOptions> {
    @Option(help = "Folder for the pruned model.", required = true)
    private Path outputDir;

    @Option(help = "Files with rows, as those of finetune, that tell which layers, heads and channels count least.")
    private List<Path> calibrationFile = List.of();

    @Option(help = "Files with rows whose perplexity is measured before and after; unset: it is not.")
    private List<Path> evalFile = List.of();

    Path outputDir() {
        return outputDir;
    }

    List<Path> calibrationFile() {
        return calibrationFile;
    }

    List<Path> evalFile() {
        return evalFile;
    }
}
