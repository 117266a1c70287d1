package io.trainer4j.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import io.trainer4j.text.jinja.RenderedTemplate.Span;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JinjaTemplateTest {
    static List<List<Object>> faults() {
        return List.of(
                List.of("a\n  {{ missing.x }}", 2, 13, "'missing' is undefined"),
                List.of("🤗{{ 1 + 'a' }}", 1, 7, "'+' does not work between values of type int and str"),
                List.of("{% if x %}\n{{ '}}' ~ (2 }}", 2, 14, "'}' closes what is not open"),
                List.of("\r\n\r\n{% frob %}", 3, 4, "the tag 'frob' is not one that can stand here"),
                List.of("{{ 'a' | frob }}", 1, 8, "there is no filter 'frob' in this version"),
                List.of("{{ 'a' is frob }}", 1, 8, "there is no test 'frob' in this version"),
                List.of("{% for a in [1] recursive %}{% endfor %}", 1, 17, "recursive loops are not supported"),
                List.of("{{ 99999999999999999999 }}", 1, 4, "the integer 99999999999999999999 has more than 64 bits"),
                List.of("{{ 9223372036854775807 + 1 }}", 1, 24, "the result of '+' has more than 64 bits"),
                List.of("{{ raise_exception('none') }}", 1, 19, "the template refuses the conversation: none"),
                List.of("{% break %}", 1, 4, "break and continue must stand in a loop"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void namesLineColumnAndConstruct(List<Object> fault) {
        assertThatThrownBy(() -> render((String) fault.get(0)))
                .isInstanceOf(TrainerException.class)
                .hasMessage("The template cannot be rendered, line " + fault.get(1) + ", column " + fault.get(2) + ": "
                        + fault.get(3) + ".");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
                "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
                "{% set n = namespace(s='ab') %}{% for i in range(40) %}{% set n.s = n.s + n.s %}{% endfor %}",
                "{% set n = namespace(s='ab') %}{% for i in range(40) %}{% set n.s = n.s ~ n.s %}{% endfor %}",
                "{% set n = namespace(s=[1]) %}{% for i in range(40) %}{% set n.s = n.s + n.s %}{% endfor %}",
                "{% for i in range(99999) %}{{ 'abcdefgh' * 1000 }}{% endfor %}",
                "{{ 'a' * 99999999999 }}",
                "{{ ('a' * 9999999).replace('a', 'bbbbbbbbbbbb') }}",
                "{{ range(99999) | join('a' * 9999) }}",
                "{{ [1] | tojson(indent=99999999) }}",
                "{{ 'a' | indent(99999999, true) }}",
                "{% set n = namespace(s=[]) %}{% for i in range(99999) %}{% set n.s = [n.s] %}{% endfor %}{{ n.s }}"
            })
    void whatDoesNotEndIsStopped(String source) {
        assertThatThrownBy(() -> render(source))
                .isInstanceOf(TrainerException.class)
                .hasMessageMatching("The template cannot be rendered, line 1, column \\d+: .*"
                        + "(more than \\d+ (steps|deep)|longer than \\d+|nested too deeply)\\.");
    }

    @Test
    void deepNestingIsRefused() {
        for (String source : List.of(
                "{{ " + "(".repeat(5000) + "1" + ")".repeat(5000) + " }}",
                "{{ " + "not ".repeat(5000) + "1 }}",
                "{{ " + "-".repeat(5000) + "1 }}",
                "{{ 1" + " + 1".repeat(200_000) + " }}",
                "{% if 1 %}".repeat(5000) + "{% endif %}".repeat(5000))) {
            assertThatThrownBy(() -> render(source))
                    .isInstanceOf(TrainerException.class)
                    .hasMessageMatching("(?s).*nested.*");
        }
    }

    @Test
    void nothingOutsideTheValuesCanBeReached() {
        for (String source : List.of(
                "{{ ''.__class__.__mro__ }}",
                "{{ items.getClass() }}",
                "{{ items.append(1) }}",
                "{{ map.pop('a') }}",
                "{{ namespace.class }}{{ open('x') }}",
                "{% include 'x' %}",
                "{% import 'x' as y %}")) {
            assertThatThrownBy(() -> render(source)).isInstanceOf(TrainerException.class);
        }
    }

    @Test
    void remembersWhatWasGenerated() {
        RenderedTemplate rendered = JinjaTemplate.parse(
                        "{% for m in items %}<🤗>{% generation %}{{ m }}!{% endgeneration %}{% endfor %}.", "T")
                .render(Map.of("items", List.of("one", "花")));
        assertThat(rendered.text()).isEqualTo("<🤗>one!<🤗>花!.");
        assertThat(rendered.generated()).containsExactly(new Span(4, 8), new Span(12, 14));
        assertThat(rendered.text().substring(12, 14)).isEqualTo("花!");
    }

    @Test
    void generationInsideAMacroCountsFromTheWholeText() {
        RenderedTemplate rendered = JinjaTemplate.parse(
                        "{% macro say(x) %}{% generation %}{{ x }}{% endgeneration %}{% endmacro %}ab{{ say('cd') }}e",
                        "T")
                .render(Map.of());
        assertThat(rendered.text()).isEqualTo("abcde");
        assertThat(rendered.generated()).containsExactly(new Span(2, 4));
    }

    @Test
    void givenValuesAreCopied() {
        List<Object> items = new ArrayList<>(List.of(1, 2.5f, BigInteger.TEN, (short) 3, 'x' + ""));
        items.add(null);
        assertThat(render("{{ items }}", Map.of("items", items))).isEqualTo("[1, 2.5, 10, 3, 'x', None]");
        assertThatThrownBy(() -> render("{{ x }}", Map.of("x", new StringBuilder())))
                .isInstanceOf(TrainerException.class)
                .hasMessageContaining("java.lang.StringBuilder");
        assertThatThrownBy(() -> render("{{ x }}", Map.of("x", BigInteger.ONE.shiftLeft(64))))
                .isInstanceOf(TrainerException.class)
                .hasMessageContaining("64 bits");
    }

    @Test
    void variablesOfACallerComeBeforeFunctions() {
        assertThat(render("{{ range }}", Map.of("range", "far"))).isEqualTo("far");
    }

    @Test
    void manyThreadsMayRender() {
        JinjaTemplate template = JinjaTemplate.parse(
                "{% set n = namespace(s=0) %}{% for i in range(k) %}{% set n.s = n.s + i %}{% endfor %}{{ n.s }}", "T");
        assertThat(IntStream.range(0, 100)
                        .parallel()
                        .mapToObj(k -> template.render(Map.of("k", k)).text()))
                .containsExactlyElementsOf(IntStream.range(0, 100)
                        .mapToObj(k -> String.valueOf(k * (k - 1) / 2))
                        .toList());
    }

    private static String render(String source) {
        return render(source, Map.of("items", List.of(1, 2), "map", Map.of("a", 1)));
    }

    private static String render(String source, Map<String, ?> values) {
        return JinjaTemplate.parse(source, "The template").render(values).text();
    }
}
