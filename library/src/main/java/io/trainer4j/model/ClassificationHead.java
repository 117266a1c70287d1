package io.trainer4j.model;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** What turns a sequence's token vectors into one score per label. */
interface ClassificationHead {
    /** The head's tensors, in the order in which Python initialises them. */
    List<ParameterSpec> parameters();

    /**
     * Scores before softmax.
     *
     * @param hidden {@code [B, T, H]}
     * @return {@code [B, labels]}
     */
    Tensor scores(Parameters parameters, ModelInput input, Tensor hidden, Pass pass);
}
