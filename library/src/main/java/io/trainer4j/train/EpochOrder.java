package io.trainer4j.train;

import io.trainer4j.data.Batch;
import io.trainer4j.data.Dataset;
import io.trainer4j.tensor.RandomState;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** In which order an epoch takes the rows. */
final class EpochOrder {
    private EpochOrder() {}

    /**
     * Random order in which rows of about the same length are neighbours, the longest first: get_length_grouped_indices of
     * transformers/trainer_pt_utils.py.
     *
     * @param order a random order of the rows
     * @param lengths tokens of each row
     * @param batchSize rows of an optimizer step
     */
    static int[] byLength(int[] order, int[] lengths, int batchSize) {
        int parts = Math.max(1, Math.min(order.length / (batchSize * 4), 50));
        int size = parts * batchSize;
        int[] grouped = new int[order.length];
        int longest = 0;
        for (int from = 0; from < order.length; from += size) {
            int until = Math.min(order.length, from + size);
            List<Integer> sorted = IntStream.range(from, until)
                    .mapToObj(i -> order[i])
                    .sorted(Comparator.comparingInt((Integer row) -> lengths[row])
                            .reversed())
                    .toList();
            for (int i = from; i < until; i++) {
                grouped[i] = sorted.get(i - from);
            }
            longest = lengths[grouped[from]] > lengths[grouped[longest]] ? from : longest;
        }
        int first = grouped[0];
        grouped[0] = grouped[longest];
        grouped[longest] = first;
        return grouped;
    }

    /**
     * The order of an epoch of training; by length it draws from the default random stream, as in Python.
     *
     * @param lengths of each row, for the order by length
     */
    static int[] ofTraining(TrainingArguments arguments, int rows, int epoch, int[] lengths) {
        return switch (arguments.trainSamplingStrategy()) {
            case SEQUENTIAL -> IntStream.range(0, rows).toArray();
            case RANDOM -> RandomState.permutation(rows, arguments.shuffleSeed() + epoch);
            case BATCH_REBALANCE -> RandomState.permutation(rows, BatchRebalance.SEED + epoch);
            case GROUP_BY_LENGTH ->
                byLength(
                        RandomState.permutation(rows),
                        lengths,
                        arguments.perDeviceTrainBatchSize() * arguments.gradientAccumulationSteps());
        };
    }

    /** The order of an evaluation; only with hf_compat do grouping and dropping change it, and with it the loss. */
    static int[] ofEvaluation(TrainingArguments arguments, Dataset rows) {
        int count = rows.size();
        int batchSize = arguments.perDeviceEvalBatchSize();
        int[] order = arguments.hfCompat() && isOnce(arguments)
                ? byLength(
                        RandomState.permutation(count, arguments.shuffleSeed()),
                        lengths(rows, arguments.lengthColumnName()),
                        batchSize)
                : IntStream.range(0, count).toArray();
        boolean drops = arguments.hfCompat() && arguments.dataloaderDropLast();
        return drops ? Arrays.copyOf(order, count - count % batchSize) : order;
    }

    /**
     * Tokens of each row.
     *
     * @param column holds them, or where it is missing they are counted
     */
    static int[] lengths(Dataset rows, String column) {
        int[] lengths = new int[rows.size()];
        for (int from = 0; from < lengths.length; from += 256) {
            int until = Math.min(lengths.length, from + 256);
            Batch batch = rows.rows(IntStream.range(from, until).toArray());
            int[] ofBatch = new int[until - from];
            if (batch.columnNames().contains(column)) {
                List<?> told = batch.column(column);
                Arrays.setAll(ofBatch, i -> Integer.parseInt(String.valueOf(told.get(i))));
            } else {
                List<int[]> tokens = batch.column("input_ids", int[].class);
                Arrays.setAll(ofBatch, i -> tokens.get(i).length);
            }
            System.arraycopy(ofBatch, 0, lengths, from, ofBatch.length);
        }
        return lengths;
    }

    /** Whether the order of an epoch is drawn from the default stream, where it cannot be drawn again. */
    static boolean isOnce(TrainingArguments arguments) {
        return arguments.trainSamplingStrategy() == SamplingStrategy.GROUP_BY_LENGTH;
    }
}
