package io.trainer4j.option;

import java.nio.file.Path;
import java.util.List;

/** One option of each type. */
final class SampleOptions extends Options<SampleOptions> {
    enum Mode {
        FAST,
        VERY_SLOW
    }

    @Option(help = "Rows.", min = 1, max = 10)
    int rowCount = 2;

    @Option(help = "Seed.")
    long seed = 7;

    @Option(help = "Rate.", min = 0, below = 1)
    double learningRate = 5e-5;

    @Option(help = "Flag.")
    boolean dryRun = false;

    @Option(help = "Limit.", above = 0)
    Integer limit;

    @Option(help = "Mode.")
    Mode mode = Mode.FAST;

    @Option(help = "Name.", required = true)
    String name;

    @Option(help = "Folder.")
    Path outputDir = Path.of("out");

    @Option(help = "Files.")
    List<Path> trainFiles = List.of();

    @Option(help = "Columns.")
    List<String> columns = List.of("a", "b");

    private int notAnOption = 1;

    int rowCount() {
        return rowCount;
    }

    SampleOptions rowCount(int value) {
        return with(copy -> copy.rowCount = value);
    }

    SampleOptions name(String value) {
        return with(copy -> copy.name = value);
    }

    SampleOptions outputDir(Path value) {
        return with(copy -> copy.outputDir = value);
    }

    SampleOptions notAnOption(int value) {
        return with(copy -> copy.notAnOption = value);
    }

    int notAnOption() {
        return notAnOption;
    }
}
