package io.trainer4j.train;

import io.trainer4j.UsageException;
import io.trainer4j.data.Dataset;
import io.trainer4j.model.CausalLM;
import io.trainer4j.model.MaskedLM;
import io.trainer4j.model.PretrainedModel;
import io.trainer4j.text.Tokenizer;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The training set, and how its rows become batches.
 *
 * @param dataset null if there is nothing to train on
 */
record TrainingRows(Dataset dataset, DataCollator collator) {

    /** How rows become batches where the caller does not say. */
    static DataCollator defaultCollator(PretrainedModel model, Tokenizer tokenizer) {
        int pad = tokenizer == null ? 0 : tokenizer.padTokenId().orElse(0);
        if (model instanceof CausalLM) {
            return DataCollator.forCausalLM(pad);
        }
        if (model instanceof MaskedLM) {
            if (tokenizer == null) {
                throw new UsageException(
                        "A masked language model is trained with a tokenizer, which knows the mask token,"
                                + " or with a data collator of your own; give one of them.");
            }
            return DataCollator.forMaskedLM(tokenizer, 0.15);
        }
        return DataCollator.forSequenceClassification(pad, model.config().problemType());
    }

    /**
     * How a run over these rows divides into steps.
     *
     * @throws UsageException if there are too few rows for one
     */
    StepPlan plan(TrainingArguments arguments) {
        if (dataset == null || dataset.size() == 0) {
            throw new UsageException("There are no rows to train on; give the trainer a trainDataset.");
        }
        StepPlan plan = StepPlan.of(dataset.size(), arguments);
        if (plan.stepsPerEpoch() == 0) {
            throw new UsageException("The training set has " + plan.rows() + " rows, fewer than one batch of "
                    + plan.batchSize() + "; lower per_device_train_batch_size or leave dataloader_drop_last off.");
        }
        return plan;
    }

    MiniBatch batch(int... rows) {
        return collator.collate(dataset.rows(rows));
    }

    /** The order of an epoch's rows; by length it draws from the default random stream. */
    int[] order(TrainingArguments arguments, int epoch) {
        return order(arguments, epoch, EpochOrder.isOnce(arguments) ? lengths(arguments) : new int[0]);
    }

    /** As {@link #order(TrainingArguments, int)}, where the lengths of the rows are known. */
    int[] order(TrainingArguments arguments, int epoch, int... lengths) {
        return EpochOrder.ofTraining(arguments, dataset.size(), epoch, lengths);
    }

    /** Tokens of each row; looks at all of them. */
    int[] lengths(TrainingArguments arguments) {
        return EpochOrder.lengths(dataset, arguments.lengthColumnName());
    }

    /** Row numbers of each batch of an epoch. */
    List<int[]> batches(TrainingArguments arguments, StepPlan plan, int[] order) {
        boolean rebalances = arguments.trainSamplingStrategy() == SamplingStrategy.BATCH_REBALANCE;
        return batches(arguments, plan, order, rebalances ? lengths(arguments) : new int[0]);
    }

    /** As {@link #batches(TrainingArguments, StepPlan, int[])}, where the lengths of the rows are known. */
    List<int[]> batches(TrainingArguments arguments, StepPlan plan, int[] order, int... lengths) {
        return arguments.trainSamplingStrategy() == SamplingStrategy.BATCH_REBALANCE
                ? BatchRebalance.batches(order, lengths, plan, arguments.gradientAccumulationSteps())
                : IntStream.range(0, plan.batchesPerEpoch())
                        .mapToObj(b -> plan.batch(order, b))
                        .toList();
    }

    BatchLoader loader(TrainingArguments arguments, List<int[]> expected) {
        return new BatchLoader(dataset, collator, arguments, expected);
    }
}
