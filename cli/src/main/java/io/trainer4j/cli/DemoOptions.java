package io.trainer4j.cli;

import io.trainer4j.option.Option;
import io.trainer4j.option.Options;
import java.nio.file.Path;

/** Where the demo puts its files and what it trains on. */
final class DemoOptions extends Options<DemoOptions> {
    @Option(help = "Folder for everything the demo makes.")
    private Path outputDir = Path.of("demo-out");

    @Option(help = "Passes over the training rows.", above = 0)
    private double numTrainEpochs = 16;

    Path outputDir() {
        return outputDir;
    }

    double numTrainEpochs() {
        return numTrainEpochs;
    }
}
