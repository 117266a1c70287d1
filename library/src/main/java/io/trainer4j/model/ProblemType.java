package io.trainer4j.model;

import java.util.Locale;

/** What a sequence classifier's scores mean, and so by which loss it learns. */
public enum ProblemType {
    /** One class per row: cross-entropy. */
    SINGLE_LABEL_CLASSIFICATION,
    /** Any number of classes per row, each decided for itself: binary cross-entropy. */
    MULTI_LABEL_CLASSIFICATION,
    /** A number for each label: mean squared error. */
    REGRESSION;

    /** As in {@code config.json}, such as {@code single_label_classification}. */
    String hubName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
