package io.trainer4j.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;

/** Precedence, and what is refused where. */
class ParserTest {
    @ParameterizedTest
    @Rows("""
            {{ 1 + 2 * 3 }} {{ (1 + 2) * 3 }} {{ 2 * 3 ** 2 }} {{ -2 ** 2 }} {{ 2 ** -1 }} {{ - 2 * 3 }} => 7 9 18 4 0.5 -6
            {{ 10 - 3 - 2 }} {{ 100 / 10 / 2 }} {{ 2 ** 2 ** 3 }} {{ 7 // 2 * 2 }} {{ 7 % 4 * 2 }} => 5 5.0 64 6 6
            {{ 'a' ~ 1 ~ 2 * 3 }} {{ 'a' + 1 ~ 2 }} {{ 'a' ~ (1 + 2) }} => a16 a12 a3
            {{ 1 < 2 == true }} {{ 1 + 1 == 2 }} {{ 'a' ~ 'b' == 'ab' }} {{ 1 in [1] == true }} => False True True False
            {{ not 1 == 2 }} {{ not true or true }} {{ not true and false }} {{ true or false and false }} {{ not not 0 }} => True True False True False
            {{ 1 or 2 and 3 }} {{ 0 or 2 and 3 }} {{ 1 and 0 or 5 }} => 1 3 5
            {{ 1 if 0 else 2 if 0 else 3 }} {{ 1 if 1 else 2 if 0 else 3 }} {{ (1 if 0) is defined }} {{ 1 if 0 or 1 else 2 }} => 3 1 False 1
            {{ 1 if true }}{{ 1 if false }}| {{ 1 if true if false }}|{{ (1 if true else 2) + 1 }} => 1| |2
            {{ -1 | abs }} {{ 1 - -1 }} {{ - -1 }} {{ +-1 }} {{ 2 - 1 | abs }} {{ 'a' ~ 'b' | upper }} {{ ('a' ~ 'b') | upper }} => 1 2 1 -1 1 aB AB
            {{ 'a' | upper ~ 'b' }} {{ 'a' + 'b' | upper + 'c' }} {{ [3, 1] | sort | first }} {{ 'x' | default('y') | upper }} => Ab aBc 1 X
            {{ 2 ** 3 | string | length }} {{ 1 if 'a' | upper == 'A' else 2 }} => 2 1
            {{ [1, 2] | length > 1 and 'a' in 'abc' }} {{ 'a' not in 'abc' and true }} {{ not 'a' in 'abc' }} => True False False
            {{ 'abc'[1:].upper() }} {{ 'a b'.split()[1][0] }} {{ {'f': [1, 2]}.f[-1] }} {{ ('a').upper() }} {{ [1, 2][0] + 1 }} => BC b 2 A 2
            {{ 'a'.upper().lower() | upper }} {{ ('a' | upper).lower() }} {{ 'a' | length * 2 }} => A a 2
            {{ 1 is odd and 2 is even }} {{ 1 is odd == true }} {{ 1 + 2 is odd }} {{ 'a' is string | string }} => True True 1 True
            {{ (1, 2) == (1, 2) }} {{ 1, 2 }} {{ 1, }} {{ () }} {{ (1) }} {{ ((1, 2), 3)[0] }} => True (1, 2) (1,) () 1 (1, 2)
            {{ range(3) | map('string') | join(',') }} {{ range(3)|list|length }} => 0,1,2 3
            {{ 1 if true else missing.x }} {{ false and missing.x }} {{ true or missing.x }} {{ 1 > 2 > missing.x }} => 1 False True False
            {{ [1 if true else 2, 3] }} {{ {'a': 1 if false else 2} }} {{ ('a' if true else 'b') * 2 }} => [1, 3] {'a': 2} aa
            {{ [[1, 2], [3]] | map('sum') | list }} {{ 'a' in ['a'] | list }} => [3, 3] True
            {{ {'a' ~ 'b': 1}['ab'] }} {{ {1 + 1: 2}[2] }} {{ {none: 1}[none] }} => 1 2 1
            {{ 'a' if 'b' in 'bc' else 'd' }} {{ 'x' ~ ('y' if true) ~ 'z' }} {{ 'x' ~ ('y' if false) ~ 'z' }} => a xyz xz""")
    void precedence(String template, String text) {
        assertThat(Templates.text(template)).isEqualTo(text);
    }

