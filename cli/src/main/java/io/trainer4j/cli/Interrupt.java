package io.trainer4j.cli;

import io.trainer4j.train.TrainerCallback;
import io.trainer4j.train.TrainingEvent;
import java.util.concurrent.CountDownLatch;

/**
 * Turns Ctrl-C and SIGTERM into an orderly end: from the start of training on, the current step is finished, a checkpoint
 * saved, and only then does the process go. The Java virtual machine waits for {@link #close}.
 */
final class Interrupt implements TrainerCallback, AutoCloseable {
    private final Terminal terminal;
    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread hook = new Thread(this::waitForTheRun, "stop-training");
    private volatile boolean requested;

    Interrupt(Terminal terminal) {
        this.terminal = terminal;
    }

    private void waitForTheRun() {
        if (finished.getCount() == 0) {
            return;
        }
        requested = true;
        terminal.tell("Stopping: this step is finished and a checkpoint saved first.");
        try {
            finished.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public Decision on(TrainingEvent event) {
        if (event instanceof TrainingEvent.TrainBegin) {
            Runtime.getRuntime().addShutdownHook(hook);
        }
        return requested ? Decision.SAVE_AND_STOP : Decision.CONTINUE;
    }

    /** Whether the process is on its way out; what is to be told must be told before {@link #close}. */
    boolean requested() {
        return requested;
    }

    @Override
    public void close() {
        finished.countDown();
        if (!requested) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                requested = true; // the signal came this very moment; the hook finds the run finished
            }
        }
    }
}
