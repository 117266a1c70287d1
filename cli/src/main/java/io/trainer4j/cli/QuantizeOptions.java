package io.trainer4j.cli;

import io.trainer4j.option.Option;
import io.trainer4j.option.Options;
import java.nio.file.Path;
import java.util.List;

/** How a model is made smaller. */
final class QuantizeOptions extends Options<QuantizeOptions> {
    @Option(help = "Folder for the quantized model.", required = true)
    private Path outputDir;

    @Option(help = "Bits of a weight: 8 or 4.", required = true, min = 4, max = 8)
    private Integer bits;

    @Option(help = "Files with rows whose perplexity is measured before and after; unset: it is not.")
    private List<Path> evalFile = List.of();

    Path outputDir() {
        return outputDir;
    }

    int bits() {
        return bits;
    }

    List<Path> evalFile() {
        return evalFile;
    }
}
