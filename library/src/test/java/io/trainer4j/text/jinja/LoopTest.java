package io.trainer4j.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;

/** {@code for}, the variable {@code loop}, {@code break} and {@code continue}. */
class LoopTest {
    @ParameterizedTest
    @Rows("""
            {% for a in [1, 2, 3] %}{{ a }}{% if not loop.last %},{% endif %}{% endfor %} => 1,2,3
            {% for a in [1, 2, 3] %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }} {% endfor %} => 1032TrueFalse3 2121FalseFalse3 3210FalseTrue3\s
            {% for a in 'ab' %}{{ a }}-{% endfor %} => a-b-
            {% for a in {'x': 1, 'y': 2} %}{{ a }}{% endfor %} => xy
            {% for k, v in {'x': 1, 'y': 2}.items() %}{{ k }}{{ v }}{% endfor %} => x1y2
            {% for k, v in {'x': 1} | items %}{{ k }}{{ v }}{% endfor %} => x1
            {% for k, v in {'y': 1, 'x': 2} | dictsort %}{{ k }}{{ v }}{% endfor %} => x2y1
            {% for (a, b), c in [((1, 2), 3)] %}{{ a }}{{ b }}{{ c }}{% endfor %} => 123
            {% for a, (b, c) in [[1, [2, 3]]] %}{{ a }}{{ b }}{{ c }}{% endfor %} => 123
            {% for a in 1, 2 %}{{ a }}{% endfor %} => 12
            {% for a in (1, 2) %}{{ a }}{% endfor %} => 12
            {% for a in range(3) %}{{ a }}{% endfor %} => 012
            {% for a in missing %}x{% else %}none{% endfor %} => none
            {% for a in [] %}x{% else %}empty{% endfor %} => empty
            {% for a in [1] %}x{% else %}empty{% endfor %} => x
            {% for a in [1, 2, 3, 4] if a is even %}{{ a }}{{ loop.index }}{{ loop.length }}{{ loop.last }} {% endfor %} => 212False 422True\s
            {% for a in [1] if a > 1 %}x{% else %}empty{% endfor %} => empty
            {% for a in [1, 2] if b is defined %}{{ a }}{% endfor %} =>
            {% for a in [1, 2, 3] | select('odd') %}{{ a }}{{ loop.length }}{{ loop.last }}{% endfor %} => 12False32True
            {% for a in [1, 2] %}{{ loop.previtem is defined }}{{ loop.nextitem is defined }}{{ loop.previtem }}{{ loop.nextitem }} {% endfor %} => FalseTrue2 TrueFalse1\s
            {% for a in [none, 1] %}{{ loop.previtem is defined }}{{ loop.previtem is none }} {% endfor %} => FalseFalse TrueTrue\s
            {% for a in [1, 2, 3] | map('string') %}{{ loop.nextitem }}{{ loop.last }}{{ loop.length }} {% endfor %} => 2False3 3False3 True3\s
            {% for a in [1, 1, 2, 2, 1] %}{{ loop.changed(a) }} {% endfor %} => True False True False True\s
            {% for a in [1, 1] %}{{ loop.changed(a, 'x') }}{{ loop.changed() }} {% endfor %} => TrueTrue TrueTrue\s
            {% for a in [1, 2, 3] %}{{ loop.cycle('a', 'b') }}{% endfor %} => aba
            {% for a in [1, 2] %}{{ loop.cycle(*['x', 'y']) }}{% endfor %} => xy
            {% for a in [1, 2] %}{% for b in [3, 4] %}{{ loop.index }}{{ loop.depth }}{{ loop.depth0 }} {% endfor %}{{ loop.index }}|{% endfor %} => 110 210 1|110 210 2|
            {% for a in [1, 2] %}{% set outer = loop %}{% for b in [3, 4] %}{{ outer.index }}{{ loop.index }} {% endfor %}{% endfor %} => 11 12 21 22\s
            {% for a in [1] %}{{ loop }}{% endfor %} => <LoopContext 1/1>
            {% for a in [1, 2] %}{{ a }}{% set a = 5 %}{{ a }}{% endfor %} => 1525
            {% set a = 9 %}{% for a in [1] %}{{ a }}{% endfor %}{{ a }} => 19
            {% for a in [1] %}{% set b = 2 %}{% endfor %}{{ b is defined }}{{ a is defined }}{{ loop is defined }} => FalseFalseFalse
            {% for a in [1, 2] %}{{ x is defined }}{% set x = a %}{{ x }} {% endfor %} => False1 False2\s
            {% set x = 0 %}{% for a in [1, 2] %}{% set x = x + a %}{{ x }} {% endfor %}{{ x }} => 1 2 0
            {% set ns = namespace(x=0) %}{% for a in [1, 2] %}{% set ns.x = ns.x + a %}{% endfor %}{{ ns.x }} => 3
            {% set loop = 5 %}{% for a in [1] %}{{ loop.index }}{% endfor %}{{ loop }} => 15
            {% for a in [1, 2, 3] %}{% if a == 2 %}{% break %}{% endif %}{{ a }}{% endfor %}| => 1|
            {% for a in [1, 2, 3] %}{% if a == 2 %}{% continue %}{% endif %}{{ a }}{{ loop.index }}{% endfor %} => 1133
            {% for a in [1] %}{% break %}{% else %}E{% endfor %} => E
            {% for a in [1] %}{% continue %}{% else %}E{% endfor %} => E
            {% for a in [1, 2] %}{% if a == 2 %}{% break %}{% endif %}{% else %}E{% endfor %} =>
            {% for a in [1, 2] %}{% for b in [1, 2] %}{% if b == 2 %}{% break %}{% endif %}{{ a }}{{ b }} {% endfor %}{% endfor %} => 11 21\s
            {% for a in [1, 2] %}{% for b in [] %}{% else %}{% continue %}{% endfor %}{{ a }}{% endfor %}| => |
            {% for a in [1, 2] %}{% with b = a %}{% if b == 2 %}{% break %}{% endif %}{{ b }}{% endwith %}{% endfor %} => 1
            {% for a in [1, 2] %}x{% set s %}in{% break %}{% endset %}y{% endfor %}z => xz
            {% for a in [1, 2] %}x{% filter upper %}in{% break %}{% endfilter %}y{% endfor %}z => xz
            {% for a in [[1, 2], [3, 4]] %}{% for b in a %}{{ b }}{{ loop.last }}{% endfor %}{{ loop.last }}{% endfor %} => 1False2TrueFalse3False4TrueTrue
            {% for a in [3, 1, 2] | sort(reverse=true) %}{{ a }}{% endfor %} => 321
            {% for m in [{'r': 'u', 'c': 'x'}] %}{{ m.r }}{{ m['c'] }}{{ m.z }}{% endfor %} => ux
            {% for a in [1, 2, 3][1:] %}{{ a }}{% endfor %}{% for a in [1, 2, 3][::-1] %}{{ a }}{% endfor %} => 23321
            {%- for a in [1, 2] -%} {{ a }} {%- endfor -%} => 12""")
    void loops(String template, String text) {
        assertThat(Templates.text(template)).isEqualTo(text);
    }

