package io.trainer4j.cli;

import io.trainer4j.option.ConfigFile;
import io.trainer4j.train.TrainerCallback;
import io.trainer4j.train.TrainingEvent;
import java.nio.file.Path;

/**
 * {@code run.yaml} in the output folder: all options of the run, from which it can be repeated or continued. Written with
 * the first checkpoint, so that a run that fails before leaves nothing behind.
 */
final class RunFile implements TrainerCallback {
    private final RunOptions options;
    private final Path file;

    RunFile(RunOptions options) {
        this.options = options;
        file = options.training().outputDir().resolve("run.yaml");
    }

    @Override
    public Decision on(TrainingEvent event) {
        if (event instanceof TrainingEvent.Save) {
            write();
        }
        return Decision.CONTINUE;
    }

    void write() {
        ConfigFile.write(
                file,
                options.model(),
                options.load(),
                options.files(),
                options.data(),
                options.lora(),
                options.training().resumeFromCheckpoint(null));
    }

    /** What the user is told after a run that was stopped. */
    String wayOn(int step) {
        String stopped = "Stopped at step " + step + ". ";
        return options.training().saveOnlyModel()
                ? stopped + "With --save-only-model the checkpoint holds no optimizer state and cannot be continued."
                : stopped + "Go on with: " + Main.program() + " finetune --config " + quoted(file.toString())
                        + " --resume-from-checkpoint true";
    }

    /** A word as it is written on a command line. */
    static String quoted(String word) {
        return word.matches("[\\p{L}\\p{N}/._\\\\:~-]+") ? word : "\"" + word + "\"";
    }
}
