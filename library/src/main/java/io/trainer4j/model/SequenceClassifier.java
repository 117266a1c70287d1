package io.trainer4j.model;

import io.trainer4j.tensor.Scope;
import org.bytedeco.pytorch.Tensor;

/** A network with one score per label and sequence. */
public final class SequenceClassifier extends PretrainedModel {
    private final ClassificationHead head;

    SequenceClassifier(ModelConfig config, Backbone backbone, WeightFiles files) {
        this(config, backbone, backbone.classificationHead(config.numLabels()), files);
    }

    private SequenceClassifier(ModelConfig config, Backbone backbone, ClassificationHead head, WeightFiles files) {
        super(config, backbone, head.parameters(), files);
        this.head = head;
    }

    @Override
    boolean headMayBeNew() {
        return true;
    }

    @Override
    Task task() {
        return Task.SEQUENCE_CLASSIFICATION;
    }

    @Override
    public Tensor logits(ModelInput input, Pass pass) {
        try (Scope scope = Scope.open()) {
            ModelInput tokens = withoutPadding(input, pass);
            Tensor hidden = backbone().hiddenStates(tokens, pass);
            return scope.keep(head.scores(parameters(), tokens, hidden, pass));
        }
    }
}
