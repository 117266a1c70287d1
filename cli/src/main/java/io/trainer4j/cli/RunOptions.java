package io.trainer4j.cli;

import io.trainer4j.model.LoadOptions;
import io.trainer4j.train.TrainingArguments;

/** All that the user decided of a run: what {@code run.yaml} keeps. */
record RunOptions(
        ModelOptions model,
        LoadOptions load,
        FinetuneOptions files,
        DataOptions data,
        LoraOptions lora,
        TrainingArguments training) {
    /** Reads and checks them. */
    static RunOptions of(Arguments given) {
        ModelOptions model = given.as(new ModelOptions());
        FinetuneOptions files = given.as(new FinetuneOptions());
        DataOptions data = DataOptions.of(given);
        TrainingArguments training = given.as(new TrainingArguments());
        LoadOptions load = given.as(new LoadOptions());
        load.validate();
        LoraOptions lora = given.as(new LoraOptions());
        training.validate();
        return new RunOptions(model, load, files, data, lora, training);
    }
}
