package io.trainer4j;

/**
 * A failure a user can act on: its message is one sentence that names the file, line, tensor, option or step and the
 * way out. The command line prints only that sentence and exits with {@link #exitStatus()}.
 */
public class TrainerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message one sentence: what, where, and what to do about it
     */
    public TrainerException(String message) {
        super(message);
    }

    /**
     * @param message one sentence: what, where, and what to do about it
     * @param cause what the library or the operating system reported
     */
    public TrainerException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The process exit status this failure leads to: 1, or 2 for a {@link UsageException}. */
    public int exitStatus() {
        return 1;
    }
}
