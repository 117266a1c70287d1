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

    List<Path> evalFile() {
        return evalFile;
    }

    int perDeviceEvalBatchSize() {
        return perDeviceEvalBatchSize;
    }
}
