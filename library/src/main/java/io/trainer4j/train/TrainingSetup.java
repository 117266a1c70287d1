package io.trainer4j.train;

import io.trainer4j.model.PretrainedModel;

/** What a trainer works with, once its description is complete and checked. */
record TrainingSetup(
        PretrainedModel model,
        TrainingArguments arguments,
        TrainingRows rows,
        Objective objective,
        Evaluation evaluation,
        OutputFiles files,
        Callbacks callbacks) {}
