package io.trainer4j.hub;

/** Is told how far a download has come, many times a second, on the thread that asked for it. */
@FunctionalInterface
public interface DownloadProgress {
    /** Tells nobody. */
    DownloadProgress NONE = (file, done, total) -> {};

    /**
     * Some more of a file has arrived.
     *
     * @param file its name in the model's folder
     * @param done bytes on the disk, including those of an earlier attempt
     * @param total bytes of the whole file
     */
    void on(String file, long done, long total);
}
