package io.trainer4j.train;

import io.trainer4j.AtomicFile;
import io.trainer4j.TrainerException;
import io.trainer4j.tensor.RandomState;
import io.trainer4j.tensor.SafetensorsFile;
import io.trainer4j.tensor.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a checkpoint holds beyond the model, so that the run that goes on is the run that was interrupted: optimizer
 * moments, the random stream and the sums behind the next log. Safetensors and JSON, no pickles.
 */
final class ResumeFiles {
    private static final String OPTIMIZER = "optimizer.safetensors";
    private static final String RANDOM = "rng_state.safetensors";
    private static final String PROGRESS = "progress.json";

    private ResumeFiles() {}

    static void write(Path folder, Optimizer optimizer, Progress progress) {
        AtomicFile.write(folder.resolve(OPTIMIZER), file -> SafetensorsFile.write(file, optimizer.state()));
        try (Scope scope = Scope.open()) {
            Map<String, Tensor> state = RandomState.byDevice(RandomState.save());
            AtomicFile.write(folder.resolve(RANDOM), file -> SafetensorsFile.write(file, state));
        }
        AtomicFile.writeString(
                folder.resolve(PROGRESS), JsonMapper.shared().writeValueAsString(progress.toMap()) + "\n");
    }

    /**
     * Compares every file with its checksum.
     *
     * @throws TrainerException naming the file that is missing or broken
     */
    static void requireWhole(Path folder) {
        Checksums.verify(folder);
        if (!Files.exists(folder.resolve(OPTIMIZER))) {
            throw new TrainerException(folder + " holds no " + OPTIMIZER
                    + ", so training cannot go on from it; choose a checkpoint saved without save_only_model.");
        }
    }

    /** Restores a checkpoint that is whole. */
    static Progress restore(Path folder, Optimizer optimizer) {
        try (Scope scope = Scope.open();
                SafetensorsFile moments = SafetensorsFile.open(folder.resolve(OPTIMIZER));
                SafetensorsFile random = SafetensorsFile.open(folder.resolve(RANDOM))) {
            if (!moments.names().equals(optimizer.state().keySet())) {
                throw new TrainerException(
                        moments + " belongs to another model; resume with the model the checkpoint was made with.");
            }
            optimizer.restore(moments::load);
            RandomState.restore(RandomState.ofDevices(random));
            return readProgress(folder.resolve(PROGRESS));
        }
    }

    private static Progress readProgress(Path file) {
        try {
            return Progress.of(JsonMapper.shared().readTree(Files.readString(file)));
        } catch (IOException | JacksonException e) {
            throw new TrainerException(
                    file + " is missing or broken (" + e.getMessage() + "); resume from another checkpoint.", e);
        }
    }
}
