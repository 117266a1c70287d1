package io.trainer4j.train;

import io.trainer4j.model.CausalLM;
import io.trainer4j.model.Mode;
import io.trainer4j.model.Pass;
import io.trainer4j.tensor.MatrixProduct;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import java.util.BitSet;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Next-token cross-entropy (transformers/loss/loss_utils.py, ForCausalLMLoss) that never holds all scores at once: only
 * positions with a label reach the output embedding, a chunk of them at a time, and each chunk's gradient is written down
 * directly, since for cross-entropy it is {@code softmax - onehot}; for {@link LossType#DFT} the same, times the
 * probability of the token.
 */
final class CausalLmObjective implements Objective {
    /** Most positions whose scores exist at the same time. */
    private static final int CHUNK = 256;

    /** Most scores that exist at the same time: 80 MB; their probabilities take their place. */
    private static final int SCORES = 20_000_000;

    /** The same on a GPU, which waits for Java after every chunk: 1.3 GB. */
    private static final int GPU_SCORES = 320_000_000;

    private final CausalLM model;
    private final LossType type;
    private final double smoothing;
    private final int chunk;

    CausalLmObjective(CausalLM model) {
        this(model, LossType.NLL, 0);
    }

    /**
     * @param smoothing for {@link LossType#NLL} only: share of each target that is spread over the whole vocabulary
     */
    CausalLmObjective(CausalLM model, LossType type, double smoothing) {
        this.model = model;
        this.type = type;
        this.smoothing = smoothing;
        chunk = Math.max(1, Math.min(CHUNK, SCORES / model.vocabSize()));
    }

    /**
     * The trained positions of a batch.
     *
     * @param positions index into the flattened {@code [batch * length]} tokens whose successor is predicted
     * @param ids that successor
     */
    private record Targets(int[] positions, int[] ids) {
        static Targets of(MiniBatch batch) {
            int length = batch.labels()[0].length;
            BitSet first = batch.input().firstTokens();
            int[] tokens = IntStream.range(0, batch.rows() * length - 1)
                    .filter(p -> !first.get(p + 1))
                    .filter(p -> batch.labels()[p / length][p % length + 1] != MiniBatch.IGNORED)
                    .toArray();
            int[] ids = IntStream.of(tokens)
                    .map(p -> batch.labels()[p / length][p % length + 1])
                    .toArray();
            return new Targets(IntStream.of(tokens).map(batch.input()::place).toArray(), ids);
        }

        int count() {
            return ids.length;
        }
    }

    @Override
    public RunPlan.Item lossItem() {
        String dft = type == LossType.DFT ? ", each weighted by its probability (dft)" : "";
        return new RunPlan.Item(
                "loss",
                "cross-entropy of answer tokens" + dft + ", in chunks",
                "scores of untrained tokens are never computed");
    }

    /** Scores of the positions of one chunk. */
    @Override
    public long scoreBytes(long targets) {
        return Float.BYTES * Math.min(chunk(), targets) * model.vocabSize();
    }

    @Override
    public long targets(MiniBatch batch) {
        return Targets.of(batch).count();
    }

    @Override
    public double backward(MiniBatch batch, double normaliser, Pass pass) {
        try (Scope scope = Scope.open()) {
            MiniBatch tokens = batch.withoutPadding(model, pass).withSharedPrefixes(model, pass);
            Targets targets = Targets.of(tokens);
            if (targets.count() == 0) {
                return 0;
            }
            Tensor trained = trainedStates(tokens, targets, pass);
            Tensor gradient = torch.empty_like(trained.detach());
            double loss = lossAndGradient(trained.detach(), targets, normaliser, pass.lossScale(), gradient);
            Gradients.backward(trained, gradient);
            pass.backward();
            return loss;
        }
    }

    private Tensor trainedStates(MiniBatch batch, Targets targets, Pass pass) {
        try (Scope scope = Scope.open()) {
            Tensor hidden = model.hiddenStates(batch.input(), pass);
            return scope.keep(hidden.view(-1, model.hiddenSize()).index_select(0, onDevice(targets.positions())));
        }
    }

    private int chunk() {
        return model.device().isCuda() ? Math.max(1, GPU_SCORES / model.vocabSize()) : chunk;
    }

    private Tensor onDevice(int... values) {
        return model.device().putNew(TensorData.ints(values));
    }

    /** Fills {@code gradient} with the scaled loss's derivative by {@code states} and adds that by the output embedding. */
    private double lossAndGradient(Tensor states, Targets targets, double normaliser, double scale, Tensor gradient) {
        double sum = 0;
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            Tensor weightGradient =
                    model.trainedOutputEmbedding().map(Gradients::ofOrZeros).orElse(null);
            Tensor ids = onDevice(targets.ids()).unsqueeze(1);
            for (int from = 0; from < targets.count(); from += chunk()) {
                try (Scope ofChunk = Scope.open()) {
                    int size = Math.min(chunk(), targets.count() - from);
                    Tensor rows = states.narrow(0, from, size);
                    Tensor wanted = ids.narrow(0, from, size);
                    TokenProbabilities softmax = probabilities(rows, wanted);
                    sum += loss(softmax);
                    Tensor scoreGradient = softmax.probabilities();
                    Tensor target =
                            model.device().putNew(TensorData.zeros(size, 1)).fill_(new Scalar(smoothing - 1));
                    scoreGradient.scatter_add_(1, wanted, target);
                    if (smoothing > 0) {
                        scoreGradient.sub_(new Scalar(smoothing / model.vocabSize()));
                    }
                    if (type == LossType.DFT) {
                        scoreGradient.mul_(softmax.wanted().exp());
                    }
                    gradient.narrow(0, from, size).copy_(model.scoresBackward(scoreGradient));
                    if (weightGradient != null) {
                        addTo(weightGradient, scoreGradient, rows, scale / normaliser);
                    }
                }
            }
            gradient.div_(new Scalar(normaliser / scale));
        }
        return sum / normaliser;
    }

    /** Adds {@code scoreGradient^T rows factor}, computed in 32 bits also where the sum is kept in bf16. */
    private static void addTo(Tensor sum, Tensor scoreGradient, Tensor rows, double factor) {
        if (sum.scalar_type().intern() == ScalarType.Float) {
            sum.addmm_(scoreGradient.t(), rows, new Scalar(1.0), new Scalar(factor));
        } else {
            sum.add_(MatrixProduct.linear(scoreGradient.t(), rows.t()), new Scalar(factor));
        }
    }

    private TokenProbabilities probabilities(Tensor states, Tensor wanted) {
        return TokenProbabilities.of(model.scores(states), wanted, smoothing > 0);
    }

    /** Summed over a chunk; smoothed as by LabelSmoother of transformers/trainer_pt_utils.py. */
    private double loss(TokenProbabilities softmax) {
        Tensor wanted = softmax.wanted();
        if (type == LossType.DFT) {
            return -wanted.exp().mul(wanted).sum().item_double();
        }
        double likelihoodLoss = -wanted.sum().item_double();
        return smoothing == 0
                ? likelihoodLoss
                : (1 - smoothing) * likelihoodLoss - smoothing * softmax.logSum() / model.vocabSize();
    }

    @Override
    public void evaluate(MiniBatch batch, EvaluationSums sums) {
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            Pass pass = Pass.of(Mode.EVAL);
            MiniBatch tokens = batch.withoutPadding(model, pass).withSharedPrefixes(model, pass);
            Targets targets = Targets.of(tokens);
            double loss = 0;
            double likelihoodLoss = 0;
            int[] predictions = new int[targets.count()];
            if (targets.count() > 0) {
                Tensor states = trainedStates(tokens, targets, pass);
                Tensor ids = onDevice(targets.ids()).unsqueeze(1);
                for (int from = 0; from < targets.count(); from += chunk()) {
                    try (Scope ofChunk = Scope.open()) {
                        int size = Math.min(chunk(), targets.count() - from);
                        TokenProbabilities softmax =
                                probabilities(states.narrow(0, from, size), ids.narrow(0, from, size));
                        likelihoodLoss -= softmax.wanted().sum().item_double();
                        loss += loss(softmax);
                        long[] likeliest =
                                TensorData.toLongs(softmax.probabilities().argmax(new LongOptional(1), false));
                        for (int i = 0; i < size; i++) {
                            predictions[from + i] = (int) likeliest[i];
                        }
                    }
                }
            }
            sums.addBatch(batch.rows(), loss, predictions, targets.ids(), null);
            sums.addLikelihoodLoss(likelihoodLoss);
        }
    }
}
