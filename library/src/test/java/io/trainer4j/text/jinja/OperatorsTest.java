package io.trainer4j.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;

/** Arithmetic, repetition and {@code %} with a format. */
class OperatorsTest {
    @ParameterizedTest
    @Rows("""
            1 + 2 => 3
            1 - 3 => -2
            3 * -4 => -12
            7 / 2 => 3.5
            6 / 2 => 3.0
            7 // 2 => 3
            -7 // 2 => -4
            7 // -2 => -4
            -7 // -2 => 3
            7 % 3 => 1
            -7 % 3 => 2
            7 % -3 => -2
            -7 % -3 => -1
            6 % -3 => 0
            2 ** 10 => 1024
            2 ** 0 => 1
            0 ** 0 => 1
            2 ** -2 => 0.25
            (-2) ** 3 => -8
            -2 ** 2 => 4
            2 ** 62 => 4611686018427387904
            (-2) ** 63 => -9223372036854775808
            1 ** 9223372036854775807 => 1
            (-1) ** 9223372036854775807 => -1
            (-1) ** 1000 => 1
            0 ** 1000 => 0
            2 ** 3 ** 2 => 64
            true + true => 2
            true * 3 => 3
            false - 1 => -1
            true / 2 => 0.5
            - true => -1
            + true => 1
            -(-3) => 3
            +5 => 5
            9223372036854775807 - 1 => 9223372036854775806
            -9223372036854775807 - 1 => -9223372036854775808
            9007199254740993 / 1 => 9007199254740992.0""")
    void integers(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            1.5 + 1 => 2.5
            1 - 0.5 => 0.5
            0.1 * 3 => 0.30000000000000004
            1.0 / 3 => 0.3333333333333333
            7.5 // 2 => 3.0
            -7.5 // 2 => -4.0
            1.0 // 0.1 => 9.0
            -1.0 // 0.1 => -10.0
            1e308 // 0.1 => inf
            0.0 // -1 => -0.0
            5 // 0.3 => 16.0
            7.5 % 2 => 1.5
            -7.5 % 2 => 0.5
            7.5 % -2 => -0.5
            -1.0 % 0.1 => 5.551115123125783e-17
            6.0 % -3 => -0.0
            -6.0 % 3 => 0.0
            5 % ('inf' | float) => 5.0
            -5 % ('inf' | float) => inf
            5.0 // ('inf' | float) => 0.0
            -5.0 // ('inf' | float) => -1.0
            ('inf' | float) % 3 => nan
            ('inf' | float) // 3 => nan
            2.0 ** 0.5 => 1.4142135623730951
            2 ** 0.5 => 1.4142135623730951
            4.0 ** -1 => 0.25
            (-8.0) ** 3 => -512.0
            0.0 ** 0 => 1.0
            1e308 * 10 => inf
            -1e308 * 10 => -inf
            -0.0 => -0.0
            - 2.5 => -2.5
            1e300 - 1e300 => 0.0""")
    void floats(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            1 / 0 => a number is divided by zero
            1 // 0 => a number is divided by zero
            1 % 0 => a number is divided by zero
            1.0 / 0 => a number is divided by zero
            1 / 0.0 => a number is divided by zero
            1 // 0.0 => a number is divided by zero
            1.0 % 0 => a number is divided by zero
            0 ** -1 => zero has no negative power
            0.0 ** -1 => zero has no negative power
            (-8) ** 0.5 => a negative number has no real power with a fraction
            (-8.0) ** 0.5 => a negative number has no real power with a fraction
            10.0 ** 400 => the result of '**' is too large for a float
            1 + 'a' => '+' does not work between values of type int and str
            'a' + 1 => '+' does not work between values of type str and int
            'a' - 'b' => '-' does not work between values of type str and str
            none + 1 => '+' does not work between values of type None and int
            [] + () => '+' does not work between values of type list and tuple
            [] + 'a' => '+' does not work between values of type list and str
            {} + {} => '+' does not work between values of type dict and dict
            'a' / 2 => '/' does not work between values of type str and int
            'a' * 2.0 => '*' does not work between values of type str and float
            'a' * 'b' => '*' does not work between values of type str and str
            [1] * [1] => '*' does not work between values of type list and list
            missing + 1 => 'missing' is undefined
            1 - missing => 'missing' is undefined
            'a' + missing => 'missing' is undefined
            -missing => 'missing' is undefined
            -'a' => a value of type str has no sign
            +none => a value of type None has no sign
            - [] => a value of type list has no sign
            range(2) + [1] => '+' does not work between values of type range and list
            range(2) * 2 => '*' does not work between values of type range and int""")
    void isRefused(String expression, String fault) {
        assertThat(Templates.fault(expression)).isEqualTo(fault);
    }

