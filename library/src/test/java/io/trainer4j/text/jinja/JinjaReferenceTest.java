package io.trainer4j.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Expected texts: Jinja 3.1 in the environment of transformers 5.17, for the same templates and values. */
class JinjaReferenceTest {
    private static final Map<String, Object> VALUES = References.json("snippet-values.json");

    static List<Map<String, Object>> snippets() {
        return References.lines("snippets.jsonl").stream()
                .map(References::parse)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("snippets")
    void writesWhatPythonWrites(Map<String, Object> snippet) {
        String source = (String) snippet.get("template");
        String expected = (String) snippet.get("text");
        if (expected == null) {
            assertThatThrownBy(() -> render(source))
                    .isInstanceOf(TrainerException.class)
                    .hasMessageMatching("(?s)The snippet cannot be rendered, line 1, column \\d+: .+\\.");
        } else {
            assertThat(render(source)).isEqualTo(expected);
        }
    }

    private static String render(String source) {
        return JinjaTemplate.parse(source, "The snippet")
                .render(VALUES, References.CLOCK)
                .text();
    }
}
