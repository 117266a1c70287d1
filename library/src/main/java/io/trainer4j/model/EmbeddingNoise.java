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
    Tensor apply(Tensor x, boolean training) {
        if (!training || alpha == 0) {
            return x;
        }
        try (Scope scope = Scope.open()) {
            float most = (float) alpha / (float) Math.sqrt((double) x.size(1) * x.size(2));
            return scope.keep(x.add(torch.zeros_like(x).uniform_(-most, most, new GeneratorOptional())));
        }
    }
}
