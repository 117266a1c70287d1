package io.trainer4j.train;

import java.util.Map;
import java.util.function.Consumer;

/** Hears of everything that happens in a run and may ask for something: progress bars, logs, early stopping. */
@FunctionalInterface
public interface TrainerCallback {
    /** What a callback asks for after a step or an evaluation; after other events the answer is not used. */
    enum Decision {
        CONTINUE,
        EVALUATE,
        SAVE,
        STOP,
        SAVE_AND_STOP
    }

    /** Called on the training thread. */
    Decision on(TrainingEvent event);

    /**
     * Hears of each row of {@code log_history} and asks for nothing, as {@code PrinterCallback} in
     * transformers/trainer_callback.py does to print it.
     *
     * @param listener told the row's figures by name, in the order they were logged
     */
    static TrainerCallback onLog(Consumer<Map<String, Object>> listener) {
        return event -> {
            if (event instanceof TrainingEvent.Log log) {
                listener.accept(log.row());
            }
            return Decision.CONTINUE;
        };
    }
}
