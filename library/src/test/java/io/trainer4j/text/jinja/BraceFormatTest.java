package io.trainer4j.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;

/** {@code str.format}. */
class BraceFormatTest {
    @ParameterizedTest
    @Rows("""
            '{0[5]}'.format([1]) => ''
            '{0[x]}'.format({}) => ''
            '{} {}'.format('a', 1) => 'a 1'
            '{0} {1} {0}'.format('a', 'b') => 'a b a'
            '{a} {b}'.format(a=1, b='x') => '1 x'
            '{} {x}'.format(1, x=2) => '1 2'
            '{{}} {{{}}}'.format(5) => '{} {5}'
            'plain'.format() => 'plain'
            'plain'.format(1, 2) => 'plain'
            '{0[a]} {0[b]}'.format({'a': 1, 'b': 2}) => '1 2'
            '{0[1]}'.format([5, 6]) => '6'
            '{x[0][k]}'.format(x=[{'k': 'v'}]) => 'v'
            '{!r} {!s}'.format('a', 'b') => "'a' b"
            '{!a}'.format('é') => "'\\\\xe9'"
            '{:>5}|{:<5}|{:^5}|'.format('a', 'b', 'c') => '    a|b    |  c  |'
            '{:*^7}'.format('ab') => '**ab***'
            '{:5}|{:5}|'.format('a', 1) => 'a    |    1|'
            '{:05d} {:+d} {: d} {:,}'.format(42, 42, 42, 1234567) => '00042 +42  42 1,234,567'
            '{:x} {:X} {:o} {:b} {:#x}'.format(255, 255, 8, 5, 255) => 'ff FF 10 101 0xff'
            '{:.2f} {:8.3f} {:+.1f} {:.0f}'.format(3.14159, 2.5, 1.25, 2.5) => '3.14    2.500 +1.2 2'
            '{:e} {:.1E}'.format(12345.678, 0.00012) => '1.234568e+04 1.2E-04'
            '{:g} {:g}'.format(0.00001, 123456789.0) => '1e-05 1.23457e+08'
            '{:%} {:.1%}'.format(0.25, 0.125) => '25.000000% 12.5%'
            '{:.2}'.format('abc') => 'ab'
            '{:.3}'.format(3.14159) => '3.14'
            '{:,.2f}'.format(1234567.891) => '1,234,567.89'
            '{:_}'.format(1234567) => '1_234_567'
            '{:=+6d}'.format(5) => '+    5'
            '{:06.2f}'.format(-1.5) => '-01.50'
            '{:<6d}|{:^6d}|'.format(5, 5) => '5     |  5   |'
            '{:c}'.format(65) => 'A'
            '{:d}'.format(true) => '1'
            '{}'.format(true) => 'True'
            '{:5}|'.format(true) => '    1|'
            '{}'.format(none) => 'None'
            '{} {}'.format([1, 'a'], {'k': (1,)}) => "[1, 'a'] {'k': (1,)}"
            '{}'.format(1.0) => '1.0'
            '{:5}|'.format(1.0) => '  1.0|'
            '{:{}}|{:{w}}|'.format('a', 3, 'b', w=4) => 'a  |b   |'
            '{:>{w}.{p}f}'.format(3.14159, w=8, p=2) => '    3.14'
            '{}'.format('🤗') => '🤗'
            '{:>3}'.format('🤗') => '  🤗'
            '{:n}'.format(5) => '5'
            '{0.x}'.format(1) is defined => True
            '{}'.format(missing) => ''""")
    void format(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            '{}'.format() => format is called without a value for the field 0
            '{} {}'.format(1) => format is called without a value for the field 1
            '{1}'.format('a') => format is called without a value for the field 1
            '{a}'.format(b=1) => format is called without its argument a
            '{} {0}'.format(1, 2) => a format mixes fields with and without numbers
            '{0} {}'.format(1, 2) => a format mixes fields with and without numbers
            '{'.format(1) => the braces of the format '{' do not match
            '}'.format(1) => the braces of the format '}' do not match
            '{0'.format(1) => the braces of the format '{0' do not match
            '{:d}'.format('a') => the format code 'd' does not go with a value of type str
            '{:d}'.format(1.5) => the format code 'd' does not go with a value of type float
            '{:s}'.format(1) => the format code 's' does not go with a value of type int
            '{:x}'.format(1.5) => the format code 'x' does not go with a value of type float
            '{:f}'.format('a') => the format code 'f' does not go with a value of type str
            '{:y}'.format(1) => the format code 'y' does not go with a value of type int
            '{!x}'.format(1) => a format knows the conversions !s, !r and !a
            '{:5}'.format(none) => the format '5' does not go with a value of type None
            '{:5}'.format([1]) => the format '5' does not go with a value of type list
            '{:.2d}'.format(1) => a precision does not go with an integer""")
    void isRefused(String expression, String fault) {
        assertThat(Templates.fault(expression)).isEqualTo(fault);
    }
}
