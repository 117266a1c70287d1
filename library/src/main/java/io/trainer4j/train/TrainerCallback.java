package io.trainer4j.train;

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
}
