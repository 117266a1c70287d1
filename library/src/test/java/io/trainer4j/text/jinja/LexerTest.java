package io.trainer4j.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;

/** White space around tags, comments, raw blocks and literals. */
class LexerTest {
    @ParameterizedTest
    @Rows("""
            a⏎{% if true %}⏎b⏎{% endif %}⏎c⏎ => a⏎b⏎c
              {% if true %}  ⏎  b⏎  {% endif %}  ⏎c =>   ⏎  b⏎  ⏎c
            a {% if true %}⏎b {% endif %}⏎c => a b c
            a⏎  {{ 1 }}  ⏎b => a⏎  1  ⏎b
            a⏎  {%- if true %}⏎  b⏎  {%- endif %}⏎c => a  bc
            a⏎  {% if true -%}⏎  b⏎  {% endif -%}⏎  c => a⏎b⏎c
            a⏎  {%+ if true %}⏎b⏎  {%+ endif +%}⏎c => a⏎  b⏎  ⏎c
            a⏎{% if true +%}⏎b{% endif +%}⏎c => a⏎⏎b⏎c
            a ⏎⏎ {{- 1 -}} ⏎⏎ b => a1b
            {{ 1 }}⏎{{ 2 }}⏎ => 1⏎2
            {{ 1 }}⏎⏎ => 1⏎
            {% if true %}⏎{% endif %}⏎ =>
            ⏎ =>
            ⏎⏎ => ⏎
            x{% if true %}⏎⏎b{% endif %}⏎⏎c => x⏎b⏎c
            \t{% if true %}\t{% endif %}\tx => \t\tx
            {%if true%}a{%endif%} => a
            {%-if true-%} a {%-endif-%} b => ab
            {{1}}{{-2-}}{{+3}} => 123
             {%- set x = 1 %}⏎ {{ x }} =>  1
              {% set x = 1 %}{% set y = 2 %}  ⏎  {{ x }} =>   ⏎  1
            {% set x = 1 %} {% set y = 2 %}⏎ {% set z = 3 %}⏎. =>  .
            {% if true⏎ %}a{% endif⏎%}b => ab""")
    void blocks(String template, String text) {
        assertThat(Templates.text(template)).isEqualTo(text);
    }

    @ParameterizedTest
    @Rows("""
            a{# x #}b => ab
            a⏎  {# x #}⏎b => a⏎b
            a⏎  {#- x -#}⏎  b => ab
            a⏎  {#+ x +#}⏎b => a⏎  ⏎b
            a {# x⏎y #} b => a  b
            {# {{ x }} {% if %} #}a => a
            {##}a{#-#} => a
            {# a #}⏎{# b #}⏎c => c
            a {#- x #} b => a b
              {# x #}{{ 1 }} => 1
            {# a #} {# b #}⏎c =>  c
            {{ 1 }}{# x #}⏎⏎b => 1⏎b""")
    void comments(String template, String text) {
        assertThat(Templates.text(template)).isEqualTo(text);
    }

    @ParameterizedTest
    @Rows("""
            {% raw %}{{ x }} {% if %} {# c #}{% endraw %} => {{ x }} {% if %} {# c #}
            a⏎{% raw %}⏎  {{ x }}⏎{% endraw %}⏎b => a⏎⏎  {{ x }}⏎b
            a  {%- raw -%}  b  {%- endraw -%}  c => abc
            a⏎  {%+ raw %} b⏎  {%+ endraw +%}⏎c => a⏎   b⏎  ⏎c
            {%raw%}{%endraw%}. => .
            {% raw %} {% raw %} {% endraw %} =>  {% raw %}\s
            {% raw -%}⏎  x⏎{% endraw -%}⏎  y => x⏎y
            {%   raw   %}x{%   endraw   %} => x""")
    void raw(String template, String text) {
        assertThat(Templates.text(template)).isEqualTo(text);
    }

    @ParameterizedTest
    @Rows("""
            {{ 'a\\⏎b' }} => ab
            a⏎b => a⏎b""")
    void newlines(String template, String text) {
        assertThat(Templates.text(template)).isEqualTo(text);
    }

    @ParameterizedTest
    @Rows("""
            {{ '{{' }}{{ '%}' }}{{ "}}" }} => {{%}}}
            {{ '{% if %}' }} => {% if %}
            {{ {'a': {'b': 1}}['a'] }} => {'b': 1}
            {{ {'a':{}}}} => {'a': {}}
            {{ "it's" }}{{ 'say "x"' }}{{ 'it\\'s' }} => it'ssay "x"it's
            {{ 'a' "b" 'c' }} => abc
            {{ 0x1F }} {{ 0b11 }} {{ 0o17 }} {{ 1_000 }} {{ 0 }} {{ 00 }} {{ 0XaB }} => 31 3 15 1000 0 0 171
            {{ 1.5 }} {{ 1e3 }} {{ 1.5e-3 }} {{ 1E+2 }} {{ 1_0.2_5 }} {{ 0.5 }} => 1.5 1000.0 0.0015 100.0 10.25 0.5
            {{ '\\x41\\u00e9\\U0001F917\\101\\7\\0' | list }} => ['A', 'é', '🤗', 'A', '\\x07', '\\x00']
            {{ '\\a\\b\\f\\n\\r\\t\\v\\\\\\'\\"\\q' | list }} => ['\\x07', '\\x08', '\\x0c', '\\n', '\\r', '\\t', '\\x0b', '\\\\', "'", '"', '\\\\', 'q']
            {{ '\\N{EM DASH}\\N{LATIN SMALL LETTER A}' }} => —a
            {{ 'é你🤗' }}{{ naïve is defined }}{{ 变量 is defined }} => é你🤗FalseFalse
            {{ _x is defined }}{{ x1 is defined }} => FalseFalse
            {{ [1,2,][0] }}{{ (1,) }}{{ {'a':1,} }} => 1(1,){'a': 1}
            {{ 'a⏎b' }} => a⏎b
            {{ True }}{{ true }}{{ False }}{{ None }}{{ none }} => TrueTrueFalseNoneNone
            {{ TRUE is defined }} => False
            {{⏎ 1⏎}} => 1
            {{1if true else 2}} => 1
            {{ 1 if x is defined else(2) }} => 2
            { { } } {a} %} }} #} => { { } } {a} %} }} #}
            {{ "\\x7b" }}{ => {{
            a{{ '🤗' }}b => a🤗b""")
    void literals(String template, String text) {
        assertThat(Templates.text(template)).isEqualTo(text);
    }
}
