package io.trainer4j.text;

import java.util.Arrays;
import java.util.function.IntConsumer;

/** Indices of words, each once, in the order they were added; equal indices must be added one after the other. */
final class WordIndices {
    private int[] indices = new int[2];
    private int size;

    void add(int index) {
        if (size > 0 && indices[size - 1] == index) {
            return;
        }
        if (size == indices.length) {
            indices = Arrays.copyOf(indices, size * 2);
        }
        indices[size++] = index;
    }

    void forEach(IntConsumer action) {
        for (int i = 0; i < size; i++) {
            action.accept(indices[i]);
        }
    }
}
