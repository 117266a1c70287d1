package io.trainer4j.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;

/** Line and column of what is wrong. */
class PositionTest {
    @ParameterizedTest
    @Rows("""
            a⏎  {{ missing.x }} => 2:13 'missing' is undefined
            ⏎⏎{% frob %} => 3:4 the tag 'frob' is not one that can stand here
            🤗{{ 1 + 'a' }} => 1:7 '+' does not work between values of type int and str
            é你{{ 1⏎ + 'a' }} => 2:2 '+' does not work between values of type int and str
            {% if true %}⏎  {{ 1 }}{{ [1][⏎ 'a'].b }}⏎{% endif %} => 3:6 a value of type list has no attribute 'a'
            {# ⏎⏎ #}{{ x.y }} => 3:8 'x' is undefined
            {% raw %}⏎{% endraw %}{{ x.y }} => 2:17 'x' is undefined
            {%- set a = 1 -%}⏎⏎  {{ a.b.c }} => 3:9 a value of type int has no attribute 'b'
            {{ 'a⏎b'.c.d }} => 2:5 a value of type str has no attribute 'c'
            {% set x %}⏎{{ missing.y }}{% endset %} => 2:11 'missing' is undefined
            {% macro f(a) %}⏎{{ a.b }}{% endmacro %}⏎{{ f() }} => 2:5 the parameter 'a' of the macro f was not given
            {% for a in [1, 0] %}⏎{{ 1 / a }}{% endfor %} => 2:6 a number is divided by zero
            {% if missing.x %}{% endif %} => 1:14 'missing' is undefined
            {% if false %}{% elif missing.x %}{% endif %} => 1:30 'missing' is undefined
            {% for a in missing.x %}{% endfor %} => 1:20 'missing' is undefined
            {% for a in [1]⏎ if a.b.c %}{% endfor %} => 2:8 a value of type int has no attribute 'b'
            {% set a = 1⏎ / 0 %} => 2:2 a number is divided by zero
            {% with a = 1,⏎ b = c.d %}{% endwith %} => 2:7 'c' is undefined
            {% filter indent('a'⏎ + 1) %}{% endfilter %} => 2:2 '+' does not work between values of type str and int
            {% filter upper(1) %}{% endfilter %} => 1:4 upper takes 0 arguments at most and got 1
            {% set a | upper(1) %}{% endset %} => 1:4 upper takes 0 arguments at most and got 1
            {% call f()⏎ %}{% endcall %} => 1:4 'f' is undefined
            {{ [1, 2,⏎ 3 / 0] }} => 2:4 a number is divided by zero
            {{ {'a':⏎ 1 / 0} }} => 2:4 a number is divided by zero
            {{ f(1 / 0) }} => 1:8 a number is divided by zero
            {{ range(1 / 0) }} => 1:12 a number is divided by zero
            {{ range(2)[1 / 0] }} => 1:15 a number is divided by zero
            {{ 'a'[x.y:] }} => 1:9 'x' is undefined
            {{ 'a' | replace('a',⏎ x.y) }} => 2:3 'x' is undefined
            {{ 1 is divisibleby(x.y) }} => 1:22 'x' is undefined
            {{ x.y if true }} => 1:5 'x' is undefined
            {{ 1 if x.y }} => 1:10 'x' is undefined
            {{ true and⏎ x.y }} => 2:3 'x' is undefined
            {{ not x.y }} => 1:9 'x' is undefined
            {{ -⏎x.y }} => 2:2 'x' is undefined
            {{ 1 < 2 < x.y }} => 1:13 'x' is undefined
            {{ 'a' ~⏎ x.y }} => 2:3 'x' is undefined
            {% generation %}⏎{{ x.y }}{% endgeneration %} => 2:5 'x' is undefined
            {{ ['a', 1] | sort }} => 1:13 '<' does not work between values of type int and str
            {{ 'a' | upper | frob | lower }} => 1:16 there is no filter 'frob' in this version
            {{ [1] | map('frob') | list }} => 1:8 there is no filter 'frob' in this version
            {{ 'a'.⏎frob() }} => 2:5 a value of type str has no attribute 'frob'
            {{ [1] |⏎ tojson(indent='a' - 1) }} => 2:20 '-' does not work between values of type str and int
            {{ 1 }}⏎{{ (2 }} => 2:7 '}' closes what is not open
            {% if true %}⏎{% for a in [1] %}⏎{% endif %} => 3:4 the tag 'endif' is not one that can stand here
            {% if true %}⏎{% for a in [1] %}⏎{% endfor %} => 1:4 the block that starts here has no {% endif %}
            a⏎{# b⏎c => 2:1 the comment that starts here has no end
            a⏎{% raw %}b => 2:10 the raw block that starts here has no end
            {{ 'a⏎ }} => 1:4 the string that starts here has no end
            {{ 1⏎⏎ ? }} => 3:2 the character '?' is not expected here
            {{ "\\u12" }} => 1:4 the string holds an escape that is not a character
            {% include 'a' %} => 1:4 the tag 'include' is not one that can stand here
            ⏎{% extends 'a' %} => 2:4 the tag 'extends' is not one that can stand here
            {% from 'a' import b %} => 1:4 the tag 'from' is not one that can stand here
            {% do x.append(1) %} => 1:4 the tag 'do' is not one that can stand here
            {% trans %}a{% endtrans %} => 1:4 the tag 'trans' is not one that can stand here
            {% autoescape %}{% endautoescape %} => 1:4 the tag 'autoescape' is not one that can stand here
            {% set a = 'x' %}{{ a.format }}{{ a() }} => 1:18 a value of type function cannot be written as text""")
    void areNamed(String template, String fault) {
        assertThat(Templates.placedFault(template)).isEqualTo(fault);
    }
}
