package io.trainer4j.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RowDigestsTest {
    @Test
    void knowsAgainWhatItHasAlsoAfterItGrew() {
        RowDigests digests = new RowDigests();
        for (int i = 0; i < 5000; i++) {
            assertThat(digests.add("row " + i)).as("row %s", i).isTrue();
        }
        for (int i = 0; i < 5000; i++) {
            assertThat(digests.add("row " + i)).as("row %s", i).isFalse();
        }
        assertThat(digests.add("row 5000")).isTrue();
    }

    @Test
    void cellsThatAreNotEqualAreDifferentMembers() {
        RowDigests digests = new RowDigests();
        List<Object> cells = Arrays.asList(
                "1",
                1L,
                1.0,
                true,
                "true",
                null,
                "",
                "null",
                List.of(),
                List.of("ab", "c"),
                List.of("a", "bc"),
                List.of(List.of("a"), "bc"),
                Map.of(),
                Map.of("a", "b"),
                List.of("a", "b"),
                "\uD83D",
                "\uD83E");
        for (Object cell : cells) {
            assertThat(digests.add(cell)).as("%s", cell).isTrue();
        }
        for (Object cell : cells) {
            assertThat(digests.add(cell)).as("%s", cell).isFalse();
        }
    }

    @Test
    void theOrderOfKeysDoesNotMatter() {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("role", "user");
        one.put("content", "早安");
        Map<String, Object> other = new LinkedHashMap<>();
        other.put("content", "早安");
        other.put("role", "user");
        RowDigests digests = new RowDigests();
        assertThat(digests.add(List.of(one))).isTrue();
        assertThat(digests.add(List.of(other))).isFalse();
    }
}