    @ParameterizedTest
    @Rows("""
            9223372036854775807 + 1 => the result of '+' has more than 64 bits
            -9223372036854775807 - 2 => the result of '-' has more than 64 bits
            9223372036854775807 * 2 => the result of '*' has more than 64 bits
            2 ** 63 => the result of '**' has more than 64 bits
            2 ** 64 => the result of '**' has more than 64 bits
            3 ** 100 => the result of '**' has more than 64 bits
            (-9223372036854775807 - 1) // -1 => the result of '//' has more than 64 bits
            -(-9223372036854775807 - 1) => the negated integer has more than 64 bits
            (-9223372036854775807 - 1) | abs => the negated integer has more than 64 bits
            1e300 | int => an integer has more than 64 bits
            '9223372036854775808' | int => the integer 9223372036854775808 has more than 64 bits
            1350 | int + 9223372036854775800 => the result of '+' has more than 64 bits
            9223372036854775807 | round(-1) => an integer has more than 64 bits
            '%d' % 1e20 => an integer has more than 64 bits
            range(-9223372036854775807, 9223372036854775807, 9223372036854775807)[::2] => an integer has more than 64 bits""")
    void moreThan64BitsAreRefused(String expression, String fault) {
        assertThat(Templates.fault(expression)).isEqualTo(fault);
    }

