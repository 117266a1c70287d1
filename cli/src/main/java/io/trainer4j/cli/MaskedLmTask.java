package io.trainer4j.cli;

import io.trainer4j.model.AutoModelForMaskedLM;
import io.trainer4j.model.LoadOptions;
import io.trainer4j.train.DataCollator;
import io.trainer4j.train.RunPlan;
import java.util.List;
import java.util.Optional;

/** Guessing hidden tokens of each text, as {@code run_mlm.py --line_by_line} of transformers' examples. */
record MaskedLmTask(TextColumn text, double probability) {

    TaskSetup open(ModelSource source, LoadOptions load) {
        return new TaskSetup(
                source.complete(AutoModelForMaskedLM.fromPretrained(source.folder(), load)),
                text::encode,
                text.name(),
                text.maxLength(),
                List.of(
                        new RunPlan.Item(
                                "columns",
                                text.name(),
                                "each of its tokens is hidden with a chance of " + probability + ", --mlm-probability"),
                        text.maxLength().decision()),
                Optional.empty(),
                Optional.of(DataCollator.forMaskedLM(text.tokenizer(), probability)));
    }
}