    @ParameterizedTest
    @Rows("""
            {% raw %}x => 1:10 the raw block that starts here has no end
            a {{ 1 + }} => 1:10 '}}' is not expected here
            {{ }} => 1:4 expected an expression and found '}}'
            {{ 1 2 }} => 1:6 expected '}}' and found an integer
            {{ a b }} => 1:6 expected '}}' and found 'b'
            {{ (1 }} => 1:7 '}' closes what is not open
            {{ 1) }} => 1:5 ')' closes what is not open
            {{ [1 }} => 1:7 '}' closes what is not open
            {{ [1, 2) }} => 1:9 ')' closes what is not open
            {{ {'a' 1} }} => 1:9 expected ':' and found an integer
            {{ {'a'} }} => 1:8 expected ':' and found '}'
            {{ a. }} => 1:7 expected a name or an integer and found '}}'
            {{ a.'b' }} => 1:6 expected a name or an integer and found a string
            {{ a[ }} => 1:7 '}' closes what is not open
            {{ a[] }} => 1:6 ']' is not expected here
            {{ a | }} => 1:8 expected a name and found '}}'
            {{ a | 5 }} => 1:8 expected a name and found an integer
            {{ a is }} => 1:9 expected a name and found '}}'
            {{ a is 5 }} => 1:9 expected a name and found an integer
            {{ a is not }} => 1:13 expected a name and found '}}'
            {{ 1 if }} => 1:9 '}}' is not expected here
            {{ 1 if true else }} => 1:19 '}}' is not expected here
            {{ not }} => 1:8 '}}' is not expected here
            {{ * 2 }} => 1:4 '*' is not expected here
            {{ 1 == }} => 1:9 '}}' is not expected here
            {{ 1 not 2 }} => 1:6 expected '}}' and found 'not'
            {{ 'abc }} => 1:4 the string that starts here has no end
            {{ "abc' }} => 1:4 the string that starts here has no end
            {{ a ? b }} => 1:6 the character '?' is not expected here
            {{ a & b }} => 1:6 the character '&' is not expected here
            {{ a = 1 }} => 1:6 expected '}}' and found '='
            {{ a ! b }} => 1:6 the character '!' is not expected here
            {{ 007 }} => 1:6 expected '}}' and found an integer
            {{ '\\x4' }} => 1:4 the string holds an escape that is not a character
            {{ '\\u12' }} => 1:4 the string holds an escape that is not a character
            {{ '\\N{NO SUCH NAME}' }} => 1:4 the string holds an escape \\N{...} that names no character
            {{ 1 => 1:5 expected '}}' and found the end of the template
            {% if true => 1:11 expected '%}' and found the end of the template
            {{ f(1, a=2, 3) }} => 1:5 the arguments of this call are not in order: positional, named, *list, **dict
            {{ f(**a, 1) }} => 1:5 the arguments of this call are not in order: positional, named, *list, **dict
            {{ f(a=1 b=2) }} => 1:10 expected ')' and found 'b'
            {{ f(, ) }} => 1:6 ',' is not expected here
            {{ [,] }} => 1:5 ',' is not expected here
            {{ {,} }} => 1:5 ',' is not expected here
            {{ (,) }} => 1:5 ',' is not expected here
            {% %} => 1:4 expected the name of a tag and found '%}'
            {% 5 %} => 1:4 expected the name of a tag and found an integer
            {% if %}a{% endif %} => 1:7 expected an expression and found '%}'
            {% if true %}a => 1:4 the block that starts here has no {% endif %}
            {% if true %}a{% else %}b => 1:4 the block that starts here has no {% endif %}
            {% if true %}a{% elif %}b{% endif %} => 1:23 expected an expression and found '%}'
            {% if true %}a{% endfor %} => 1:18 the tag 'endfor' is not one that can stand here
            {% if true %}a{% else if false %}b{% endif %} => 1:23 expected '%}' and found 'if'
            {% if true %}a{% endif x %} => 1:24 expected '%}' and found 'x'
            {% if true %}a{% else %}b{% else %}c{% endif %} => 1:29 the tag 'else' is not one that can stand here
            {% if true %}a{% else %}b{% elif true %}c{% endif %} => 1:29 the tag 'elif' is not one that can stand here
            {% elif true %} => 1:4 the tag 'elif' is not one that can stand here
            {% else %} => 1:4 the tag 'else' is not one that can stand here
            {% endif %} => 1:4 the tag 'endif' is not one that can stand here
            {% endfor %} => 1:4 the tag 'endfor' is not one that can stand here
            {% for %}{% endfor %} => 1:8 expected a name and found '%}'
            {% for a %}{% endfor %} => 1:10 expected 'in' and found '%}'
            {% for a in %}{% endfor %} => 1:13 expected an expression and found '%}'
            {% for in [1] %}{% endfor %} => 1:11 expected 'in' and found '['
            {% for 1 in [1] %}{% endfor %} => 1:8 expected a name and found an integer
            {% for a.b in [1] %}{% endfor %} => 1:4 'a' is not a namespace whose attributes can be set
            {% for a in [1] if %}{% endfor %} => 1:20 '%}' is not expected here
            {% for a in [1] %} => 1:4 the block that starts here has no {% endfor %}
            {% for a in [1] %}{% endif %} => 1:22 the tag 'endif' is not one that can stand here
            {% for true in [1] %}{% endfor %} => 1:8 'true' cannot be assigned to
            {% set %} => 1:8 expected a name and found '%}'
            {% set a %} => 1:4 the block that starts here has no {% endset %}
            {% set a = %} => 1:12 expected an expression and found '%}'
            {% set 1 = 2 %} => 1:8 expected a name and found an integer
            {% set a b = 2 %} => 1:10 expected '%}' and found 'b'
            {% set none = 2 %} => 1:8 'none' cannot be assigned to
            {% set a.b.c = 2 %} => 1:11 expected '%}' and found '.'
            {% set a[0] = 2 %} => 1:9 expected '%}' and found '['
            {% set a = 1 b %} => 1:14 expected '%}' and found 'b'
            {% set a | upper = 1 %} => 1:18 expected '%}' and found '='
            {% macro %}{% endmacro %} => 1:10 expected a name and found '%}'
            {% macro f %}{% endmacro %} => 1:12 expected '(' and found '%}'
            {% macro f( %}{% endmacro %} => 1:14 '}' closes what is not open
            {% macro f(1) %}{% endmacro %} => 1:12 expected a name and found an integer
            {% macro f(a=1, b) %}{% endmacro %} => 1:17 a parameter without a default follows one with a default
            {% macro f(a) %} => 1:4 the block that starts here has no {% endmacro %}
            {% call f %}{% endcall %} => 1:4 a call block needs a call
            {% call %}{% endcall %} => 1:9 '%}' is not expected here
            {% call(a f() %}{% endcall %} => 1:16 '}' closes what is not open
            {% filter %}{% endfilter %} => 1:11 expected a name and found '%}'
            {% filter upper %} => 1:4 the block that starts here has no {% endfilter %}
            {% with a %}{% endwith %} => 1:11 expected '=' and found '%}'
            {% with a = 1 %} => 1:4 the block that starts here has no {% endwith %}
            {% generation %} => 1:4 the block that starts here has no {% endgeneration %}
            {% endgeneration %} => 1:4 the tag 'endgeneration' is not one that can stand here
            {% endraw %} => 1:4 the tag 'endraw' is not one that can stand here
            {# comment => 1:1 the comment that starts here has no end
            {% break 1 %} => 1:4 break and continue must stand in a loop
            {% frob %} => 1:4 the tag 'frob' is not one that can stand here
            {% do x %} => 1:4 the tag 'do' is not one that can stand here
            {% import 'x' as y %} => 1:4 the tag 'import' is not one that can stand here
            {{ loop.x.y }} => 1:8 'loop' is undefined
            {{ a is b is c }} => 1:11 tests with 'is' cannot be chained
            {{ a | b.c }} => 1:6 there is no filter 'b.c' in this version
            {{ 1 if true else 2 else 3 }} => 1:21 expected '}}' and found 'else'
            {% if true %}{% break %}{% endif %} => 1:17 break and continue must stand in a loop
            {% if false %}{% continue %}{% endif %} => 1:18 break and continue must stand in a loop
            {% for a in [1] %}{% macro f() %}{% break %}{% endmacro %}{% endfor %} => 1:37 break and continue must stand in a loop
            {% for a in [] %}{% else %}{% break %}{% endfor %} => 1:31 break and continue must stand in a loop
            {% for a in [1] %}{% call f() %}{% break %}{% endcall %}{% endfor %} => 1:36 break and continue must stand in a loop
            {% for a in [1] %}{% generation %}{% break %}{% endgeneration %}{% endfor %} => 1:38 break and continue must stand in a loop""")
    void isRefused(String template, String fault) {
        assertThat(Templates.placedFault(template)).isEqualTo(fault);
    }
}
