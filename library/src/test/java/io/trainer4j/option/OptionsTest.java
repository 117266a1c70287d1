package io.trainer4j.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.UsageException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OptionsTest {
    private static final OptionSet OPTIONS = OptionSet.of(SampleOptions.class, OptionSetTest.MoreOptions.class);

    @Test
    void aChangeGivesACopy() {
        SampleOptions before = new SampleOptions();
        SampleOptions after = before.rowCount(5).notAnOption(9);

        assertThat(before.rowCount()).isEqualTo(2);
        assertThat(after.rowCount()).isEqualTo(5);
        assertThat(after.notAnOption()).isEqualTo(9);
    }

    @Test
    void aChangeIsChecked() {
        assertThatThrownBy(() -> new SampleOptions().rowCount(0))
                .isInstanceOf(UsageException.class)
                .hasMessage("Option rowCount is 0 but must be a whole number of at least 1 and at most 10.");
        assertThatThrownBy(() -> new SampleOptions().outputDir(null))
                .isInstanceOf(UsageException.class)
                .hasMessage("Option outputDir is null but must be a path.");
    }

    @Test
    void takesItsOwnValuesFromAMap() {
        Map<OptionSpec, Object> values = Map.of(OPTIONS.get("row_count"), 3, OPTIONS.get("depth"), 4);

        assertThat(new SampleOptions().with(values)).isEqualTo(new SampleOptions().rowCount(3));
        assertThat(new OptionSetTest.MoreOptions().with(values).depth()).isEqualTo(4);
    }

    @Test
    void valuesFromAMapAreChecked() {
        assertThatThrownBy(() -> new SampleOptions().with(Map.of(OPTIONS.get("row_count"), 99)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("rowCount is 99");
    }

    @Test
    void requiredOptionsMustBeSet() {
        assertThatThrownBy(() -> new SampleOptions().requireComplete())
                .isInstanceOf(UsageException.class)
                .hasMessage("Option --name is missing; give it a text.");
        new SampleOptions().name("n").requireComplete();
    }

    @Test
    void mapHoldsPlainValuesInOrder() {
        Map<String, Object> expected = new LinkedHashMap<>();
        expected.put("row_count", 2);
        expected.put("seed", 7L);
        expected.put("learning_rate", 5e-5);
        expected.put("dry_run", false);
        expected.put("limit", null);
        expected.put("mode", "very_slow");
        expected.put("name", null);
        expected.put("output_dir", "out");
        expected.put("train_files", List.of("a.csv"));
        expected.put("columns", List.of("a", "b"));
        SampleOptions options = new SampleOptions()
                .with(Map.of(
                        OPTIONS.get("mode"),
                        SampleOptions.Mode.VERY_SLOW,
                        OPTIONS.get("train_files"),
                        List.of(Path.of("a.csv"))));

        assertThat(List.copyOf(options.toMap().entrySet())).isEqualTo(List.copyOf(expected.entrySet()));
        assertThat(options).hasToString("SampleOptions" + expected);
    }

    @Test
    void equalityIsThatOfValues() {
        assertThat(new SampleOptions().rowCount(3)).isEqualTo(new SampleOptions().rowCount(3));
        assertThat(new SampleOptions().rowCount(3)).hasSameHashCodeAs(new SampleOptions().rowCount(3));
        assertThat(new SampleOptions().rowCount(3)).isNotEqualTo(new SampleOptions());
        assertThat(new OptionSetTest.MoreOptions()).isNotEqualTo(new SampleOptions());
    }
}
