package io.trainer4j.text;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The merging of byte-pair encoding: again and again the most frequent pair of neighbours becomes a token. Counts of pairs
 * are kept up to date, so that a merge costs only the words it changes. Follows {@code do_train} in tokenizers'
 * models/bpe/trainer.rs step by step, because ties and tokens that arise twice decide the result.
 */
final class PairMerger {
    private static final Comparator<Candidate> MOST_FREQUENT_THEN_SMALLEST =
            Comparator.comparingLong(Candidate::count).reversed().thenComparingLong(Candidate::pair);

    private final List<String> tokens = new ArrayList<>();
    private final Map<String, Integer> ids = new HashMap<>();
    private final List<MergedWord> words = new ArrayList<>();
    private final Map<Long, Long> pairCounts = new HashMap<>();
    private final Set<Long> merges = new LinkedHashSet<>();
    private final PriorityQueue<Candidate> queue = new PriorityQueue<>(MOST_FREQUENT_THEN_SMALLEST);

    /** Pairs that came up since the queue was filled last, with the words they came up in. */
    private final Map<Long, WordIndices> newPairs = new HashMap<>();

    /** A pair to merge in some words; its count may be out of date. */
    private record Candidate(long pair, long count, WordIndices words) {}

    /** Takes the words of the texts with the number of times each occurs. */
    PairMerger(Map<String, Integer> wordCounts) {
        IntStream.range(0, 256)
                .mapToObj(ByteAlphabet::character)
                .sorted()
                .forEach(letter -> id(String.valueOf(letter)));
        wordCounts.forEach((word, count) -> {
            int[] letters = letters(word);
            words.add(new MergedWord(letters, count));
            for (int i = 1; i < letters.length; i++) {
                countPair(letters[i - 1], letters[i], count, words.size() - 1);
            }
        });
        enqueueNewPairs();
    }

    /** Merges until there are {@code limit} tokens or no pair occurs at least {@code minFrequency} times. */
    void mergeUntil(int limit, int minFrequency) {
        while (tokens.size() < limit && !queue.isEmpty()) {
            Candidate top = queue.remove();
            long count = pairCounts.get(top.pair());
            if (top.count() != count) {
                queue.add(new Candidate(top.pair(), count, top.words()));
            } else if (count < minFrequency) {
                return;
            } else {
                merge(first(top.pair()), second(top.pair()), top.words());
            }
        }
    }

    /** Every token; its place is its id. */
    List<String> tokens() {
        return tokens;
    }

    /** The two parts of every merge, in the order of their ranks. */
    List<List<String>> merges() {
        return merges.stream()
                .map(pair -> List.of(tokens.get(first(pair)), tokens.get(second(pair))))
                .toList();
    }

    private void merge(int first, int second, WordIndices places) {
        int merged = id(tokens.get(first) + tokens.get(second));
        // A pair that met again after it was merged takes the later rank.
        merges.remove(pair(first, second));
        merges.add(pair(first, second));
        places.forEach(index -> {
            MergedWord word = words.get(index);
            word.merge(first, second, merged, (left, right, change) -> countPair(left, right, change, index));
        });
        enqueueNewPairs();
    }

    private void countPair(int left, int right, long change, int wordIndex) {
        long pair = pair(left, right);
        pairCounts.merge(pair, change, Long::sum);
        if (change > 0) {
            newPairs.computeIfAbsent(pair, unused -> new WordIndices()).add(wordIndex);
        }
    }

    private void enqueueNewPairs() {
        newPairs.forEach((pair, places) -> {
            long count = pairCounts.get(pair);
            if (count > 0) {
                queue.add(new Candidate(pair, count, places));
            }
        });
        newPairs.clear();
    }

    private int id(String token) {
        Integer known = ids.putIfAbsent(token, tokens.size());
        if (known != null) {
            return known;
        }
        tokens.add(token);
        return tokens.size() - 1;
    }

    private int[] letters(String word) {
        byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
        return IntStream.range(0, bytes.length)
                .map(i -> id(String.valueOf(ByteAlphabet.character(Byte.toUnsignedInt(bytes[i])))))
                .toArray();
    }

    /** Two ids in one number that is ordered like the pair. */
    private static long pair(int first, int second) {
        return (long) first << Integer.SIZE | second;
    }

    private static int first(long pair) {
        return (int) (pair >> Integer.SIZE);
    }

    private static int second(long pair) {
        return (int) pair;
    }
}
