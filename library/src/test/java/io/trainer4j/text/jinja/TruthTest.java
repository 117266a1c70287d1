package io.trainer4j.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;

/** What counts as true, and what {@code and}, {@code or} and {@code not} make of it. */
class TruthTest {
    @ParameterizedTest
    @Rows("""
            true and 1 => 1
            not 0 => True
            not 0.0 => True
            not -0.0 => True
            not '' => True
            not ' ' => False
            not [] => True
            not [0] => False
            not () => True
            not {} => True
            not {'a': 0} => False
            not none => True
            not missing => True
            not {}.items() => True
            not {'a': 1}.keys() => False
            not range(0) => True
            not range(1) => False
            not ([] | map('upper')) => False
            not ('' | safe) => True
            not ('a' | safe) => False
            not namespace() => False
            not dict => False
            not ('nan' | float) => False
            0 or [] => []
            '' or none => None
            1 and 2 => 2
            0 and missing.x => 0
            1 or missing.x => 1
            none or missing => Undefined
            [] and 1 => []
            not not 5 => True
            (1 if 0.1 else 2) => 1""")
    void truth(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }
}
