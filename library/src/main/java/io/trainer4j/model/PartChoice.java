package io.trainer4j.model;

import io.trainer4j.UsageException;
import io.trainer4j.tensor.Scope;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * Decides which layers, heads and channels of a decoder stay: those that count most on calibration rows. All layers keep
 * equally many, since {@code config.json} has one number for them.
 */
final class PartChoice {
    private final DecoderConfig shape;
    private final int removedLayers;
    private final int removedHeads;
    private final int removedGroups;
    private final int removedChannels;

    /**
     * @throws UsageException for more than there is, and for what no {@code config.json} describes
     */
    PartChoice(PruningOptions options, DecoderConfig shape) {
        this.shape = shape;
        boolean sharesKeys = shape.keyValueHeads() < shape.attentionHeads();
        int heads = options.attentionHeads() == null ? 0 : options.attentionHeads();
        removedGroups = options.keyValueHeads() != null ? options.keyValueHeads() : sharesKeys ? 0 : heads;
        removedHeads = sharesKeys ? heads : 0;
        removedLayers = options.layers() == null ? 0 : options.layers();
        removedChannels =
                options.mlpChannels() == null ? 0 : (int) Math.rint(options.mlpChannels() * shape.intermediateSize());
        requireSome("layers", removedLayers, shape.layers(), "layers");
        requireSome(
                options.keyValueHeads() != null ? "key_value_heads" : "attention_heads",
                removedGroups,
                shape.keyValueHeads(),
                "key/value heads in each layer");
        requireEqualGroups();
        requireDivisor();
        if (options.mlpChannels() != null && removedChannels % shape.intermediateSize() == 0) {
            throw new UsageException("Option mlp_channels is %s, which is %s of the %d channels; give another share."
                    .formatted(options.mlpChannels(), removedChannels == 0 ? "none" : "all", shape.intermediateSize()));
        }
    }

    private static void requireSome(String option, int removed, int present, String what) {
        if (removed >= present) {
            throw new UsageException("Option %s is %d but the model has %d %s, of which one must stay; lower it."
                    .formatted(option, removed, present, what));
        }
    }

    private void requireEqualGroups() {
        int groups = shape.keyValueHeads();
        if (removedHeads % groups != 0 || removedHeads >= shape.attentionHeads()) {
            throw new UsageException(
                    ("Option attention_heads is %d but the %d query heads of a layer stand in %d groups"
                                    + " that must stay equally large, as config.json has one number for them; give a multiple of"
                                    + " %d below %d, or remove whole groups with key_value_heads.")
                            .formatted(removedHeads, shape.attentionHeads(), groups, groups, shape.attentionHeads()));
        }
    }

    /** What {@code LlamaConfig.validate_architecture} of transformers 5 demands, even where {@code head_dim} is given. */
    private void requireDivisor() {
        int heads = shape.attentionHeads() - removedHeads - removedGroups * groupSize();
        if (shape.variant().name().equals("Llama")
                && heads != shape.attentionHeads()
                && shape.hiddenSize() % heads != 0) {
            throw new UsageException(("%d heads would stay, and transformers opens a Llama model only if their number"
                            + " divides the hidden size of %d; remove another number of heads.")
                    .formatted(heads, shape.hiddenSize()));
        }
    }

    private int groupSize() {
        return shape.attentionHeads() / shape.keyValueHeads();
    }

    /**
     * @param weights gives a parameter of the model in 32-bit floats
     */
    RemainingParts remaining(Calibration calibration, Function<String, Tensor> weights) {
        int count = shape.layers();
        double[] change =
                Arrays.stream(calibration.similarity()).map(cosine -> -cosine).toArray();
        int[][] heads = new int[count][];
        int[][] groups = new int[count][];
        int[][] channels = new int[count][];
        for (int layer = 0; layer < count; layer++) {
            String name = "model.layers." + layer + ".";
            try (Scope scope = Scope.open()) {
                double[] ofHeads =
                        ofHeads(calibration.ofAttention(layer, weights.apply(name + "self_attn.o_proj.weight")));
                groups[layer] = largest(sums(ofHeads, groupSize()), shape.keyValueHeads() - removedGroups);
                heads[layer] = heads(groups[layer], ofHeads);
                channels[layer] = largest(
                        calibration.ofChannels(layer, weights.apply(name + "mlp.down_proj.weight")),
                        shape.intermediateSize() - removedChannels);
            }
        }
        return new RemainingParts(
                largest(change, count - removedLayers),
                heads,
                groups,
                channels,
                shape.variant().headDim(),
                removedHeads + removedGroups > 0);
    }

    /** The heads that stay in the groups that stay. */
    private int[] heads(int[] groups, double[] ofHeads) {
        int size = groupSize();
        int kept = size - removedHeads / shape.keyValueHeads();
        return Arrays.stream(groups)
                .flatMap(group -> Arrays.stream(
                                largest(Arrays.copyOfRange(ofHeads, group * size, (group + 1) * size), kept))
                        .map(head -> group * size + head))
                .toArray();
    }

    /** The square of the norm of each head's contributions. */
    private double[] ofHeads(double[] contributions) {
        return sums(
                Arrays.stream(contributions).map(value -> value * value).toArray(),
                shape.variant().headDim());
    }

    private static double[] sums(double[] values, int size) {
        return IntStream.range(0, values.length / size)
                .mapToDouble(
                        i -> Arrays.stream(values, i * size, (i + 1) * size).sum())
                .toArray();
    }

    /** The places of the largest scores, in ascending order; of equal scores the first. */
    private static int[] largest(double[] scores, int count) {
        return IntStream.range(0, scores.length)
                .boxed()
                .sorted((a, b) -> Double.compare(scores[b], scores[a]))
                .limit(count)
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
    }
}
