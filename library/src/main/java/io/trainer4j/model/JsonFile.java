package io.trainer4j.model;

import io.trainer4j.TrainerException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;

/** A JSON object in a file of the model folder. */
final class JsonFile {
    private JsonFile() {}

    /**
     * Reads the object.
     *
     * @throws TrainerException naming the file, and the line and column where it is broken
     */
    static ObjectNode read(Path file) {
        try {
            if (ModelConfig.JSON.readTree(Files.readString(file)) instanceof ObjectNode object) {
                return object;
            }
            throw new TrainerException(file + " does not hold a JSON object; copy the file again.");
        } catch (JacksonException e) {
            throw new TrainerException(
                    file + " is broken at line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr() + " (" + e.getOriginalMessage() + "); copy the file again.",
                    e);
        } catch (CharacterCodingException e) {
            throw new TrainerException(file + " is not UTF-8 text; copy the file again.", e);
        } catch (IOException e) {
            throw new TrainerException(file + " cannot be read: " + e.getMessage() + ".", e);
        }
    }
}
