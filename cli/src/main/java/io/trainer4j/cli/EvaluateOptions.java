package io.trainer4j.cli;

import io.trainer4j.option.Option;
import io.trainer4j.option.Options;
import java.nio.file.Path;
import java.util.List;

/** Which model is measured on which rows. */
final class EvaluateOptions extends Options<EvaluateOptions> {
    @Option(help = "Folder of the model.", required = true)
    private Path model;

    @Option(help = "CSV, JSON or JSON Lines files with the rows to measure.", required = true)
    private List<Path> evalFile;

    @Option(help = "Rows in one batch.", min = 1)
    private int perDeviceEvalBatchSize = 8;

    Path model() {
        return model;
    }

    List<Path> evalFile() {
        return evalFile;
    }

    int perDeviceEvalBatchSize() {
        return perDeviceEvalBatchSize;
    }
}
