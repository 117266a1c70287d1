package io.trainer4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.trainer4j.UsageException;
import io.trainer4j.report.EvaluationReport.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnswersTest {
    @Test
    void chineseReferencesAreComparedByCharacters() {
        Map<String, Double> figures = answers("多喝水少吃盐", "多喝水少吃盐", "好", "坏").figures();
        assertThat(figures.keySet()).containsExactly("eval_exact_match", "eval_bleu", "eval_rouge_l");
        assertThat(figures.get("eval_exact_match")).isEqualTo(0.5);
        assertThat(figures.get("eval_rouge_l")).isEqualTo(0.5);
        assertThat(figures.get("eval_bleu")).isGreaterThan(80);
    }

    @Test
    void otherReferencesAreComparedByWords() {
        Map<String, Double> figures =
                answers("police kill the gunman", "police killed the gunman").figures();
        assertThat(figures.get("eval_rouge_l")).isCloseTo(0.75, within(1e-12));
        assertThat(figures.get("eval_exact_match")).isZero();
    }

    /** What the model wrote must not decide how it is measured. */
    @Test
    void theReferencesDecideNotTheAnswers() {
        assertThat(answers("一二三四 police", "police").figures().get("eval_rouge_l"))
                .isEqualTo(1);
    }

    private static Answers answers(String... generatedAndReference) {
        List<Answer> list = new ArrayList<>();
        for (int i = 0; i < generatedAndReference.length; i += 2) {
            list.add(new Answer("?", generatedAndReference[i], generatedAndReference[i + 1]));
        }
        return new Answers(list);
    }

    @Test
    void labelsOfATrainedModelStayThoughTheDataHaveFewer() {
        ClassLabels labels = ClassLabels.toMeasure(List.of("好", "坏", "一般"), "label", List.of("坏"));
        assertThat(labels.names()).containsExactly("好", "坏", "一般");
        assertThat(labels.id("坏")).isEqualTo(1);
        assertThat(labels.decision().reason()).isEqualTo("named in the model's config.json");
        assertThat(labels.decision().value()).isEqualTo("好, 坏, 一般");
    }

    @Test
    void numbersAreIdsOnlyWhereTheModelHasNoNames() {
        List<String> unnamed = List.of("LABEL_0", "LABEL_1", "LABEL_2");
        ClassLabels ids = ClassLabels.toMeasure(unnamed, "label", List.of(2, "0"));
        assertThat(ids.names()).containsExactly("0", "1", "2");
        assertThat(ids.decision().reason()).startsWith("class ids");
        assertThat(ClassLabels.toMeasure(unnamed, "label", List.of("LABEL_2")).names())
                .isEqualTo(unnamed);
        assertThatThrownBy(() -> ClassLabels.toMeasure(List.of("a", "LABEL_1"), "label", List.of("0")))
                .isInstanceOf(UsageException.class);
    }

    @Test
    void newLabelsReplaceThoseOfAModelThatKnowsOnlySome() {
        ClassLabels labels = ClassLabels.toTrain(List.of("好", "坏"), "label", List.of("好", "新"));
        assertThat(labels.ofModel()).isFalse();
        assertThat(labels.names()).containsExactly("好", "新");
        assertThat(labels.decision().reason()).isEqualTo("those of the data, in order");
        assertThat(labels.column()).isEqualTo("label");
    }
}
