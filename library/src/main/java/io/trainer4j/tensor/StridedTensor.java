package io.trainer4j.tensor;

import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A tensor as {@code torch.save} describes it: a view into a storage that others may share.
 *
 * @param storage where the values are
 * @param offset first value, counted in values
 * @param shape sizes, outermost first
 * @param stride steps between neighbours of each dimension, counted in values
 */
record StridedTensor(Storage storage, long offset, long[] shape, long[] stride) {
    /**
     * Values in one row.
     *
     * @param type of each value
     * @param key name of the entry {@code data/KEY} of the archive
     * @param count number of values
     */
    record Storage(ScalarType type, String key, long count) {
        long bytes() {
            return Math.multiplyExact(count, (long) elementBytes(type));
        }
    }

    /**
     * Checks that every value lies in the storage.
     *
     * @throws IllegalArgumentException if one does not, or a number is impossible
     */
    StridedTensor {
        if (shape.length != stride.length) {
            throw new IllegalArgumentException("has " + shape.length + " sizes and " + stride.length + " strides");
        }
        try {
            long end = Math.addExact(offset, extent(shape, stride));
            if (offset < 0 || end > storage.count()) {
                throw new IllegalArgumentException(
                        "ends at value " + end + " of a storage of " + storage.count() + " values");
            }
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("has impossible sizes", e);
        }
    }

    /** Number of values of the storage from the first to the last of this tensor. */
    long extent() {
        return extent(shape, stride);
    }

    private static long extent(long[] shape, long[] stride) {
        long last = 0;
        long count = 1;
        for (int d = 0; d < shape.length; d++) {
            if (shape[d] < 0 || stride[d] < 0) {
                throw new IllegalArgumentException("has the size " + shape[d] + " with the stride " + stride[d]);
            }
            count = Math.multiplyExact(count, shape[d]);
            last = Math.addExact(last, Math.multiplyExact(Math.max(0, shape[d] - 1), stride[d]));
        }
        return count == 0 ? 0 : Math.addExact(last, 1);
    }

    static int elementBytes(ScalarType type) {
        return switch (type) {
            case Double, Long -> 8;
            case Float, Int -> 4;
            case Half, BFloat16, Short -> 2;
            default -> 1;
        };
    }
}
