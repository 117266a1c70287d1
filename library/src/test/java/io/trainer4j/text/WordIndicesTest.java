package io.trainer4j.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WordIndicesTest {
    private final WordIndices indices = new WordIndices();

    @Test
    void equalNeighboursAreOne() {
        IntStream.of(4, 4, 4, 1, 7, 7).forEach(indices::add);

        assertThat(all()).containsExactly(4, 1, 7);
    }

    @Test
    void theFirstIndexMayBeZero() {
        assertThat(all()).isEmpty();
        indices.add(0);

        assertThat(all()).containsExactly(0);
    }

    @Test
    void growsBeyondItsFirstRoom() {
        IntStream.range(0, 1000).forEach(indices::add);

        assertThat(all()).hasSize(1000).isSorted().endsWith(999);
    }

    private List<Integer> all() {
        List<Integer> all = new ArrayList<>();
        indices.forEach(all::add);
        return all;
    }
}
