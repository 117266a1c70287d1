package io.trainer4j.data;

import java.util.function.IntSupplier;

/**
 * Random orders as numpy makes them.
 *
 * <p>Follows {@code Generator.permutation(n)} and {@code RandomState.permutation(n)} of numpy 2.4: both exchange from
 * the end, at positions drawn by {@code random_interval} (distributions.c).
 */
final class NumpyPermutation {
    private NumpyPermutation() {}

    /** The numbers 0 to n-1 in random order. */
    static int[] of(int n, IntSupplier words) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            order[i] = i;
        }
        for (int i = n - 1; i > 0; i--) {
            int j = upTo(i, words);
            int exchanged = order[i];
            order[i] = order[j];
            order[j] = exchanged;
        }
        return order;
    }

    /** Draws words, masked to the bits of {@code bound}, until one is not above it. */
    private static int upTo(int bound, IntSupplier words) {
        int mask = -1 >>> Integer.numberOfLeadingZeros(bound);
        int value = words.getAsInt() & mask;
        while (value > bound) {
            value = words.getAsInt() & mask;
        }
        return value;
    }
}
