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
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a checkpoint holds beyond the model, so that the run that goes on is the run that was interrupted: optimizer
 * moments, the random stream and the loss sums behind the next log. Safetensors and JSON, no pickles.
 */
final class ResumeFiles {
    static final String OPTIMIZER = "optimizer.safetensors";
    private static final String RANDOM = "rng_state.safetensors";
    private static final String SUMS = "loss_sums.json";

    private ResumeFiles() {}

    static void write(Path folder, AdamW optimizer, LossSums sums) {
        AtomicFile.write(folder.resolve(OPTIMIZER), file -> SafetensorsFile.write(file, optimizer.state()));
        try (Scope scope = Scope.open()) {
            Map<String, org.bytedeco.pytorch.Tensor> state = Map.of("cpu", RandomState.save());
            AtomicFile.write(folder.resolve(RANDOM), file -> SafetensorsFile.write(file, state));
        }
        AtomicFile.writeString(folder.resolve(SUMS), JsonMapper.shared().writeValueAsString(sums.toMap()) + "\n");
    }

    static LossSums restore(Path folder, AdamW optimizer) {
        try (Scope scope = Scope.open();
                SafetensorsFile moments = SafetensorsFile.open(folder.resolve(OPTIMIZER));
                SafetensorsFile random = SafetensorsFile.open(folder.resolve(RANDOM))) {
            if (!moments.names().equals(optimizer.state().keySet())) {
                throw new TrainerException(folder.resolve(OPTIMIZER)
                        + " belongs to another model; resume with the model the checkpoint was made with.");
            }
            optimizer.restore(moments::load);
            RandomState.restore(random.load("cpu"));
            JsonNode sums = JsonMapper.shared().readTree(Files.readString(folder.resolve(SUMS)));
            return LossSums.of(sums);
        } catch (IOException | JacksonException e) {
            throw new TrainerException(
                    "The checkpoint " + folder + " is not whole (" + e.getMessage() + "); resume from another one.", e);
        }
    }
}
