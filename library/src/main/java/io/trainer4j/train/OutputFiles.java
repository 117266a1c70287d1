package io.trainer4j.train;

import io.trainer4j.AtomicFile;
import io.trainer4j.model.PretrainedModel;
import io.trainer4j.model.PretrainedModel.DType;
import io.trainer4j.text.Tokenizer;
import java.nio.file.Path;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a trained model's folder and a checkpoint have in common.
 *
 * @param tokenizer null if the trainer was given none
 */
record OutputFiles(PretrainedModel model, Tokenizer tokenizer, TrainingArguments arguments) {
    void writeModel(Path folder) {
        model.savePretrained(folder, arguments.pureBf16() ? DType.BFLOAT16 : DType.FLOAT32);
        if (tokenizer != null) {
            tokenizer.savePretrained(folder);
        }
    }

    void writeState(Path folder, TrainerState state) {
        AtomicFile.writeString(folder.resolve(Checkpoints.STATE), state.toJson());
        AtomicFile.writeString(
                folder.resolve("training_args.json"),
                JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(arguments.toMap()) + "\n");
    }
}
