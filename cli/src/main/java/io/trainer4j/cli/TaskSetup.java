package io.trainer4j.cli;

import io.trainer4j.TrainerException;
import io.trainer4j.UsageException;
import io.trainer4j.data.Dataset;
import io.trainer4j.model.CausalLM;
import io.trainer4j.model.LoadOptions;
import io.trainer4j.model.ModelConfig;
import io.trainer4j.model.PretrainedModel;
import io.trainer4j.text.Tokenizer;
import io.trainer4j.train.ComputeMetrics;
import io.trainer4j.train.DataCollator;
import io.trainer4j.train.PackedRows;
import io.trainer4j.train.RunPlan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Model and encoding for one task; closing frees the model.
 *
 * @param encoding adds {@code input_ids}, labels and {@link EncodedRows#CUT} to rows, or makes blocks of them
 * @param key column that names a row to the user
 * @param decisions what was decided, for the plan
 * @param metrics the task's own evaluation figures
 * @param collator how rows become batches, where the trainer's own way is not it
 */
record TaskSetup(
        PretrainedModel model,
        UnaryOperator<Dataset> encoding,
        String key,
        MaxLength maxLength,
        List<RunPlan.Item> decisions,
        Optional<ComputeMetrics> metrics,
        Optional<DataCollator> collator)
        implements AutoCloseable {

    /** Whether a model is trained for the rows or measured on them. */
    enum Purpose {
        TRAIN,
        MEASURE
    }

    /** Loads the model and decides how rows are encoded for it. */
    static TaskSetup of(
            DataOptions options,
            Purpose purpose,
            Rows reader,
            Dataset rows,
            ModelSource source,
            Tokenizer tokenizer,
            LoadOptions load) {
        ModelConfig config = source.config();
        MaxLength maxLength = MaxLength.of(options.maxLength(), options.lengthIsFromFile(), config);
        String key = reader.keyColumn(rows);
        TextColumn text = new TextColumn(tokenizer, key, maxLength);
        TaskSetup setup = switch (options.task()) {
            case CAUSAL_LM ->
                reader.hasConversations(rows)
                        ? new ConversationTask(
                                        tokenizer, key, !Boolean.FALSE.equals(options.assistantOnlyLoss()), maxLength)
                                .open(source, load)
                        : completions(options, reader, rows, tokenizer, maxLength)
                                .open(source, load);
            case SEQUENCE_CLASSIFICATION ->
                new ClassificationTask(text, RowLabels.of(options, config, purpose, rows)).open(source, load);
            case MASKED_LM -> new MaskedLmTask(text, options.mlmProbability(), options.lineByLine()).open(source, load);
        };
        try {
            requireFitting(tokenizer, setup.model, source.shown());
            return setup;
        } catch (RuntimeException e) {
            setup.close();
            throw e;
        }
    }

    private static CompletionTask completions(
            DataOptions options, Rows reader, Dataset rows, Tokenizer tokenizer, MaxLength maxLength) {
        if (Boolean.TRUE.equals(options.assistantOnlyLoss())) {
            throw new UsageException("Option assistant_only_loss is for conversations, and the rows are prompts and"
                    + " completions; leave it out: the completion is what is trained.");
        }
        return new CompletionTask(
                tokenizer,
                options.promptStyle(),
                reader.keyColumn(rows),
                reader.otherColumns(rows).get(0),
                options.completionOnlyLoss(),
                maxLength);
    }

    /** Refuses a tokenizer with ids the model has no embedding for. */
    static void requireFitting(Tokenizer tokenizer, PretrainedModel model, Path folder) {
        if (tokenizer.vocabSize() > model.vocabSize()) {
            throw new TrainerException(
                    "The tokenizer in %s has %,d tokens but the model embeds only %,d; use the tokenizer that belongs to these weights."
                            .formatted(folder, tokenizer.vocabSize(), model.vocabSize()));
        }
    }

    /** Encodes lazily, after a look at every row that is added to {@code found}; leaves out rows without a target. */
    Dataset checked(Dataset rows, String name, List<RunPlan.Item> found) {
        return checked(rows, name, false, found);
    }

    private Dataset checked(Dataset rows, String name, boolean keepsAll, List<RunPlan.Item> found) {
        Dataset encoded = encoding.apply(rows);
        EncodedRows seen = EncodedRows.of(encoded, key, maxLength, keepsAll);
        found.add(new RunPlan.Item(name, seen.toString(), "counted"));
        seen.leftOut(name).ifPresent(found::add);
        return seen.kept();
    }

    /**
     * As {@link #checked}, and put into packs of the maximum length where {@code packs}.
     *
     * @param asTrl whether packs hold the rows that TRL puts there (trainer/sft_trainer.py): with packing it never looks
     *     for those that have nothing to train
     * @throws UsageException if the model is no language model
     */
    Dataset prepared(Dataset rows, String name, boolean packs, boolean asTrl, List<RunPlan.Item> found) {
        Dataset encoded = checked(rows, name, asTrl && packs, found);
        if (!packs) {
            return encoded;
        }
        if (!(model instanceof CausalLM)) {
            throw new UsageException("Options packing and eval_packing are for --task causal-lm, whose tokens are"
                    + " trained one by one; leave them out.");
        }
        PackedRows packed = PackedRows.of(encoded, maxLength.tokens());
        found.add(packed.decision("packs"));
        return packed.dataset();
    }

    /** The decisions, to be added to. */
    List<RunPlan.Item> newDecisions() {
        return new ArrayList<>(decisions);
    }

    @Override
    public void close() {
        model.close();
    }
}
