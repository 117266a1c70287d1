package io.trainer4j;

/** A request that could not be started as written: an unknown option, a value out of range, a missing column. */
public final class UsageException extends TrainerException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message one sentence: what was asked, why it cannot be, and the nearest thing that can
     */
    public UsageException(String message) {
        super(message);
    }

    @Override
    public int exitStatus() {
        return 2;
    }
}
