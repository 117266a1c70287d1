package io.trainer4j.train;

import java.util.Map;
import java.util.function.Consumer;

/** Hears of everything that happens in a run and may ask for something: progress bars, logs, early stopping. */
@FunctionalInterface
public interface TrainerCallback {
    /** What a callback asks for after a step or an evaluation; after other events the answer is not used. */
    enum Decision {
        CONTINUE,
        /** Measure the evaluation set now; of use after a step only. */
        EVALUATE,
        SAVE,
        /** End the run after what is due at this step; inside an epoch, what is due at its end is left out. */
        STOP,
        SAVE_AND_STOP;

        boolean saves() {
            return this == SAVE || this == SAVE_AND_STOP;
        }

        boolean stops() {
            return this == STOP || this == SAVE_AND_STOP;
        }

        /** Both wishes; EVALUATE gives way to any other. */
        Decision and(Decision other) {
            if ((saves() || other.saves()) && (stops() || other.stops())) {
                return SAVE_AND_STOP;
            }
            return compareTo(other) > 0 ? this : other;
        }
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
