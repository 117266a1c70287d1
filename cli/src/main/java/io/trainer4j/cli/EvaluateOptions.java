package io.trainer4j.cli;

import io.trainer4j.option.Option;
import io.trainer4j.option.Options;
import java.nio.file.Path;
import java.util.List;

/** Which rows a model is measured on. */
final class EvaluateOptions extends Options<EvaluateOptions> {
    @Option(help = "CSV, JSON or JSON Lines files with the rows to measure.", required = true)
    private List<Path> evalFile;

    @Option(help = "Rows in one batch.", min = 1)
    private int perDeviceEvalBatchSize = 8;

    @Option(help = "Folder for metrics.json and report.html, a page with plots; unset: neither is written.")
    private Path outputDir;

    @Option(help = "Rows to answer, whose answers are compared with theirs: exact match, BLEU, ROUGE-L.", min = 0)
    private int generate = 0;

    @Option(help = "Most tokens of an answer.", min = 1)
    private int maxNewTokens = 256;

    @Option(help = "Compute on the CPU even where there is a GPU.")
    private boolean useCpu = false;

    List<Path> evalFile() {
        return evalFile;
    }

    int perDeviceEvalBatchSize() {
        return perDeviceEvalBatchSize;
    }

    Path outputDir() {
        return outputDir;
    }

    int generate() {
        return generate;
    }

    boolean useCpu() {
        return useCpu;
    }

    int maxNewTokens() {
        return maxNewTokens;
    }
}
