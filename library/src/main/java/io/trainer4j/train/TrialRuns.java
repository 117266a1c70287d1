package io.trainer4j.train;

import io.trainer4j.TrainerException;
import io.trainer4j.UsageException;
import io.trainer4j.model.PretrainedModel;
import io.trainer4j.option.OptionSet;
import io.trainer4j.option.OptionSpec;
import io.trainer4j.search.SearchSpace;
import io.trainer4j.search.Study;
import io.trainer4j.search.Trial;
import io.trainer4j.tensor.RandomState;
import io.trainer4j.train.TrainerCallback.Decision;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** Runs the trials of a study one after the other. */
final class TrialRuns {
    private static final OptionSet OPTIONS = OptionSet.of(TrainingArguments.class);

    private final Study study;
    private final TrainingArguments arguments;
    private final Supplier<? extends PretrainedModel> modelInit;
    private final Trainer.Builder trainer;

    /**
     * @param trainer describes the trainer of every trial, but for the model and what the study varies
     * @param modelInit gives the untrained model
     */
    TrialRuns(Study study, Trainer.Builder trainer, Supplier<? extends PretrainedModel> modelInit) {
        requireFitting(study.space());
        if (!trainer.evaluates()) {
            throw new UsageException("A search needs rows to compare its trials on; give the trainer an evalDataset.");
        }
        this.study = study;
        this.trainer = trainer;
        this.modelInit = modelInit;
        arguments = trainer.arguments();
    }

    /** Runs to the last trial. */
    Trial best() {
        for (Optional<Trial> trial = study.next(); trial.isPresent(); trial = study.next()) {
            run(trial.get());
        }
        return study.best()
                .orElseThrow(
                        () -> new TrainerException(
                                "None of the " + study.trials().size()
                                        + " trials came to its end; search a space of lower learning rates, or look at one run alone."));
    }

    private void run(Trial trial) {
        TrainingArguments own = with(arguments, trial.parameters())
                .outputDir(arguments.outputDir().resolve("trial-" + trial.number()));
        RandomState.manualSeed(own.seed()); // a new model's weights are drawn from it
        try (PretrainedModel model = modelInit.get()) {
            AtomicBoolean pruned = new AtomicBoolean();
            Trainer ofTrial = trainer.of(model, own)
                    .callback(event -> {
                        if (event instanceof TrainingEvent.Evaluate evaluation) {
                            pruned.set(study.report(trial.number(), figure(evaluation.metrics())));
                        }
                        return pruned.get() ? Decision.STOP : Decision.CONTINUE;
                    })
                    .build();
            ofTrial.train();
            if (pruned.get()) {
                study.prune(trial.number());
            } else {
                study.complete(trial.number(), figure(ofTrial.evaluate()));
            }
        } catch (UsageException e) {
            throw e;
        } catch (TrainerException e) {
            study.fail(trial.number(), e.getMessage());
        }
    }

    private double figure(Map<String, Double> metrics) {
        Double figure = metrics.get(study.settings().metric());
        if (figure == null) {
            throw new UsageException("The search looks at " + study.settings().metric() + " but the evaluation gives "
                    + metrics.keySet() + "; name one of these as metric_for_best_model.");
        }
        if (!Double.isFinite(figure)) {
            throw new TrainerException(study.settings().metric() + " is " + figure + ".");
        }
        return figure;
    }

    /** Checks that every value the study may draw is one its option takes. */
    private static void requireFitting(SearchSpace space) {
        space.dimensions().forEach((name, dimension) -> {
            for (double end : new double[] {0, 1}) {
                OPTIONS.get(name).parse(name, dimension.at(end));
            }
        });
    }

    static TrainingArguments with(TrainingArguments arguments, Map<String, String> parameters) {
        Map<OptionSpec, Object> values = new LinkedHashMap<>();
        parameters.forEach((name, value) -> {
            OptionSpec option = OPTIONS.get(name);
            values.put(option, option.parse(name, value));
        });
        return arguments.with(values);
    }
}
