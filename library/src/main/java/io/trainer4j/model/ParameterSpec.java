package io.trainer4j.model;

/**
 * One tensor a model is made of.
 *
 * @param name as Hugging Face's Python names it in {@code state_dict()}
 * @param shape sizes, outermost first
 * @param init values before training
 * @param gain factor of the standard deviation of {@link Init#NORMAL}
 */
record ParameterSpec(String name, long[] shape, Init init, double gain) {
    /** Initial values, those of {@code PreTrainedModel._init_weights}. */
    enum Init {
        /** Normal with mean 0 and the configuration's {@code initializer_range} as standard deviation. */
        NORMAL,
        ZEROS,
        ONES
    }

    static ParameterSpec weight(String name, long... shape) {
        return new ParameterSpec(name, shape, Init.NORMAL, 1);
    }

    static ParameterSpec bias(String name, long size) {
        return new ParameterSpec(name, new long[] {size}, Init.ZEROS, 1);
    }

    static ParameterSpec scale(String name, long size) {
        return new ParameterSpec(name, new long[] {size}, Init.ONES, 1);
    }

    /** The same tensor, narrower or wider spread before training. */
    ParameterSpec scaledBy(double factor) {
        return new ParameterSpec(name, shape, init, gain * factor);
    }
}
