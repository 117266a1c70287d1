package io.trainer4j.metric;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Corpus BLEU with one reference per text, as {@code sacrebleu.corpus_bleu} 2.6 with its defaults: n-grams up to 4,
 * exponential smoothing, case kept. Papineni et al. 2002; Post 2018.
 */
public final class Bleu {
    private static final int ORDER = 4;

    private final BleuTokenizer tokenizer;
    private final long[] matches = new long[ORDER];
    private final long[] total = new long[ORDER];
    private long length;
    private long referenceLength;

    /** Nothing compared yet. */
    public Bleu(BleuTokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /** Compares one text with what it should be. */
    public void add(String prediction, String reference) {
        List<String> words = tokenizer.tokenize(prediction);
        List<String> wanted = tokenizer.tokenize(reference);
        length += words.size();
        referenceLength += wanted.size();
        for (int n = 1; n <= ORDER; n++) {
            Map<List<String>, Integer> referenceGrams = grams(wanted, n);
            for (Map.Entry<List<String>, Integer> gram : grams(words, n).entrySet()) {
                total[n - 1] += gram.getValue();
                matches[n - 1] += Math.min(gram.getValue(), referenceGrams.getOrDefault(gram.getKey(), 0));
            }
        }
    }

    private static Map<List<String>, Integer> grams(List<String> words, int n) {
        Map<List<String>, Integer> counts = new HashMap<>();
        for (int i = 0; i + n <= words.size(); i++) {
            counts.merge(words.subList(i, i + n), 1, Integer::sum);
        }
        return counts;
    }

    /** 0 to 100; 0 where no word matches or no text has four words. */
    public double score() {
        if (Arrays.stream(matches).allMatch(count -> count == 0) || total[ORDER - 1] == 0) {
            return 0;
        }
        double logarithms = 0;
        double smoothing = 1;
        for (int n = 0; n < ORDER; n++) {
            double matched = matches[n];
            if (matched == 0) {
                smoothing *= 2;
                matched = 1 / smoothing;
            }
            logarithms += Math.log(100 * matched / total[n]);
        }
        double brevity = length < referenceLength ? Math.exp(1 - (double) referenceLength / length) : 1;
        return brevity * Math.exp(logarithms / ORDER);
    }
}
