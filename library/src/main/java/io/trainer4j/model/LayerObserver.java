package io.trainer4j.model;

import org.bytedeco.pytorch.Tensor;

/** Is shown what goes on inside the blocks of a {@link Decoder}; tensors are gone when a call returns. */
interface LayerObserver {
    /** Looks away. */
    LayerObserver NONE = new LayerObserver() {
        @Override
        public void attended(int layer, Tensor heads) {}

        @Override
        public void gated(int layer, Tensor channels) {}

        @Override
        public void changed(int layer, Tensor before, Tensor after) {}
    };

    /**
     * What the attention's output projection takes.
     *
     * @param heads {@code [B, T, N*D]}
     */
    void attended(int layer, Tensor heads);

    /**
     * What the feed-forward network's last projection takes.
     *
     * @param channels {@code [B, T, intermediate]}
     */
    void gated(int layer, Tensor channels);

    /** What a whole block takes and gives, {@code [B, T, H]} each. */
    void changed(int layer, Tensor before, Tensor after);
}
