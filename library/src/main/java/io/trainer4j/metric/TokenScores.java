package io.trainer4j.metric;

import java.util.stream.IntStream;

/** What a language model's evaluation adds up: loss and hits over all predicted tokens alike. */
public final class TokenScores {
    private long tokens;
    private long correct;
    private double loss;

    /**
     * Adds a batch.
     *
     * @param summedLoss negative log-likelihood of all its labels, natural logarithm, not divided
     * @param predicted likeliest token at each labelled position
     * @param labels true tokens, same order
     */
    public void add(double summedLoss, int[] predicted, int[] labels) {
        tokens += labels.length;
        correct += IntStream.range(0, labels.length)
                .filter(i -> predicted[i] == labels[i])
                .count();
        loss += summedLoss;
    }

    /** Adds losses of predictions that are neither right nor wrong, such as those of regression. */
    public void addLoss(double summedLoss, int count) {
        tokens += count;
        loss += summedLoss;
    }

    /** Adds what another has seen. */
    public void add(TokenScores other) {
        tokens += other.tokens;
        correct += other.correct;
        loss += other.loss;
    }

    /** Tokens added. */
    public long count() {
        return tokens;
    }

    /** Mean loss of a token. */
    public double loss() {
        return loss / tokens;
    }

    /** {@code exp} of the mean loss of a token. */
    public double perplexity() {
        return Math.exp(loss());
    }

    /** Share of tokens that were the likeliest; 0 to 1. */
    public double accuracy() {
        return (double) correct / tokens;
    }
}
