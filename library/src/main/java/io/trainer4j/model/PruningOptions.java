package io.trainer4j.model;

import io.trainer4j.UsageException;
import io.trainer4j.option.Option;
import io.trainer4j.option.Options;

/**
 * What {@link Pruning} takes from a model. Removals change shapes, so that every layer loses equally many parts and
 * {@code config.json} can say what is left; zeros are put into what remains.
 */
public final class PruningOptions extends Options<PruningOptions> {
    /** The only pattern: 2 of 4 consecutive inputs. */
    static final String TWO_OF_FOUR = "2:4";

    @Option(
            help = "Share of each linear layer's weights that become zero, those of the smallest magnitude; embeddings,"
                    + " norms and heads stay.",
            above = 0,
            below = 1)
    private Double sparsity;

    @Option(help = "2:4 keeps the 2 largest of each 4 consecutive inputs of every linear layer.")
    private String pattern;

    @Option(help = "Number of whole layers to remove, those that change the hidden state least.", min = 1)
    private Integer layers;

    @Option(
            help = "Number of query heads to remove from each layer: as many from each group where heads share keys and"
                    + " values, else each with its key and value.",
            min = 1)
    private Integer attentionHeads;

    @Option(help = "Number of key/value heads to remove from each layer, with the query heads they serve.", min = 1)
    private Integer keyValueHeads;

    @Option(
            help = "Share of the channels to remove from each layer's MLP, those with the smallest norm of activation"
                    + " times norm of weight.",
            above = 0,
            below = 1)
    private Double mlpChannels;

    /** Share of the weights that become zero, or null. */
    public Double sparsity() {
        return sparsity;
    }

    public PruningOptions sparsity(double value) {
        return with(copy -> copy.sparsity = value);
    }

    /** {@code 2:4}, or null. */
    public String pattern() {
        return pattern;
    }

    public PruningOptions pattern(String value) {
        return with(copy -> copy.pattern = value);
    }

    /** Number of layers to remove, or null. */
    public Integer layers() {
        return layers;
    }

    public PruningOptions layers(int value) {
        return with(copy -> copy.layers = value);
    }

    /** Number of query heads to remove from each layer, or null. */
    public Integer attentionHeads() {
        return attentionHeads;
    }

    public PruningOptions attentionHeads(int value) {
        return with(copy -> copy.attentionHeads = value);
    }

    /** Number of key/value heads to remove from each layer, or null. */
    public Integer keyValueHeads() {
        return keyValueHeads;
    }

    public PruningOptions keyValueHeads(int value) {
        return with(copy -> copy.keyValueHeads = value);
    }

    /** Share of the MLP's channels to remove from each layer, or null. */
    public Double mlpChannels() {
        return mlpChannels;
    }

    public PruningOptions mlpChannels(double value) {
        return with(copy -> copy.mlpChannels = value);
    }

    /** Whether parts are removed, which takes calibration rows to tell which. */
    public boolean removesParts() {
        return layers != null || attentionHeads != null || keyValueHeads != null || mlpChannels != null;
    }

    /** Whether weights become zero. */
    public boolean makesZeros() {
        return sparsity != null || pattern != null;
    }

    /**
     * Checks that the options ask for something and do not contradict each other.
     *
     * @throws UsageException naming those to give or to leave out
     */
    public void validate() {
        if (!removesParts() && !makesZeros()) {
            throw new UsageException("Nothing is to be pruned; give sparsity, pattern, layers, attention_heads,"
                    + " key_value_heads or mlp_channels.");
        }
        if (pattern != null && !pattern.equals(TWO_OF_FOUR)) {
            throw new UsageException("Option pattern is \"" + pattern + "\" but must be 2:4.");
        }
        if (pattern != null && sparsity != null) {
            throw new UsageException("Options sparsity and pattern exclude each other, since 2:4 is a sparsity of 0.5;"
                    + " leave one out.");
        }
        if (attentionHeads != null && keyValueHeads != null) {
            throw new UsageException("Options attention_heads and key_value_heads exclude each other; leave one out, or"
                    + " prune twice.");
        }
    }
}
