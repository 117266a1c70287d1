package io.trainer4j.cli;

import io.trainer4j.train.TrainerCallback;
import io.trainer4j.train.TrainingEvent;
import java.util.concurrent.CountDownLatch;

/**
 * Turns Ctrl-C and SIGTERM into an orderly end: the current step is finished, a checkpoint saved, and only then does the
 * process go. While open, the Java virtual machine waits for {@link #close}.
 */
final class Interrupt implements TrainerCallback, AutoCloseable {
    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread hook = new Thread(this::waitForTheRun, "stop-training");
    private volatile boolean requested;

    Interrupt() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void waitForTheRun() {
        requested = true;
        try {
            finished.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public Decision on(TrainingEvent event) {
        return requested ? Decision.SAVE_AND_STOP : Decision.CONTINUE;
    }

    @Override
    public void close() {
        finished.countDown();
        if (!requested) {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
    }
}
