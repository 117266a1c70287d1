package io.trainer4j.cli;

import io.trainer4j.model.AutoModelForMaskedLM;
import io.trainer4j.model.LoadOptions;
import io.trainer4j.train.DataCollator;
import io.trainer4j.train.RunPlan;
import io.trainer4j.train.TokenBlocks;
import java.util.List;
import java.util.Optional;

/**
 * Guessing hidden tokens, as {@code run_mlm.py} of transformers' examples: of each text ({@code --line_by_line}), or of
 * blocks of equal length that all texts together are cut into.
 */
record MaskedLmTask(TextColumn text, double probability, boolean lineByLine) {

    TaskSetup open(ModelSource source, LoadOptions load) {
        return new TaskSetup(
                source.complete(AutoModelForMaskedLM.fromPretrained(source.folder(), load)),
                lineByLine
                        ? rows -> rows.map(text::encode)
                        : rows -> TokenBlocks.of(
                                rows.map(text::encodeWhole), text.maxLength().tokens()),
                text.name(),
                text.maxLength(),
                List.of(
                        new RunPlan.Item(
                                "columns",
                                text.name(),
                                "each of its tokens is hidden with a chance of " + probability + ", --mlm-probability"),
                        new RunPlan.Item(
                                "rows are",
                                lineByLine
                                        ? "the texts"
                                        : "blocks of " + text.maxLength().tokens() + " tokens",
                                "--line-by-line " + lineByLine),
                        text.maxLength().decision()),
                Optional.empty(),
                Optional.of(DataCollator.forMaskedLM(text.tokenizer(), probability)));
    }
}
