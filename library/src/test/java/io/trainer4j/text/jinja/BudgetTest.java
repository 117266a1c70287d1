package io.trainer4j.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a template may use up: each of these would need much more memory or time than it gets. */
class BudgetTest {
    private static final String TOO_LONG = "the template makes a text or list longer than 16000000";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'ab' * 9999999",
                "[1, 2] * 9999999",
                "9999999 * (1, 2)",
                "('ab' | safe) * 9999999",
                "'a' * 9223372036854775807",
                "'%99999999d' % 1",
                "'%*d' % (99999999, 1)",
                "'%-99999999s' % 'a'",
                "'{:99999999}'.format(1)",
                "'{:{}}'.format(1, 99999999)",
                "'a'.center(99999999)",
                "'a'.ljust(99999999)",
                "'a'.rjust(9223372036854775807)",
                "'1'.zfill(99999999)",
                "'a' | center(99999999)",
                "[1] | batch(99999999, 'x') | list",
                "[1] | slice(99999999) | list",
                "('a' * 9999999).replace('', 'b')",
                "'a\na' | indent(99999999)",
                "'a'.join('bb' * 9999999)"
            })
    void refusesWhatIsTooLong(String expression) {
        assertThat(Templates.fault(expression)).isEqualTo(TOO_LONG);
    }

    @Test
    void refusesPrecisionsThatNoNumberHas() {
        assertThat(Templates.fault("'%.9999f' % 1.5")).isEqualTo("a precision of 9999 digits is too large");
        assertThat(Templates.fault("'{:.9999e}'.format(1.5)")).isEqualTo("a precision of 9999 digits is too large");
    }

    @Test
    void stepsAreCountedOneByOne() {
        Budget budget = new Budget();
        for (int i = 0; i < Budget.STEPS; i++) {
            budget.step();
        }
        assertThatThrownBy(budget::step)
                .isInstanceOf(Fault.class)
                .hasMessage("the template takes more than 10000000 steps");
    }

    @Test
    void largeValuesCostMoreThanSmallOnes() {
        Budget budget = new Budget();
        String large = "a".repeat(Budget.SIZE);
        for (int i = 0; i < Budget.STEPS / (1 + Budget.SIZE / 64); i++) {
            budget.spend(large);
        }
        assertThatThrownBy(() -> budget.spend(large)).isInstanceOf(Fault.class);
    }

    @Test
    void whatFitsIsAllowed() {
        assertThat(Templates.value("('a' * 16000000) | length")).isEqualTo("16000000");
        assertThat(Templates.fault("('a' * 16000001) | length")).isEqualTo(TOO_LONG);
        assertThat(Templates.value("range(100000) | list | length")).isEqualTo("100000");
    }

    @Test
    void callsMayBeAHundredDeep() {
        String template = "{% macro f(n) %}{% if n > 1 %}{{ f(n - 1) }}{% endif %}.{% endmacro %}{{ f(%d) }}";
        assertThat(Templates.text(template.replace("%d", "100"))).hasSize(100);
        assertThat(Templates.placedFault(template.replace("%d", "101")))
                .isEqualTo("1:35 macros call each other more than 100 deep");
    }

    @Test
    void callsInARowDoNotNest() {
        assertThat(Templates.text("{% macro f() %}.{% endmacro %}{% for a in range(500) %}{{ f() }}{% endfor %}"))
                .hasSize(500);
    }

    @Test
    void constructsMayBeNestedTensOfTimes() {
        assertThat(Templates.text("{{ " + "(".repeat(30) + "1" + ")".repeat(30) + " }}"))
                .isEqualTo("1");
        assertThat(Templates.text("{% if 1 %}".repeat(50) + "a" + "{% endif %}".repeat(50)))
                .isEqualTo("a");
    }

    @Test
    void longLiteralsAndTextsAreRead() {
        String text = "x'\\n".repeat(100_000);
        assertThat(Templates.text("{{ \"" + text + "\" | length }}")).isEqualTo("300000");
        assertThat(Templates.text("é".repeat(200_000))).hasSize(200_000);
    }
}
