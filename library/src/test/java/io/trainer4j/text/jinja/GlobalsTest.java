package io.trainer4j.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;

/** The functions every template can call. */
class GlobalsTest {
    @ParameterizedTest
    @Rows("""
            range(3) | list => [0, 1, 2]
            range(1, 4) | list => [1, 2, 3]
            range(0) | list => []
            range(-2) | list => []
            range(5, 2) | list => []
            range(5, 2, -1) | list => [5, 4, 3]
            range(0, 10, 3) | list => [0, 3, 6, 9]
            range(-5, 5, 9223372036854775807) | list => [-5]
            range(10, 0, -4) | list => [10, 6, 2]
            range(true) | list => [0]
            range(100000) | length => 100000
            range(3)[1:] | list => [1, 2]
            range(9223372036854775806, 9223372036854775807) | list => [9223372036854775806]
            range(-9223372036854775807, 9223372036854775807, 9223372036854775807) | list => [-9223372036854775807, 0]""")
    void range(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            strftime_now('%Y-%m-%d') => '2025-03-07'
            strftime_now('%H:%M:%S.%f') => '09:05:04.000000'
            strftime_now('%y %m %d %e %j') => '25 03 07  7 066'
            strftime_now('%B %b %h') => 'March Mar Mar'
            strftime_now('%A %a %w %u') => 'Friday Fri 5 5'
            strftime_now('%I %l %p %k') => '09  9 AM  9'
            strftime_now('%-d %-m %-H %-I %-M %-S %-j') => '7 3 9 9 5 4 66'
            strftime_now('%F %T %R %D %X %x') => '2025-03-07 09:05:04 09:05 03/07/25 09:05:04 03/07/25'
            strftime_now('%c') => 'Fri Mar  7 09:05:04 2025'
            strftime_now('%Z%z|') => '|'
            strftime_now('%n%t%%') => '\\n\\t%'
            strftime_now('%V %G %P %r') => '10 2025 am 09:05:04 AM'
            strftime_now('plain é') => 'plain é'
            strftime_now('') => ''
            strftime_now(format='%d') => '07'""")
    void time(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            range() => range takes one to three integers
            range('a') => a value of type str cannot be a bound of range
            range(1.0) => a value of type float cannot be a bound of range
            range(1, 2, 0) => the step of range cannot be zero
            range(1, 2, 3, 4) => range takes one to three integers
            range(100001) => a range of more than 100000 numbers is not allowed
            range(-9223372036854775807, 9223372036854775807) => a range of more than 100000 numbers is not allowed
            range(none) => a value of type None cannot be a bound of range
            raise_exception('x') => the template refuses the conversation: x
            raise_exception() => raise_exception is called without its argument message
            raise_exception(5) => the template refuses the conversation: 5
            strftime_now() => strftime_now is called without its argument format
            strftime_now(5) => a value of type int cannot be the argument format
            namespace(1) => a value of type int cannot be iterated
            namespace([1]) => a value of type int cannot be iterated""")
    void isRefused(String expression, String fault) {
        assertThat(Templates.fault(expression)).isEqualTo(fault);
    }
}
