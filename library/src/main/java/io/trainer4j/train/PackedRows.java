package io.trainer4j.train;

import io.trainer4j.UsageException;
import io.trainer4j.data.Batch;
import io.trainer4j.data.Columns;
import io.trainer4j.data.Dataset;
import io.trainer4j.model.ModelInput;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Rows of a language model put together into packs of at most a given length, best fit decreasing, as {@code
 * pack_dataset(dataset, seq_length, strategy="bfd")} of trl/data_utils.py (TRL 1.13) does: the same rows make the same
 * packs. The documents of a pack do not see each other, positions begin anew with each, and its first token is no target;
 * so a pack has the loss of its rows. A row that is longer than the limit is cut off.
 *
 * <pre>{@code
 * PackedRows packed = PackedRows.of(train, 1024);
 * Trainer.builder(model, arguments).trainDataset(packed.dataset())...
 * }</pre>
 *
 * @param dataset one row per pack: {@code input_ids}, {@code labels} and {@code seq_lengths}, the tokens of each document
 * @param rows documents in all packs
 * @param tokens their tokens
 * @param maxLength most tokens of a pack
 * @see <a href="https://arxiv.org/abs/2404.10830">Fewer Truncations Improve Language Modeling</a>
 */
public record PackedRows(Dataset dataset, int rows, long tokens, int maxLength) {
    private static final String LENGTHS = "seq_lengths";
    private static final String PACK = "pack";

    /** Rows that are packed together; what Python's {@code Dataset.map} takes at a time. */
    private static final int BATCH_ROWS = 1000;

    /**
     * Packs all rows, which are looked at once now and again whenever a pack is asked for.
     *
     * @param rows with {@code input_ids} and, unless every token is a label, {@code labels}
     * @throws UsageException if no row has a token
     */
    public static PackedRows of(Dataset rows, int maxLength) {
        int[] lengths = EpochOrder.lengths(rows, "");
        List<int[]> packs = new ArrayList<>();
        for (int from = 0; from < lengths.length; from += BATCH_ROWS) {
            packs.addAll(packs(lengths, from, Math.min(lengths.length, from + BATCH_ROWS), maxLength));
        }
        if (packs.isEmpty()) {
            throw new UsageException("There are no tokens to pack; give rows that are not empty.");
        }
        Dataset packed = Dataset.of(Map.of(PACK, packs)).map(batch -> joined(rows, batch, maxLength));
        return new PackedRows(
                packed.removeColumns(PACK),
                packs.stream().mapToInt(pack -> pack.length).sum(),
                Arrays.stream(lengths).mapToLong(n -> Math.min(n, maxLength)).sum(),
                maxLength);
    }

    /** The row numbers of each pack: a row goes where it leaves the least room, long rows first. */
    private static List<int[]> packs(int[] lengths, int from, int until, int maxLength) {
        List<Integer> decreasing = IntStream.range(from, until)
                .filter(row -> lengths[row] > 0)
                .boxed()
                .sorted(Comparator.comparingInt((Integer row) -> -Math.min(lengths[row], maxLength)))
                .toList();
        List<List<Integer>> packs = new ArrayList<>();
        TreeMap<Integer, Deque<List<Integer>>> byRoom = new TreeMap<>();
        for (int row : decreasing) {
            int length = Math.min(lengths[row], maxLength);
            Integer room = byRoom.ceilingKey(length);
            List<Integer> pack;
            if (room == null) {
                room = maxLength;
                pack = new ArrayList<>();
                packs.add(pack);
            } else {
                Deque<List<Integer>> fitting = byRoom.get(room);
                pack = fitting.removeFirst();
                if (fitting.isEmpty()) {
                    byRoom.remove(room);
                }
            }
            pack.add(row);
            byRoom.computeIfAbsent(room - length, r -> new ArrayDeque<>()).add(pack);
        }
        return packs.stream()
                .map(pack -> pack.stream().mapToInt(row -> row).toArray())
                .toList();
    }

    private static Columns joined(Dataset rows, Batch packs, int maxLength) {
        List<int[]> ids = new ArrayList<>();
        List<int[]> labels = new ArrayList<>();
        List<int[]> lengths = new ArrayList<>();
        for (int[] pack : packs.column(PACK, int[].class)) {
            Batch documents = rows.rows(pack);
            List<int[]> tokens = cut(Padded.tokens(documents, "input_ids"), maxLength);
            ids.add(concatenated(tokens));
            labels.add(concatenated(cut(Padded.tokens(documents, Padded.labelsOfTokens(documents)), maxLength)));
            lengths.add(tokens.stream().mapToInt(document -> document.length).toArray());
        }
        return Columns.of("input_ids", ids).and("labels", labels).and(LENGTHS, lengths);
    }

    private static List<int[]> cut(List<int[]> rows, int maxLength) {
        return rows.stream()
                .map(row -> Arrays.copyOf(row, Math.min(row.length, maxLength)))
                .toList();
    }

    private static int[] concatenated(List<int[]> rows) {
        return rows.stream().flatMapToInt(Arrays::stream).toArray();
    }

    static boolean isIn(Batch rows) {
        return rows.columnNames().contains(LENGTHS);
    }

    /** The documents of all packs in one row; a document's first token has label -100. */
    static MiniBatch collated(Batch packs) {
        int[] ids = concatenated(packs.column("input_ids", int[].class));
        int[] labels = concatenated(packs.column("labels", int[].class));
        int[] lengths = concatenated(packs.column(LENGTHS, int[].class));
        int[][] documents = new int[lengths.length][];
        int start = 0;
        for (int d = 0; d < lengths.length; d++) {
            documents[d] = Arrays.copyOfRange(ids, start, start + lengths[d]);
            labels[start] = MiniBatch.IGNORED;
            start += lengths[d];
        }
        return new MiniBatch(ModelInput.packed(documents), new int[][] {labels});
    }

    /**
     * How many rows became how many packs, and how full they are.
     *
     * @param name what was packed, such as {@code training rows}
     */
    public RunPlan.Item decision(String name) {
        double fill = 100.0 * tokens / ((long) dataset.size() * maxLength);
        return new RunPlan.Item(
                name,
                "%,d in %,d packs of at most %,d tokens, %.1f %% full".formatted(rows, dataset.size(), maxLength, fill),
                "packing, bfd; a batch counts packs");
    }
}
