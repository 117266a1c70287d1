package io.trainer4j.model;

/**
 * One tensor a model is made of.
 *
 * @param name as Hugging Face's Python names it in {@code state_dict()}
 * @param shape sizes, outermost first
 * @param init values before training
 * @param gain factor of the standard deviation of {@link Init#NORMAL}
 * @param role what it is used for
 */
record ParameterSpec(String name, long[] shape, Init init, double gain, Role role) {
    /** Use of a tensor, as far as it decides in which form it may be kept. */
    enum Role {
        /** A matrix {@code [out, in]} that is used in products only. */
        LINEAR,
        /** The same, stored as {@code [in, out]}. */
        CONV1D,
        /** A table of the tokens' vectors, which may be the output matrix as well. */
        EMBEDDING,
        /** Anything else: norms, biases, tables of positions. */
        OTHER
    }

    /** Initial values, those of {@code PreTrainedModel._init_weights}. */
    enum Init {
        /** Normal with mean 0 and the configuration's {@code initializer_range} as standard deviation. */
        NORMAL,
        ZEROS,
        ONES
    }

    static ParameterSpec weight(String name, long... shape) {
        return new ParameterSpec(name, shape, Init.NORMAL, 1, Role.OTHER);
    }

    static ParameterSpec bias(String name, long size) {
        return new ParameterSpec(name, new long[] {size}, Init.ZEROS, 1, Role.OTHER);
    }

    static ParameterSpec scale(String name, long size) {
        return new ParameterSpec(name, new long[] {size}, Init.ONES, 1, Role.OTHER);
    }

    /** The same tensor for this use. */
    ParameterSpec as(Role use) {
        return new ParameterSpec(name, shape, init, gain, use);
    }

    /** The shape as {@code [out, in]}, of a matrix. */
    long[] matrixShape() {
        return role == Role.CONV1D ? new long[] {shape[1], shape[0]} : shape.clone();
    }

    /** The same tensor, narrower or wider spread before training. */
    ParameterSpec scaledBy(double factor) {
        return new ParameterSpec(name, shape, init, gain * factor, role);
    }
}
