package io.trainer4j.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Divides the rows of each optimizer step into batches of about equal cost, long rows in small batches: {@code
 * BatchRebalanceSampler} of transformers/trainer_pt_utils.py for one process.
 */
final class BatchRebalance {
    /** Python's sampler does not look at the seeds of the arguments. */
    static final long SEED = 42;

    private static final double QUADRATIC_COST = 0.001;

    private final int[] lengths;
    private final int groups;
    private final int stepRows;

    private BatchRebalance(int[] lengths, int groups, int stepRows) {
        this.lengths = lengths;
        this.groups = groups;
        this.stepRows = stepRows;
    }

    /**
     * The batches of an epoch, the same number for each step and the most costly of a step first.
     *
     * @param order of the epoch's rows
     * @param lengths tokens of each row
     * @param plan tells how many steps there are; rows are repeated where the last has fewer rows than batches
     * @param accumulated batches of a step
     */
    static List<int[]> batches(int[] order, int[] lengths, StepPlan plan, int accumulated) {
        int stepRows = plan.batchSize() * accumulated;
        BatchRebalance steps = new BatchRebalance(lengths, accumulated, stepRows);
        List<int[]> batches = new ArrayList<>();
        for (int step = 0; step < plan.stepsPerEpoch(); step++) {
            int from = step * stepRows;
            int until = Math.max(Math.min(order.length, from + stepRows), from + accumulated);
            int[] rows = IntStream.range(from, until)
                    .map(i -> order[i < order.length ? i : (i - order.length) % order.length])
                    .toArray();
            batches.addAll(steps.divide(rows));
        }
        return batches;
    }

    private List<int[]> divide(int[] rows) {
        int[] sorted = IntStream.of(rows)
                .boxed()
                .sorted(Comparator.comparingInt((Integer row) -> lengths[row]).reversed())
                .mapToInt(row -> row)
                .toArray();
        int[] counts = balance(sorted);
        double[] costs = costs(counts, sorted);
        int[] starts = starts(counts);
        return IntStream.range(0, groups)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer group) -> costs[group])
                        .reversed())
                .map(group -> Arrays.copyOfRange(sorted, starts[group], starts[group] + counts[group]))
                .toList();
    }

    /** Moves one row at a time from the most costly group to the cheapest, until that no longer helps. */
    private int[] balance(int[] sorted) {
        int[] counts = IntStream.range(0, groups)
                .map(group -> sorted.length / groups + (group < sorted.length % groups ? 1 : 0))
                .toArray();
        int[] best = counts.clone();
        double bestSpread = Double.POSITIVE_INFINITY;
        List<Integer> active =
                new ArrayList<>(IntStream.range(0, groups).boxed().toList());
        Set<List<Integer>> seen = new HashSet<>();
        for (int i = 0; i < Math.max(groups * 30, stepRows) && active.size() > 1; i++) {
            if (!seen.add(Arrays.stream(counts).boxed().toList())) {
                break;
            }
            double[] costs = costs(counts, sorted);
            int highest = active.get(0);
            int lowest = active.get(0);
            for (int group : active) {
                highest = costs[group] > costs[highest] ? group : highest;
                lowest = costs[group] < costs[lowest] ? group : lowest;
            }
            double spread = costs[highest] - costs[lowest];
            if (spread < bestSpread) {
                bestSpread = spread;
                best = counts.clone();
            }
            if (spread == 0) {
                break;
            }
            if (counts[highest] > 1) {
                counts[highest]--;
                counts[lowest]++;
            } else {
                active.remove((Integer) highest);
            }
        }
        return best;
    }

    /** Padded tokens, and a little for attention, which grows with the square of the length. */
    private double[] costs(int[] counts, int[] sorted) {
        int[] starts = starts(counts);
        return IntStream.range(0, groups)
                .mapToDouble(group -> {
                    double longest = lengths[sorted[starts[group]]];
                    return counts[group] * longest + QUADRATIC_COST * counts[group] * longest * longest;
                })
                .toArray();
    }

    private static int[] starts(int[] counts) {
        int[] starts = new int[counts.length];
        for (int i = 1; i < counts.length; i++) {
            starts[i] = starts[i - 1] + counts[i - 1];
        }
        return starts;
    }
}
