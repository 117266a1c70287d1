package io.trainer4j.cli;

import io.trainer4j.option.Option;
import io.trainer4j.option.Options;
import java.nio.file.Path;
import java.util.List;

/** Which rows a model is trained on. */
final class FinetuneOptions extends Options<FinetuneOptions> {
    /** Whose order of rows a split follows. */
    enum SplitMethod {
        DATASETS,
        SKLEARN
    }

    /** How rows are chosen for a pack. */
    enum PackingStrategy {
        BFD
    }

    @Option(help = "CSV, JSON or JSON Lines files with the rows to train on.", required = true)
    private List<Path> trainFile;

    @Option(help = "File with the rows to evaluate on; unset: a part of the training file.")
    private Path evalFile;

    @Option(
            help = "Part of the training file that is held out: a share below 1 or a number of rows; 0 for none.",
            min = 0)
    private double testSize = 0.2;

    @Option(help = "Seed of the split.", min = 0, max = 4294967295.0)
    private long splitSeed = 42;

    @Option(help = "Hold out the rows that Python's datasets or scikit-learn would.")
    private SplitMethod splitMethod = SplitMethod.DATASETS;

    @Option(help = "Put several training rows into one of max_length tokens, in which they do not see each other.")
    private boolean packing = false;

    @Option(help = "Which rows share a pack; bfd fills packs best, long rows first.")
    private PackingStrategy packingStrategy = PackingStrategy.BFD;

    @Option(help = "Pack the evaluation rows too; unset: as packing.")
    private Boolean evalPacking;

    boolean packing() {
        return packing;
    }

    PackingStrategy packingStrategy() {
        return packingStrategy;
    }

    boolean packsEvaluation() {
        return evalPacking == null ? packing : evalPacking;
    }

    List<Path> trainFile() {
        return trainFile;
    }

    Path evalFile() {
        return evalFile;
    }

    double testSize() {
        return testSize;
    }

    long splitSeed() {
        return splitSeed;
    }

    SplitMethod splitMethod() {
        return splitMethod;
    }
}
