package io.trainer4j.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ColumnsTest {
    @Test
    void columnsKeepTheOrderTheyWereAddedIn() {
        Columns columns = Columns.of("z", List.of(1)).and("a", List.of(2)).and("m", List.of(3));

        assertThat(columns.columns().keySet()).containsExactly("z", "a", "m");
    }

    @Test
    void aColumnOfTheSameNameIsReplacedWhereItStood() {
        Columns columns = Columns.of("z", List.of(1)).and("a", List.of(2)).and("z", List.of(3));

        assertThat(columns.columns().keySet()).containsExactly("z", "a");
        assertThat(columns.columns().get("z")).isEqualTo(List.of(3));
    }

    @Test
    void addingOneLeavesTheFirstAsTheyWere() {
        Columns first = Columns.of("z", List.of(1));
        first.and("a", List.of(2));

        assertThat(first.columns()).containsOnlyKeys("z");
    }
}
