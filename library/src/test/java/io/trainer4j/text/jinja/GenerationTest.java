package io.trainer4j.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;

/** Where the assistant's text stands. */
class GenerationTest {
    @ParameterizedTest
    @Rows("""
            a{% generation %}b{% endgeneration %}c => 1-2 | abc
            {% generation %}{% endgeneration %}x => 0-0 | x
            {% generation %}a{% endgeneration %}{% generation %}b{% endgeneration %} => 0-1 1-2 | ab
            🤗{% generation %}你🤗{% endgeneration %}x{% generation %}y{% endgeneration %} => 1-3 4-5 | 🤗你🤗xy
            {% for a in ['x', 'yy'] %}<{% generation %}{{ a }}{% endgeneration %}>{% endfor %} => 1-2 4-6 | <x><yy>
            {% if true %}{% generation %}a{% endgeneration %}{% endif %}{% if false %}{% generation %}b{% endgeneration %}{% endif %} => 0-1 | a
            a⏎{% generation %}⏎b⏎{% endgeneration %}⏎c => 2-4 | a⏎b⏎c
            a {%- generation -%} b {%- endgeneration -%} c => 1-2 | abc
            {% generation %}a{% generation %}b{% endgeneration %}c{% endgeneration %} => 0-1 0-3 | abc
            a{% set x %}b{% generation %}c{% endgeneration %}{% endset %}d{{ x }} => 1-2 | adbc
            {% macro f() %}<{% generation %}x{% endgeneration %}>{% endmacro %}ab{{ f() }}c => 2-3 | ab<x>c
            {% generation %}{% set x = 1 %}{{ x }}{% endgeneration %}{{ x is defined }} => 0-1 | 1False
            {% set x = 1 %}{% generation %}{{ x }}{% for a in [1, 2] %}{{ a }}{% endfor %}{% endgeneration %} => 0-3 | 112
            {% for a in [1, 2] %}{% generation %}{{ loop.index }}{% endgeneration %}{% endfor %} => 0-1 1-2 | 12
            {% filter upper %}a{% generation %}b{% endgeneration %}{% endfilter %} => 0-1 | AB
            {% generation %}{{ '<' }}{% endgeneration %} => 0-1 | <""")
    void spans(String template, String spans) {
        assertThat(described(template)).isEqualTo(spans);
    }

    @ParameterizedTest
    @Rows("""
            {% generation %}{{ missing.x }}{% endgeneration %} => 1:27 'missing' is undefined
            {% generation x %}a{% endgeneration %} => 1:15 expected '%}' and found 'x'""")
    void isRefused(String template, String fault) {
        assertThat(Templates.placedFault(template)).isEqualTo(fault);
    }

    /** The spans in code points, as Python counts, and the text. */
    private static String described(String template) {
        RenderedTemplate rendered = Templates.render(template);
        String text = rendered.text();
        return rendered.generated().stream()
                        .map(span -> text.codePointCount(0, span.start()) + "-" + text.codePointCount(0, span.end()))
                        .collect(Collectors.joining(" "))
                + " | " + text;
    }
}
