package io.trainer4j.data;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.UsageException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColumnNamesTest {
    private static final List<String> PRESENT = List.of("question", "answer", "id", "标签");

    @ParameterizedTest
    @CsvSource({
        "Question, question",
        "questoin, question",
        "questions, question",
        "anser, answer",
        "ID, id",
        "ix, id",
        "标, 标签"
    })
    void aNearNameIsSuggested(String wrong, String meant) {
        assertThatThrownBy(() -> ColumnNames.require(wrong, PRESENT))
                .isInstanceOf(UsageException.class)
                .hasMessage("Column \"" + wrong + "\" does not exist; did you mean \"" + meant
                        + "\"? Columns present: question, answer, id, 标签.");
    }

    @ParameterizedTest
    @CsvSource({"text", "xy", "quest", "''"})
    void aNameThatIsNotNearIsOnlyListed(String wrong) {
        assertThatThrownBy(() -> ColumnNames.require(wrong, PRESENT))
                .isInstanceOf(UsageException.class)
                .hasMessage("Column \"" + wrong + "\" does not exist. Columns present: question, answer, id, 标签.");
    }

    @Test
    void aColumnThatIsThereIsFine() {
        assertThatCode(() -> ColumnNames.require("标签", PRESENT)).doesNotThrowAnyException();
        assertThatCode(() -> ColumnNames.requireFree("labels", PRESENT)).doesNotThrowAnyException();
        assertThatThrownBy(() -> ColumnNames.requireFree("id", PRESENT))
                .isInstanceOf(UsageException.class)
                .hasMessage("Column \"id\" exists already; choose another name or remove it first.");
    }
}
