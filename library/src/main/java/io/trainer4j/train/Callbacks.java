package io.trainer4j.train;

import io.trainer4j.UsageException;
import io.trainer4j.train.TrainerCallback.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listeners of a trainer. */
final class Callbacks {
    private static final Logger LOG = LoggerFactory.getLogger(Trainer.class);

    private final List<TrainerCallback> callbacks;
    private final Optional<EarlyStoppingCallback> earlyStopping;

    /** The given listeners, and the one that {@code early_stopping_patience} asks for. */
    Callbacks(List<TrainerCallback> given, TrainingArguments arguments) {
        callbacks = new ArrayList<>(given);
        if (arguments.earlyStoppingPatience() != null) {
            callbacks.add(
                    new EarlyStoppingCallback(arguments.earlyStoppingPatience(), arguments.earlyStoppingThreshold()));
        }
        List<EarlyStoppingCallback> found = callbacks.stream()
                .filter(EarlyStoppingCallback.class::isInstance)
                .map(EarlyStoppingCallback.class::cast)
                .toList();
        if (found.size() > 1) {
            throw new UsageException("There are " + found.size()
                    + " EarlyStoppingCallbacks; keep one, or early_stopping_patience alone.");
        }
        earlyStopping = found.stream().findFirst();
    }

    /** Takes up what a resumed run remembers of its listeners. */
    void begin(TrainingArguments arguments, TrainerState state) {
        earlyStopping.ifPresent(callback -> callback.begin(arguments, state));
    }

    /** Passes an event on and collects what is asked for. */
    Decision tell(TrainingEvent event) {
        Decision wish = Decision.CONTINUE;
        for (TrainerCallback callback : callbacks) {
            wish = wish.and(callback.on(event));
        }
        return wish;
    }

    /** Tells the log and the listeners of something that does not end the run. */
    void warn(String message) {
        LOG.warn(message);
        tell(new TrainingEvent.Warning(message));
    }
}
