package io.trainer4j.train;

import io.trainer4j.UsageException;
import io.trainer4j.model.FrozenStates;
import io.trainer4j.model.MaskedLM;
import io.trainer4j.model.ModelInput;
import io.trainer4j.model.PretrainedModel;
import io.trainer4j.tensor.RowFile;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The states that enter the first trained layer, for each training row, as {@code cache_frozen} asks: computed when the
 * row is first seen and read from the output folder in later epochs, so that the frozen layers run once. The file is
 * removed at the end of a run; an interrupted one leaves it for its resumption.
 */
final class FrozenCache implements AutoCloseable {
    private static final String NAME = "frozen_states.safetensors";

    private final int blocks;
    private final long width;
    private final int[] lengths;
    private final RowFile file;
    private boolean finished;

    private FrozenCache(TrainingSetup setup, int blocks) {
        this.blocks = blocks;
        width = setup.model().hiddenSize();
        lengths = EpochOrder.lengths(setup.rows().dataset(), "");
        file = RowFile.open(setup.arguments().outputDir().resolve(NAME), lengths, width, origin(setup.model()));
    }

    /** What the states follow from beside the tokens: the frozen weights, and the form they are kept in. */
    private static long origin(PretrainedModel model) {
        return model.parameters().bytes()
                ^ RowFile.fingerprint(model.parameters().asMap().values().stream()
                        .filter(tensor -> !tensor.requires_grad())
                        .toList());
    }

    /**
     * The cache of a run, or null where none is asked for.
     *
     * @throws UsageException if what enters the first trained layer changes from epoch to epoch
     */
    static FrozenCache of(TrainingSetup setup) {
        return setup.arguments().cacheFrozen() ? new FrozenCache(setup, frozenBlocks(setup)) : null;
    }

    private static int frozenBlocks(TrainingSetup setup) {
        PretrainedModel model = setup.model();
        if (model.dropsOut()) {
            throw new UsageException("Option cache_frozen cannot keep what dropout changes in every epoch; set the"
                    + " dropout probabilities in the model's config.json to 0, or leave cache_frozen out.");
        }
        if (setup.arguments().neftuneNoiseAlpha() != null) {
            throw new UsageException("Option cache_frozen cannot keep what neftune_noise_alpha changes in every epoch;"
                    + " leave one of them out.");
        }
        if (model instanceof MaskedLM) {
            throw new UsageException(
                    "Option cache_frozen cannot keep the states of a masked language model, whose input"
                            + " is masked anew in every epoch; leave it out.");
        }
        int blocks = Math.min(Freezing.frozenLayers(model), model.layerNames().size() - 1);
        if (blocks == 0) {
            throw new UsageException("Option cache_frozen needs frozen embeddings and frozen layers above them; set"
                    + " freeze_trainable_layers to fewer layers than the model has.");
        }
        return blocks;
    }

    /** What is kept and how much disk it takes, for the plan. */
    static RunPlan.Item decision(TrainingSetup setup) {
        int blocks = frozenBlocks(setup);
        long tokens = Arrays.stream(EpochOrder.lengths(setup.rows().dataset(), ""))
                .asLongStream()
                .sum();
        return new RunPlan.Item(
                "frozen layers",
                "%d of %d, computed once; up to %.1f MB on disk during the run"
                        .formatted(
                                blocks,
                                setup.model().layerNames().size(),
                                RowFile.bytes(tokens, setup.model().hiddenSize()) / 1e6),
                "cache_frozen, in " + setup.arguments().outputDir().resolve(NAME));
    }

    /** The states of a batch of these rows; null if its tokens are not the rows' own. */
    FrozenStates of(int[] rows, MiniBatch batch) {
        return isOf(rows, batch.input()) ? new OfBatch(rows, batch.input()) : null;
    }

    /** Whether the input holds these rows, without padding or padded on the right. */
    private boolean isOf(int[] rows, ModelInput input) {
        if (input.isPacked()) {
            return input.length()
                    == Arrays.stream(rows).map(row -> lengths[row]).sum();
        }
        return IntStream.range(0, rows.length).allMatch(i -> {
            int[] mask = input.attentionMask()[i];
            int length = lengths[rows[i]];
            return Arrays.stream(mask).sum() == length
                    && Arrays.stream(mask).limit(length).sum() == length;
        });
    }

    /** Says that the run has come to its end and nobody will ask again. */
    void finish() {
        finished = true;
    }

    @Override
    public void close() {
        if (finished) {
            file.delete();
        } else {
            file.close();
        }
    }

    /** The rows of one batch one after another, and where they stand in it. */
    private final class OfBatch implements FrozenStates {
        private final int[] rows;
        private final ModelInput input;
        private Tensor known;

        OfBatch(int[] rows, ModelInput input) {
            this.rows = rows;
            this.input = input;
            int total = Arrays.stream(rows).map(row -> lengths[row]).sum();
            try (Scope scope = Scope.open()) {
                Tensor states = TensorData.empty(ScalarType.Float, total, width);
                if (IntStream.range(0, rows.length)
                        .allMatch(i -> file.read(rows[i], ids(i), states.narrow(0, start(i), lengths[rows[i]])))) {
                    known = scope.keep(states);
                }
            }
        }

        /** Tokens of the batch before its i-th row, without padding. */
        private int start(int i) {
            return Arrays.stream(rows, 0, i).map(row -> lengths[row]).sum();
        }

        private int[] ids(int i) {
            int length = lengths[rows[i]];
            return input.isPacked()
                    ? Arrays.copyOfRange(input.inputIds()[0], start(i), start(i) + length)
                    : Arrays.copyOf(input.inputIds()[i], length);
        }

        @Override
        public int blocks() {
            return blocks;
        }

        @Override
        public boolean areKnown() {
            return known != null;
        }

        @Override
        public Tensor entering(Tensor x) {
            boolean oneRow = x.size(0) == 1;
            try (Scope scope = Scope.open()) {
                Tensor states = areKnown() ? torch.zeros_like(x) : x;
                Tensor flat = states.view(-1, width);
                for (int i = 0; i < rows.length; i++) {
                    long from = oneRow ? start(i) : i * x.size(1);
                    Tensor row = flat.narrow(0, from, lengths[rows[i]]);
                    if (areKnown()) {
                        row.copy_(known.narrow(0, start(i), lengths[rows[i]]));
                    } else {
                        file.write(rows[i], ids(i), row);
                    }
                }
                return scope.keep(states);
            }
        }
    }
}
