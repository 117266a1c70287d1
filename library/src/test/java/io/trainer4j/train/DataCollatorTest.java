package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import io.trainer4j.UsageException;
import io.trainer4j.data.Dataset;
import io.trainer4j.model.ProblemType;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DataCollatorTest {
    private static final int PAD = 9;

    @Test
    void padsOnTheRightToTheLongestRow() {
        MiniBatch batch = causal(Map.of(
                "input_ids", List.of(ids(1, 2, 3), ids(4, 5)), "labels", List.of(ids(-100, 2, 3), ids(-100, 5))));

        assertThat(batch.input().inputIds()).isEqualTo(new int[][] {{1, 2, 3}, {4, 5, PAD}});
        assertThat(batch.input().attentionMask()).isEqualTo(new int[][] {{1, 1, 1}, {1, 1, 0}});
        assertThat(batch.labels()).isEqualTo(new int[][] {{-100, 2, 3}, {-100, 5, -100}});
        assertThat(batch.input().tokenTypeIds()).isNull();
    }

    @Test
    void endOfSequenceThatIsAlsoThePaddingTokenStaysALabel() {
        MiniBatch batch = causal(Map.of("input_ids", List.of(ids(1, PAD), ids(1, 2, 3))));

        assertThat(batch.labels()).isEqualTo(new int[][] {{1, PAD, -100}, {1, 2, 3}});
        assertThat(batch.input().attentionMask()[0]).containsExactly(1, 1, 0);
    }

    @Test
    void attentionMaskOfTheRowsIsKept() {
        MiniBatch batch = causal(Map.of(
                "input_ids", List.of(ids(1, 2), ids(3, 4, 5)), "attention_mask", List.of(ids(0, 1), ids(1, 1, 1))));

        assertThat(batch.input().attentionMask()).isEqualTo(new int[][] {{0, 1, 0}, {1, 1, 1}});
    }

    @Test
    void classifierTakesTokenTypesAndOneClassPerRow() {
        MiniBatch batch = classes(Map.of(
                "input_ids", List.of(ids(1, 2, 3), ids(4)),
                "token_type_ids", List.of(ids(0, 1, 1), ids(1)),
                "label", List.of(2L, "1")));

        assertThat(batch.input().tokenTypeIds()).isEqualTo(new int[][] {{0, 1, 1}, {1, 0, 0}});
        assertThat(batch.labels()).isEqualTo(new int[][] {{2}, {1}});
    }

    @Test
    void columnLabelsGoesBeforeLabel() {
        MiniBatch batch =
                classes(Map.of("input_ids", List.of(ids(1)), "labels", List.of(1L), "label", List.of("positive")));

        assertThat(batch.labels()).isEqualTo(new int[][] {{1}});
    }

    @Test
    void valuesAreNumbersOrListsOfThem() {
        DataCollator collator = DataCollator.forSequenceClassification(PAD, ProblemType.REGRESSION);
        Dataset rows = Dataset.of(
                Map.of("input_ids", List.of(ids(1), ids(2), ids(3), ids(4)), "label", List.of(1.5, "2", 3L, ids(4))));
        MiniBatch batch = collator.collate(rows.rows(new int[] {0, 1, 2, 3}));

        assertThat(batch.values()).isEqualTo(new float[][] {{1.5f}, {2}, {3}, {4}});

        DataCollator several = DataCollator.forSequenceClassification(PAD, ProblemType.MULTI_LABEL_CLASSIFICATION);
        Dataset hot = Dataset.of(Map.of("input_ids", List.of(ids(1)), "labels", List.of(List.of(1.0, 0.0))));
        assertThat(several.collate(hot.rows(new int[] {0})).values()).isEqualTo(new float[][] {{1, 0}});

        Dataset words = Dataset.of(Map.of("input_ids", List.of(ids(1)), "label", List.of("tall")));
        assertThatThrownBy(() -> collator.collate(words.rows(new int[] {0})))
                .isInstanceOf(UsageException.class)
                .hasMessage("Column \"label\" holds \"tall\" where a number is needed; give one number, or a list of"
                        + " numbers, per row.");
    }

    @Test
    void classNameOrFractionIsNoClassId() {
        assertThatThrownBy(() -> classes(Map.of("input_ids", List.of(ids(1)), "label", List.of("positive"))))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("\"label\" holds \"positive\"");
        assertThatThrownBy(() -> classes(Map.of("input_ids", List.of(ids(1)), "label", List.of(1.5))))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("\"1.5\"");
    }

    @Test
    void rowWithNothingToTrainOnIsShown() {
        Map<String, List<?>> columns = new LinkedHashMap<>();
        columns.put("Question", List.of("What is it?"));
        columns.put("input_ids", List.of(ids(1, 2)));
        columns.put("labels", List.of(ids(1, -100)));

        assertThatThrownBy(() -> causal(columns))
                .isInstanceOf(TrainerException.class)
                .hasMessageContaining("row {Question=What is it?}")
                .hasMessageContaining("--max-length");
    }

    @Test
    void brokenRowsAreNamed() {
        assertThatThrownBy(() -> causal(Map.of("input_ids", List.of(ids()))))
                .isInstanceOf(TrainerException.class)
                .hasMessageContaining("no tokens");
        assertThatThrownBy(() -> causal(Map.of("input_ids", Arrays.asList(ids(1), null))))
                .isInstanceOf(TrainerException.class)
                .hasMessageContaining("no input_ids");
        assertThatThrownBy(() -> causal(Map.of("input_ids", List.of(ids(1, 2)), "labels", List.of(ids(1, 2, 3)))))
                .isInstanceOf(TrainerException.class)
                .hasMessageContaining("3 labels for 2 input_ids");
        assertThatThrownBy(() -> causal(Map.of("text", List.of("a"))))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("input_ids");
    }

    private static int[] ids(int... values) {
        return values;
    }

    private static MiniBatch causal(Map<String, ? extends List<?>> columns) {
        return collate(DataCollator.forCausalLM(PAD), columns);
    }

    private static MiniBatch classes(Map<String, ? extends List<?>> columns) {
        return collate(DataCollator.forSequenceClassification(PAD), columns);
    }

    private static MiniBatch collate(DataCollator collator, Map<String, ? extends List<?>> columns) {
        Dataset dataset = Dataset.of(columns);
        return collator.collate(dataset.rows(IntStream.range(0, dataset.size()).toArray()));
    }
}
