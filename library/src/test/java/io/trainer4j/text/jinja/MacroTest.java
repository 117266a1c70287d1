package io.trainer4j.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;

/** Macros and call blocks. */
class MacroTest {
    @ParameterizedTest
    @Rows("""
            {% macro f() %}x{% endmacro %}{{ f() }}{{ f() }} => xx
            {% macro f(a, b) %}{{ a }}{{ b }}{% endmacro %}{{ f(1, 2) }}{{ f(b=1, a=2) }}{{ f(1) }} => 12211
            {% macro f(a, b=2) %}{{ a }}{{ b }}{% endmacro %}{{ f(1) }}{{ f(1, 3) }}{{ f(1, b=4) }} => 121314
            {% macro f(a, b=a) %}{{ a }}{{ b }}{% endmacro %}{{ f(1) }} => 11
            {% macro f(a, b=c) %}{{ b }}{% endmacro %}{% set c = 5 %}{{ f(1) }} => 5
            {% macro f(a) %}{{ a is defined }}{% endmacro %}{{ f() }}{{ f(none) }} => FalseTrue
            {% macro f(a) %}{% set a = a + 1 %}{{ a }}{% endmacro %}{% set a = 5 %}{{ f(1) }}{{ a }} => 25
            {% macro f() %}{{ g() }}{% endmacro %}{% macro g() %}y{% endmacro %}{{ f() }} => y
            {% set x = 1 %}{% macro f() %}{{ x }}{% endmacro %}{% set x = 2 %}{{ f() }} => 2
            {% macro f(n) %}{{ n }}{% if n > 0 %}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(3) }} => 3210
            {% macro f() %}  x  {% endmacro %}{{ f() | trim | upper }}{{ f() | length }} => X5
            {% macro f(a) %}<{{ a }}>{% endmacro %}{{ f(f('x')) }} => <<x>>
            {% macro f(a, b) %}{{ a }}{{ b }}{% endmacro %}{{ f(*[1, 2]) }}{{ f(**{'a': 3, 'b': 4}) }}{{ f(1, *[2]) }}{{ f(1, **{'b': 5}) }}{{ f(*[1], b=6) }} => 1234121516
            {% macro f() %}{{ varargs }}{{ kwargs }}{% endmacro %}{{ f() }}{{ f(1, 2, a=3) }} => (){}(1, 2){'a': 3}
            {% macro f(a) %}{{ a }}{{ varargs | join('-') }}{% endmacro %}{{ f(1, 2, 3) }} => 12-3
            {% macro f(a) %}{{ a }}{% for k, v in kwargs.items() %}{{ k }}={{ v }}{% endfor %}{% endmacro %}{{ f(1, b=2, c=3) }} => 1b=2c=3
            {% macro f() %}{% endmacro %}{{ f is callable }}{{ f is defined }}{{ f }} => TrueTrue<Macro 'f'>
            {% macro f() %}{{ caller() }}{% endmacro %}{% call f() %}body{% endcall %} => body
            {% macro f() %}[{{ caller(1, 2) }}]{% endmacro %}{% call(a, b) f() %}{{ a }}{{ b }}{% endcall %} => [12]
            {% macro f() %}{{ caller() }}{% endmacro %}{% call(a='d') f() %}{{ a }}{% endcall %} => d
            {% macro f(x) %}{{ x }}{% if caller is defined %}{{ caller() }}{% endif %}{% endmacro %}{{ f(1) }}{% call f(2) %}c{% endcall %} => 12c
            {% macro f() %}{{ caller() }}{{ caller() }}{% endmacro %}{% set x = 1 %}{% call f() %}{{ x }}{% endcall %} => 11
            {% for a in [1, 2] %}{% macro f() %}{{ a }}{% endmacro %}{{ f() }}{% endfor %} => 12
            {% if true %}{% macro f() %}x{% endmacro %}{% endif %}{{ f() }} => x
            {% macro f() %}{% for a in [1, 2, 3] %}{% if a == 2 %}{% break %}{% endif %}{{ a }}{% endfor %}{% endmacro %}{{ f() }} => 1
            {% macro f(a) -%}  x  {%- endmacro %}{{ f() }}. => x.
            {% macro f() %}{% set x = 1 %}{% endmacro %}{{ f() }}{{ x is defined }} => False
            {% macro f() %}{{ loop is defined }}{% endmacro %}{% for a in [1] %}{{ f() }}{% endfor %} => False
            {% macro f(x) %}{{ x() }}{% endmacro %}{% macro g() %}g{% endmacro %}{{ f(g) }} => g
            {% set h = {'f': range} %}{{ h.f(2) | list }} => [0, 1]
            {% macro f(a=[]) %}{{ a }}{% endmacro %}{{ f() }}{{ f([1]) }} => [][1]
            {{ 'a' | upper }}{% macro upper() %}m{% endmacro %}{{ upper() }} => Am
            {% macro _f() %}p{% endmacro %}{{ _f() }} => p
            {% macro f() %}<b>{% endmacro %}{{ f() + '<' }}{{ f() | e }} => <b><&lt;b&gt;""")
    void macros(String template, String text) {
        assertThat(Templates.text(template)).isEqualTo(text);
    }

    @ParameterizedTest
    @Rows("""
            {{ g(1) }}{% macro g(x) %}{{ x }}{% endmacro %} => 1:5 'g' is undefined
            {% macro f() %}{% endmacro %}{{ f(1) }} => 1:34 the macro f is called with arguments it does not have
            {% macro f() %}{% endmacro %}{{ f(a=1) }} => 1:34 the macro f is called with arguments it does not have
            {% macro f(a) %}{% endmacro %}{{ f(1, a=2) }} => 1:35 the macro f is called with arguments it does not have
            {% macro f(a) %}{{ a.b.c }}{% endmacro %}{{ f() }} => 1:21 the parameter 'a' of the macro f was not given
            {% macro f() %}{{ caller() }}{% endmacro %}{{ f() }} => 1:25 'caller' is undefined
            {% macro f() %}{% endmacro %}{% call f() %}x{% endcall %} => 1:33 the macro f is called with arguments it does not have
            {% macro f() %}{{ caller(1) }}{% endmacro %}{% call f() %}x{% endcall %} => 1:25 the macro caller is called with arguments it does not have
            {% call 'a'.upper() %}x{% endcall %} => 1:4 upper has no argument caller
            {{ f() }} => 1:5 'f' is undefined
            {{ f(*5) }} => 1:5 a value of type int cannot be iterated
            {{ range(*5) }} => 1:9 a value of type int cannot be iterated
            {{ range(**5) }} => 1:9 what follows ** is not a dict
            {{ dict(**{1: 2}) }} => 1:8 a value of type int cannot be the name of an argument
            {{ dict(a=1, **{'a': 2}) }} => 1:8 the argument a is given twice
            {% macro f(a, a) %}{% endmacro %}{{ f(1, 2) }} => 1:15 the parameter 'a' is there twice""")
    void isRefused(String template, String fault) {
        assertThat(Templates.placedFault(template)).isEqualTo(fault);
    }
}
