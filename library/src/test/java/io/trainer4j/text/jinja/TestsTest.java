package io.trainer4j.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;

/** The tests behind {@code is}. */
class TestsTest {
    @ParameterizedTest
    @Rows("""
            [1 is number, 1.5 is number, true is number, '1' is number, none is number] => [True, True, True, False, False]
            [1 is integer, true is integer, 1.0 is integer, '1' is integer] => [True, False, False, False]
            [1.0 is float, 1 is float, ('nan' | float) is float] => [True, False, True]
            [true is boolean, 1 is boolean, none is boolean] => [True, False, False]
            ['a' is string, ('a' | safe) is string, 1 is string, missing is string] => [True, True, False, False]
            [{} is mapping, [] is mapping, namespace() is mapping, missing is mapping] => [True, False, False, False]
            [[] is sequence, () is sequence, 'a' is sequence, {} is sequence, range(2) is sequence, missing is sequence] => [True, True, True, True, True, True]
            [1 is sequence, none is sequence, {}.items() is sequence, ([] | map('int')) is sequence] => [False, False, False, False]
            [[] is iterable, 'a' is iterable, {} is iterable, {}.keys() is iterable, ([] | map('int')) is iterable, missing is iterable] => [True, True, True, True, True, True]
            [1 is iterable, none is iterable, true is iterable] => [False, False, False]
            [range is callable, 'a'.upper is callable, 'a' is callable, missing is callable, namespace is callable] => [True, True, False, True, True]""")
    void types(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            [missing is defined, none is defined, {}.a is defined, {'a': none}.a is defined] => [False, True, False, True]
            [missing is undefined, none is undefined, [][0] is undefined] => [True, False, True]
            [none is none, missing is none, 0 is none, '' is none] => [True, False, False, False]
            [true is true, 1 is true, 'a' is true, none is true] => [True, False, False, False]
            [false is false, 0 is false, missing is false] => [True, False, False]
            [1 is odd, 2 is odd, -1 is odd, -3 is odd, 1.0 is odd, true is odd] => [True, False, True, True, True, True]
            [1 is even, 2 is even, 0 is even, -2 is even, 2.0 is even, 1.5 is even] => [False, True, True, True, True, False]
            [6 is divisibleby 3, 6 is divisibleby(4), 0 is divisibleby 5, 7.5 is divisibleby 2.5] => [True, False, True, True]
            ['a' is lower, 'aB' is lower, '1' is lower, '' is lower, 'a1' is lower, 5 is lower] => [True, False, False, False, True, False]
            ['A' is upper, 'aB' is upper, '1' is upper, 'É' is upper, none is upper, missing is upper] => [True, False, False, True, False, False]
            ['a' is escaped, ('a' | safe) is escaped, ('a' | e) is escaped] => [False, True, True]
            ['upper' is filter, 'frob' is filter, 'd' is filter, 1 is filter] => [True, False, True, False]
            ['odd' is test, 'frob' is test, '==' is test, 'defined' is test] => [True, False, True, True]""")
    void values(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            [1 is eq 1, 1 is equalto 1.0, 'a' is eq('b')] => [True, True, False]
            [1 is ne 1, 1 is ne(2)] => [False, True]
            [2 is gt 1, 2 is greaterthan 1, 2 is gt(2)] => [True, True, False]
            [2 is ge 2, 2 is ge 3] => [True, False]
            [1 is lt 2, 1 is lessthan 1] => [True, False]
            [1 is le 1, 2 is le 1] => [True, False]
            [1 is in [1], 'a' is in 'abc', 'a' is in {'b': 1}, 1 is in([2, 1])] => [True, True, False, True]
            [1 is sameas 1, 1 is sameas true, 1 is sameas 1.0, none is sameas none, 'a' is sameas 'a'] => [True, False, False, True, True]
            [true is sameas true, false is sameas none, [] is sameas [], missing is sameas none] => [True, False, False, False]
            [1 is not odd, 1 is not none, missing is not defined, not 1 is odd, not 1 is not odd] => [False, True, True, False, True]""")
    void comparisons(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            1 + 1 is even => 1
            -1 is odd => True
            2 is even and 3 is odd => True
            2 is even or missing.x => True
            1 is eq 1 == true => True
            'ab' | length is eq 2 => True
            'a' is string ~ 'x' => 'Truex'
            3 is divisibleby 3 | string => 'True'
            missing is defined and missing.x => False
            [1, 2] is eq [1, 2] => True
            {'a': 1} is eq {'a': 1} => True
            'x' is in ['x', 'y'] => True
            'x' is not in ['x'] => False
            1 if 2 is even else 3 => 1
            1 is divisibleby(2) if true else 0 => False""")
    void binding(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            1 is frob => there is no test 'frob' in this version
            1 is divisibleby 0 => a number is divided by zero
            1 is divisibleby => the test divisibleby is called without its argument num
            1 is odd 2 => the test odd takes 0 arguments at most and got 1
            'a' is odd => a value of type str cannot be divided
            none is even => a value of type None cannot be divided
            missing is odd => 'missing' is undefined
            missing is divisibleby 2 => 'missing' is undefined
            1 is in 2 => a value of type int cannot be iterated
            1 is gt 'a' => '>' does not work between values of type int and str
            1 is eq => the test eq is called without its argument b
            1 is eq(1, 2) => the test eq takes 1 arguments at most and got 2
            1 is number is string => tests with 'is' cannot be chained""")
    void isRefused(String expression, String fault) {
        assertThat(Templates.fault(expression)).isEqualTo(fault);
    }
}
