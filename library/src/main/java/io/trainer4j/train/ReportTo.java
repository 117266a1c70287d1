package io.trainer4j.train;

/** Which tools a run's logs are written for. */
public enum ReportTo {
    NONE,
    TENSORBOARD,
    /** All that are known, which is TensorBoard. */
    ALL;

    /** Whether TensorBoard is among them. */
    public boolean includesTensorBoard() {
        return this != NONE;
    }
}
