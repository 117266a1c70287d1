package io.trainer4j.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;

/** {@code set}, {@code with}, {@code filter} and namespaces. */
class SetTest {
    @ParameterizedTest
    @Rows("""
            {% set a = 1 %}{{ a }} => 1
            {% set a, b = 1, 2 %}{{ a }}{{ b }} => 12
            {% set a, b = [1, 2] %}{{ a }}{{ b }} => 12
            {% set a, b = 'xy' %}{{ a }}{{ b }} => xy
            {% set (a, b), c = (1, 2), 3 %}{{ a }}{{ b }}{{ c }} => 123
            {% set a = 1, 2 %}{{ a }} => (1, 2)
            {% set a = 1, %}{{ a }} => (1,)
            {% set a, b = 1, 2 %}{% set a, b = b, a %}{{ a }}{{ b }} => 21
            {% set a = 1 if true else 2 %}{{ a }} => 1
            {% set a = none %}{{ a is none }}{{ a }} => TrueNone
            {% set a %}x{{ 1 }}{% endset %}{{ a }}{{ a is string }} => x1True
            {% set a | upper | replace('B', 'c') %}ab{% endset %}{{ a }} => Ac
            {% set a | default('d', true) %}{% endset %}{{ a }} => d
            {% set a %}{% set b = 1 %}{{ b }}{% endset %}{{ a }}{{ b is defined }} => 1False
            {% if true %}{% set a = 1 %}{% else %}{% set a = 2 %}{% endif %}{{ a }} => 1
            {% if false %}{% set a = 1 %}{% endif %}{{ a is defined }} => False
            {% set ns = namespace() %}{% set ns.a = 1 %}{{ ns.a }} => 1
            {% set ns = namespace({'a': 1}, b=2) %}{{ ns.a }}{{ ns.b }} => 12
            {% set ns = namespace([('a', 1)]) %}{{ ns.a }} => 1
            {% set ns = namespace(a=1) %}{% set ns.a = ns.a + 1 %}{% if true %}{% set ns.a = ns.a + 1 %}{% endif %}{{ ns.a }} => 3
            {% set ns = namespace(a=1) %}{% set ns.b %}x{% endset %}{{ ns.b }}{{ ns.c is defined }} => xFalse
            {% set ns = namespace(a=1) %}{% set m = ns %}{% set m.a = 5 %}{{ ns.a }}{{ ns == m }} => 5True
            {% set ns = namespace(l=[]) %}{% for a in [1, 2] %}{% set ns.l = ns.l + [a] %}{% endfor %}{{ ns.l }} => [1, 2]
            {% set ns = namespace(a=1) %}{{ ns }} => <Namespace {'a': 1}>
            {% set ns = namespace(a=1) %}{% set ns.a, b = 2, 3 %}{{ ns.a }}{{ b }} => 23
            {% with %}{% set a = 1 %}{{ a }}{% endwith %}{{ a is defined }} => 1False
            {% with a = 1 %}{{ a }}{% endwith %}{{ a is defined }} => 1False
            {% set a = 1 %}{% with a = 2, b = a %}{{ a }}{{ b }}{% endwith %}{{ a }} => 211
            {% with (a, b) = [1, 2] %}{{ a }}{{ b }}{% endwith %} => 12
            {% set range = 5 %}{{ range }} => 5
            {% filter upper %}a{% set x = 1 %}{{ x }}b{% endfilter %}{{ x is defined }} => A1BFalse
            {% filter replace('a', 'b') | upper %}aa{% endfilter %} => BB
            {% filter indent(2, true) %}a⏎b{% endfilter %} =>   a⏎  b
            {% filter trim %}  {{ 1 }}  {% endfilter %} => 1
            {{ x is defined }}{% set x = 1 %}{{ x }} => False1
            {% set x = x %}{{ x is defined }} => False
            {% set x = [1] %}{% set y = x %}{{ y is sameas x }} => True""")
    void set(String template, String text) {
        assertThat(Templates.text(template)).isEqualTo(text);
    }

    @ParameterizedTest
    @Rows("""
            {% set a, b = 1 %} => 1:4 a value of type int cannot be iterated
            {% set a, b = [1] %} => 1:4 1 values cannot be unpacked to 2 variables
            {% set a, b = 1, 2, 3 %} => 1:4 3 values cannot be unpacked to 2 variables
            {% set a.b = 1 %} => 1:4 'a' is not a namespace whose attributes can be set
            {% set a = {} %}{% set a.b = 1 %} => 1:20 'a' is not a namespace whose attributes can be set
            {% set a = 1 %}{% set a.b = 1 %} => 1:19 'a' is not a namespace whose attributes can be set
            {% set a | frob %}{% endset %} => 1:4 there is no filter 'frob' in this version
            {% set a = missing.x %} => 1:19 'missing' is undefined
            {% filter frob %}{% endfilter %} => 1:4 there is no filter 'frob' in this version
            {% with a = missing.x %}{% endwith %} => 1:20 'missing' is undefined""")
    void isRefused(String template, String fault) {
        assertThat(Templates.placedFault(template)).isEqualTo(fault);
    }
}
