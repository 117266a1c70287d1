package io.trainer4j.metric;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Mean ROUGE-L F1 over texts: how long a sequence of words, in order but not necessarily adjacent, a text shares with its
 * reference. As {@code rougeL} of rouge_score 0.1.2 without stemmer; Lin 2004, ROUGE, section 3.1.
 */
public final class RougeL {
    private final Function<String, List<String>> tokenizer;
    private double sum;
    private long texts;

    private RougeL(Function<String, List<String>> tokenizer) {
        this.tokenizer = tokenizer;
    }

    /** Every character but white space is a word, for Chinese. */
    public static RougeL ofCharacters() {
        return new RougeL(BleuTokenizer.CHAR::tokenize);
    }

    /** Words are runs of {@code a-z0-9} after lower-casing, as rouge_score has it by default. */
    public static RougeL ofWords() {
        return new RougeL(text -> Stream.of(text.toLowerCase(Locale.ROOT).split("[^a-z0-9]+"))
                .filter(word -> !word.isEmpty())
                .toList());
    }

    /** Compares one text with what it should be. */
    public void add(String prediction, String reference) {
        sum += f1(tokenizer.apply(prediction), tokenizer.apply(reference));
        texts++;
    }

    private static double f1(List<String> words, List<String> wanted) {
        int common = commonSubsequence(words, wanted);
        return common == 0 ? 0 : 2.0 * common / (words.size() + wanted.size());
    }

    private static int commonSubsequence(List<String> words, List<String> wanted) {
        int[] lengths = new int[wanted.size() + 1];
        for (String word : words) {
            int diagonal = 0;
            for (int j = 1; j <= wanted.size(); j++) {
                int above = lengths[j];
                lengths[j] = word.equals(wanted.get(j - 1)) ? diagonal + 1 : Math.max(above, lengths[j - 1]);
                diagonal = above;
            }
        }
        return lengths[wanted.size()];
    }

    /** 0 to 1. */
    public double score() {
        return sum / texts;
    }
}
