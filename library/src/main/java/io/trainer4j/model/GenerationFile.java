package io.trainer4j.model;

import io.trainer4j.TrainerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A model's {@code generation_config.json}: what this version uses of it, and the text it is written back as, so that keys
 * only other programs know are kept.
 */
record GenerationFile(GenerationConfig config, String text) {
    static final String NAME = "generation_config.json";

    /** For a model that came without the file. */
    static GenerationFile of(GenerationConfig config) {
        return new GenerationFile(config, config.toJson());
    }

    /** The folder's file, or the end tokens of {@code config.json} where there is none. */
    static GenerationFile read(Path folder, ModelConfig model) {
        GenerationConfig config = GenerationConfig.read(folder, model);
        Path file = folder.resolve(NAME);
        if (!Files.exists(file)) {
            return of(config);
        }
        try {
            return new GenerationFile(config, Files.readString(file));
        } catch (IOException e) {
            throw new TrainerException(file + " cannot be read: " + e.getMessage() + ".", e);
        }
    }
}
