package io.trainer4j.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;

/** {@code int}, {@code float}, {@code abs} and {@code round}. */
class NumberFiltersTest {
    @ParameterizedTest
    @Rows("""
            '5' | int => 5
            ' 7 ' | int => 7
            '-7' | int => -7
            '+7' | int => 7
            'x' | int => 0
            '' | int => 0
            'x' | int(9) => 9
            'x' | int(default=none) => None
            '3.9' | int => 3
            '-3.9' | int => -3
            '1e3' | int => 1000
            3.9 | int => 3
            -3.9 | int => -3
            true | int => 1
            none | int => 0
            [] | int => 0
            {} | int(5) => 5
            'ff' | int(0, 16) => 255
            'ff' | int(base=16) => 255
            '0xff' | int(base=16) => 255
            '0xff' | int(0, 0) => 255
            '0xff' | int => 0
            '0b11' | int(base=2) => 3
            '0o17' | int(base=8) => 15
            '-0x1f' | int(0, 16) => -31
            '12' | int(base=0) => 12
            'z' | int(base=36) => 35
            'z' | int(1, 37) => 1
            '1_000' | int => 1000
            '1__0' | int => 0
            '_1' | int => 0
            '1_' | int => 0
            '٣' | int => 3
            'inf' | int => 0
            'nan' | int(4) => 4
            'nan' | float | int(4) => 4
            '1e400' | int(3) => 3
            1e15 | int => 1000000000000000
            ('5' | safe) | int => 5
            '1 2' | int => 0""")
    void integer(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            '2.5' | float => 2.5
            'x' | float => 0.0
            'x' | float(1.5) => 1.5
            'x' | float(default='d') => 'd'
            3 | float => 3.0
            true | float => 1.0
            none | float => 0.0
            [] | float => 0.0
            ' 1e3 ' | float => 1000.0
            '1_0.5' | float => 10.5
            '1__0' | float => 0.0
            '.5' | float => 0.5
            '5.' | float => 5.0
            '-.5e-1' | float => -0.05
            '.' | float => 0.0
            'inf' | float => inf
            '-Infinity' | float => -inf
            '+inf' | float => inf
            'nAn' | float => nan
            '0x10' | float => 0.0
            '1e400' | float => inf
            '1,5' | float => 0.0
            9223372036854775807 | float => 9.223372036854776e+18""")
    void real(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            -3 | abs => 3
            3 | abs => 3
            -2.5 | abs => 2.5
            -0.0 | abs => 0.0
            true | abs => 1
            '-inf' | float | abs => inf""")
    void abs(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            2.5 | round => 2.0
            3.5 | round => 4.0
            -2.5 | round => -2.0
            2.567 | round(2) => 2.57
            2.675 | round(2) => 2.67
            0.5 | round => 0.0
            1.5 | round => 2.0
            -0.4 | round => -0.0
            3 | round => 3
            true | round => 1
            3 | round(2) => 3
            1234 | round(-2) => 1200
            1250 | round(-2) => 1200
            1350 | round(-2) => 1400
            -1250 | round(-2) => -1200
            1234.5 | round(-2) => 1200.0
            2.1 | round(0, 'ceil') => 3.0
            2.1 | round(1, 'ceil') => 2.1
            2.11 | round(1, 'ceil') => 2.2
            1.1 | round(2, 'ceil') => 1.11
            -2.1 | round(method='ceil') => -2.0
            -2.9 | round(method='floor') => -3.0
            -0.5 | round(method='ceil') => 0.0
            2.19 | round(1, 'floor') => 2.1
            3 | round(method='floor') => 3.0
            1234 | round(-2, 'ceil') => 1300.0
            1e20 | round => 1e+20
            1e20 | round(2, 'ceil') => 1e+20
            'inf' | float | round => inf
            'nan' | float | round => nan
            'inf' | float | round(2) => inf
            1e300 | round(300) => 1e+300
            0.1 | round(400) => 0.1
            123.4 | round(-400) => 0.0
            2.5 | round(precision=0, method='common') => 2.0
            1e16 | round(1) => 1e+16""")
    void round(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            missing | int => 'missing' is undefined
            missing | float => 'missing' is undefined
            'a' | abs => a value of type str has no sign
            none | abs => a value of type None has no sign
            missing | abs => 'missing' is undefined
            'a' | round => a value of type str cannot be rounded
            none | round => a value of type None cannot be rounded
            missing | round => 'missing' is undefined
            2.5 | round(0, 'up') => round knows the methods common, ceil and floor
            2.5 | round('a') => a value of type str cannot be the argument precision
            2.5 | round(1.0) => a value of type float cannot be the argument precision
            'inf' | float | int => inf is not an integer
            'inf' | float | round(0, 'ceil') => the number cannot be rounded to 0 digits
            'nan' | float | round(0, 'floor') => the number cannot be rounded to 0 digits
            '5' | int(1, 2, 3) => int takes 2 arguments at most and got 3""")
    void isRefused(String expression, String fault) {
        assertThat(Templates.fault(expression)).isEqualTo(fault);
    }
}
