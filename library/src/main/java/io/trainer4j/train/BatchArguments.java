package io.trainer4j.train;

import io.trainer4j.option.Option;
import io.trainer4j.option.Options;
import java.nio.file.Path;
import java.util.List;

/** Where a run writes, and which rows make up its batches. */
abstract class BatchArguments<T extends BatchArguments<T>> extends Options<T> {
    @Option(help = "Folder for checkpoints and the final model.")
    Path outputDir = Path.of("trainer_output");

    @Option(help = "Rows in one training batch.", min = 1)
    int perDeviceTrainBatchSize = 8;

    @Option(help = "Rows in one evaluation batch.", min = 1)
    int perDeviceEvalBatchSize = 8;

    @Option(help = "Batches whose gradients are added up before an optimizer step.", min = 1)
    int gradientAccumulationSteps = 1;

    @Option(help = "Count targets over all devices.", noEffect = "a run has one device")
    boolean averageTokensAcrossDevices = true;

    @Option(help = "Passes over the training set; may be a fraction.", above = 0)
    double numTrainEpochs = 3;

    @Option(help = "Optimizer steps of the whole run, instead of num_train_epochs if positive.", min = -1)
    int maxSteps = -1;

    @Option(help = "The order of the training rows.")
    SamplingStrategy trainSamplingStrategy = SamplingStrategy.RANDOM;

    @Option(
            help =
                    "Column with the lengths that group_by_length and batch_rebalance look at; the lengths are counted where there is no such column.")
    String lengthColumnName = "length";

    @Option(help = "Drop the last batch if it is smaller than the others.")
    boolean dataloaderDropLast = false;

    @Option(
            help =
                    "Threads that read, encode and collate batches ahead; 0: the training thread does, when it needs one.",
            min = 0)
    int dataloaderNumWorkers = 0;

    @Option(help = "Batches that each of dataloader_num_workers prepares ahead; unset: 2.", min = 1)
    Integer dataloaderPrefetchFactor;

    @Option(
            help = "Keep batches in page-locked memory for the GPU.",
            noEffect = "a batch is small beside the step that computes it")
    boolean dataloaderPinMemory = true;

    @Option(
            help = "Drop columns the model does not take.",
            noEffect = "a collator sees every column and the model only what it takes")
    boolean removeUnusedColumns = true;

    @Option(
            help = "Column with the labels.",
            noEffect =
                    "labels are read from the column labels, or label of a classifier; rename the column, or name it to the"
                            + " command line with --label-column")
    List<String> labelNames;

    @Option(help = "Seed of dropout, new weights and shuffling; up to 2^32 - 1.", min = 0, max = 4294967295.0)
    long seed = 42;

    @Option(help = "Seed of shuffling alone; unset: seed.", min = 0, max = 4294967295.0)
    Long dataSeed;

    public Path outputDir() {
        return outputDir;
    }

    public T outputDir(Path value) {
        return with(copy -> copy.outputDir = value);
    }

    public int perDeviceTrainBatchSize() {
        return perDeviceTrainBatchSize;
    }

    public T perDeviceTrainBatchSize(int value) {
        return with(copy -> copy.perDeviceTrainBatchSize = value);
    }

    public int perDeviceEvalBatchSize() {
        return perDeviceEvalBatchSize;
    }

    public T perDeviceEvalBatchSize(int value) {
        return with(copy -> copy.perDeviceEvalBatchSize = value);
    }

    public int gradientAccumulationSteps() {
        return gradientAccumulationSteps;
    }

    public T gradientAccumulationSteps(int value) {
        return with(copy -> copy.gradientAccumulationSteps = value);
    }

    public boolean averageTokensAcrossDevices() {
        return averageTokensAcrossDevices;
    }

    public T averageTokensAcrossDevices(boolean value) {
        return with(copy -> copy.averageTokensAcrossDevices = value);
    }

    public double numTrainEpochs() {
        return numTrainEpochs;
    }

    public T numTrainEpochs(double value) {
        return with(copy -> copy.numTrainEpochs = value);
    }

    public int maxSteps() {
        return maxSteps;
    }

    public T maxSteps(int value) {
        return with(copy -> copy.maxSteps = value);
    }

    public SamplingStrategy trainSamplingStrategy() {
        return trainSamplingStrategy;
    }

    public T trainSamplingStrategy(SamplingStrategy value) {
        return with(copy -> copy.trainSamplingStrategy = value);
    }

    public String lengthColumnName() {
        return lengthColumnName;
    }

    public T lengthColumnName(String value) {
        return with(copy -> copy.lengthColumnName = value);
    }

    public boolean dataloaderDropLast() {
        return dataloaderDropLast;
    }

    public T dataloaderDropLast(boolean value) {
        return with(copy -> copy.dataloaderDropLast = value);
    }

    public int dataloaderNumWorkers() {
        return dataloaderNumWorkers;
    }

    public T dataloaderNumWorkers(int value) {
        return with(copy -> copy.dataloaderNumWorkers = value);
    }

    public Integer dataloaderPrefetchFactor() {
        return dataloaderPrefetchFactor;
    }

    public T dataloaderPrefetchFactor(int value) {
        return with(copy -> copy.dataloaderPrefetchFactor = value);
    }

    public boolean dataloaderPinMemory() {
        return dataloaderPinMemory;
    }

    public T dataloaderPinMemory(boolean value) {
        return with(copy -> copy.dataloaderPinMemory = value);
    }

    public boolean removeUnusedColumns() {
        return removeUnusedColumns;
    }

    public T removeUnusedColumns(boolean value) {
        return with(copy -> copy.removeUnusedColumns = value);
    }

    public List<String> labelNames() {
        return labelNames;
    }

    public T labelNames(List<String> value) {
        return with(copy -> copy.labelNames = value == null ? null : List.copyOf(value));
    }

    public long seed() {
        return seed;
    }

    public T seed(long value) {
        return with(copy -> copy.seed = value);
    }

    public Long dataSeed() {
        return dataSeed;
    }

    public T dataSeed(long value) {
        return with(copy -> copy.dataSeed = value);
    }
}
