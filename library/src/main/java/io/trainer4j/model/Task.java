package io.trainer4j.model;

/** What a model's head is for. */
enum Task {
    CAUSAL_LM("ForCausalLM"),
    SEQUENCE_CLASSIFICATION("ForSequenceClassification"),
    MASKED_LM("ForMaskedLM");

    private final String suffix;

    Task(String suffix) {
        this.suffix = suffix;
    }

    /** How Python names most classes: family, then task. */
    String of(String family) {
        return family + suffix;
    }
}
