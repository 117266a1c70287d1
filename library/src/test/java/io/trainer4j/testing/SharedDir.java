package io.trainer4j.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Reference material beside the project; a test that needs it is reported as skipped where it is absent. */
public final class SharedDir {
    private SharedDir() {}

    /**
     * Finds a file or skips the calling test.
     *
     * @param relative path below the folder named by the system property {@code shared.dir} (default {@code ../shared})
     */
    public static Path require(String relative) {
        Path path = Path.of(System.getProperty("shared.dir", "../shared")).resolve(relative);
        Assumptions.assumeTrue(Files.exists(path), () -> "no reference material at " + path);
        return path;
    }
}