    @ParameterizedTest
    @Rows("""
            'a' + 'b' => 'ab'
            'ab' * 3 => 'ababab'
            3 * 'ab' => 'ababab'
            'a' * true => 'a'
            'a' * 0 => ''
            'a' * -5 => ''
            'a' ~ 1 => 'a1'
            1 ~ 2 => '12'
            none ~ true ~ 1.0 ~ missing ~ [1, 'a'] => "NoneTrue1.0[1, 'a']"
            'a' ~ 'b' + 'c' => 'abc'
            'a' + 2 ~ 3 => 'a23'
            2 * 3 ~ 4 => '64'
            [1] + [2, 3] => [1, 2, 3]
            (1,) + () => (1,)
            [0] * 3 => [0, 0, 0]
            2 * [1, 2] => [1, 2, 1, 2]
            (1, 2) * 2 => (1, 2, 1, 2)
            [1] * 0 => []
            [1] * -1 => []
            () * 5 => ()
            true * [1] => [1]""")
    void textsAndLists(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            '%s' % 'a' => 'a'
            '%s and %s' % ('a', 1) => 'a and 1'
            '%d' % 5 => '5'
            '%d' % 5.9 => '5'
            '%d' % true => '1'
            '%i|%u' % (1, 2) => '1|2'
            '%5d|%-5d|%05d|%+d|% d' % (42, 42, 42, 42, 42) => '   42|42   |00042|+42| 42'
            '%05d' % -42 => '-0042'
            '%x|%X|%o|%#x|%#o' % (255, 255, 8, 255, 8) => 'ff|FF|10|0xff|0o10'
            '%x' % -255 => '-ff'
            '%f' % 1.5 => '1.500000'
            '%.2f' % 3.14159 => '3.14'
            '%.0f' % 2.5 => '2'
            '%.0f' % 3.5 => '4'
            '%8.3f|%-8.2f|%08.2f|%+.1f' % (3.14159, 2.5, -2.5, 1.0) => '   3.142|2.50    |-0002.50|+1.0'
            '%e|%.2e|%E' % (12345.678, 0.00012, 1.5) => '1.234568e+04|1.20e-04|1.500000E+00'
            '%g|%g|%g|%g|%G' % (0.0001, 1e-05, 100000.0, 1000000.0, 1e-10) => '0.0001|1e-05|100000|1e+06|1E-10'
            '%.3g|%g|%g' % (1234.5, 1, 0.5) => '1.23e+03|1|0.5'
            '%f' % 3 => '3.000000'
            '%f|%f|%d' % ('inf' | float, '-inf' | float, 3) => 'inf|-inf|3'
            '%s' % none => 'None'
            '%s %s %s' % (1.5, true, [1, 'a']) => "1.5 True [1, 'a']"
            '%r %r' % ('a', 1) => "'a' 1"
            '%5s|%-5s|%.2s|%5.1s' % ('ab', 'ab', 'abc', 'abc') => '   ab|ab   |ab|    a'
            '%c%c' % ('a', 98) => 'ab'
            '%%' % () => '%'
            '100%%' % () => '100%'
            'a' % () => 'a'
            'a' % {} => 'a'
            'a' % {'x': 1} => 'a'
            'a' % [1] => 'a'
            '%s' % [1, 2] => '[1, 2]'
            '%s' % {'a': 1} => "{'a': 1}"
            '%(a)s-%(b)03d' % {'a': 'x', 'b': 7} => 'x-007'
            '%(a)s %(a)s' % {'a': 1} => '1 1'
            '%*d' % (5, 3) => '    3'
            '%-*d|' % (5, 3) => '3    |'
            '%.*f' % (2, 1.005) => '1.00'
            '%s' % (1,) => '1'
            '%s' % ((1, 2),) => '(1, 2)'
            '%s' % missing => ''
            '%s' % ('<a>' | safe) => '<a>'
            '%d items' % 3 ~ '!' => '3 items!'
            '%s' % '🤗' + '%5s' % '🤗' => '🤗    🤗'
            '%.1s' % '🤗a' => '🤗'
            '%ld' % 5 => '5'
            '%a' % 'é' => "'\\\\xe9'"
            '%#X|%%|' % 255 => '0XFF|%|'
            '%+.0e' % 0.0 => '+0e+00'
            '%-5sx%5.1f' % ('a', 2) => 'a    x  2.0'
            '%G|%F|%g' % ('nan' | float, 'inf' | float, 1e100) => 'NAN|INF|1e+100'
            '%g|%g' % (100000, 0.00001234) => '100000|1.234e-05'
            '%c' % 129303 => '🤗'""")
    void percent(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            '%s' % () => a format has more directives than values
            '%s %s' % ('a',) => a format has more directives than values
            '%s %s' % 'a' => a format has more directives than values
            '%s' % (1, 2) => the format '%s' has fewer directives than values
            'a' % 1 => the format 'a' has fewer directives than values
            'a' % 'b' => the format 'a' has fewer directives than values
            '%d' % 'a' => a value of type str cannot be formatted as a number
            '%d' % none => a value of type None cannot be formatted as a number
            '%x' % 1.5 => a value of type float cannot be formatted as a number
            '%f' % 'a' => a value of type str cannot be formatted as a number
            '%c' % 'ab' => a value of type str cannot be formatted as a number
            '%y' % 1 => a format knows no directive %y
            '%' % 1 => the format '%' holds a % that is not followed by a known directive
            '%(a)s' % 1 => a format with keys needs a dict
            '%(a)s' % {'b': 1} => the format asks for the key 'a', which the dict does not have
            '%(a' % {'a': 1} => the format '%(a' holds a % that is not followed by a known directive
            '%d' % missing => 'missing' is undefined
            '%d' % ('nan' | float) => nan is not an integer
            '%d' % ('inf' | float) => inf is not an integer
            '%c' % 1114112 => no character has the number 1114112
            '%*d' % ('a', 1) => a value of type str cannot be a width or precision
            1 % 'a' => '%' does not work between values of type int and str
            none % 1 => '%' does not work between values of type None and int
            [1] % 2 => '%' does not work between values of type list and int""")
    void formatRefused(String expression, String fault) {
        assertThat(Templates.fault(expression)).isEqualTo(fault);
    }
}