    @ParameterizedTest
    @Rows("""
            {% for a in 5 %}{% endfor %} => 1:4 a value of type int cannot be iterated
            {% for a in none %}{% endfor %} => 1:4 a value of type None cannot be iterated
            {% for a, b in [1] %}{% endfor %} => 1:4 a value of type int cannot be iterated
            {% for a, b in [[1]] %}{% endfor %} => 1:4 1 values cannot be unpacked to 2 variables
            {% for a, b in [[1, 2, 3]] %}{% endfor %} => 1:4 3 values cannot be unpacked to 2 variables
            {% for a in missing.x %}{% endfor %} => 1:20 'missing' is undefined
            {% for a in [1] %}{{ loop.cycle() }}{% endfor %} => 1:32 loop.cycle is called without a value
            {% for a in [1] %}{{ loop(a) }}{% endfor %} => 1:26 a value of type loop cannot be called
            {% for a in [1] if a.b.c %}{% endfor %} => 1:23 a value of type int has no attribute 'b'
            {% for a in [1] if loop.first %}{% endfor %} => 1:24 'loop' is undefined
            {% for a in [1] %}{{ loop.frob.x }}{% endfor %} => 1:31 a value of type loop has no attribute 'frob'""")
    void isRefused(String template, String fault) {
        assertThat(Templates.placedFault(template)).isEqualTo(fault);
    }
}
