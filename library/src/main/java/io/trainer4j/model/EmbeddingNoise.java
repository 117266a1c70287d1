package io.trainer4j.model;

import io.trainer4j.tensor.Scope;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Uniform noise on token embeddings while training; transformers/integrations/neftune.py.
 *
 * @see <a href="https://arxiv.org/abs/2310.05914">NEFTune</a>
 */
final class EmbeddingNoise {
    private double alpha;

    /** Sets the strength; 0 for none. */
    void alpha(double value) {
        alpha = value;
    }

    boolean isOff() {
        return alpha == 0;
    }

    /** {@code x [B, T, H]} with noise of at most {@code alpha / sqrt(T * H)}; {@code x} itself without. */
    Tensor apply(Tensor x, Pass pass) {
        if (!pass.training() || alpha == 0) {
            return x;
        }
        try (Scope scope = Scope.open()) {
            PaddedRandom padded = pass.padded();
            long length = padded == null ? x.size(1) : padded.length();
            float most = (float) alpha / (float) Math.sqrt((double) length * x.size(2));
            return scope.keep(x.add(
                    padded == null
                            ? torch.zeros_like(x).uniform_(-most, most, new GeneratorOptional())
                            : padded.uniform(x, most)));
        }
    }
}
