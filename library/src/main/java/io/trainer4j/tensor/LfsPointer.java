package io.trainer4j.tensor;

import io.trainer4j.TrainerException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/** The small text file Git leaves where Git LFS did not fetch the real one. */
final class LfsPointer {
    private static final byte[] START = "version https://git-lfs".getBytes(StandardCharsets.US_ASCII);

    private LfsPointer() {}

    /**
     * Refuses such a file, and one that is missing or cannot be read.
     *
     * @throws TrainerException with the way to the real file
     */
    static void refuse(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            if (Arrays.equals(in.readNBytes(START.length), START)) {
                throw new TrainerException(
                        file
                                + " is a Git LFS pointer, not the weights; run \"git lfs pull\" in its folder or download the file again.");
            }
        } catch (NoSuchFileException e) {
            throw new TrainerException("There is no file " + file + ".", e);
        } catch (IOException e) {
            throw new TrainerException("Cannot read " + file + ": " + e.getMessage() + ".", e);
        }
    }
}
