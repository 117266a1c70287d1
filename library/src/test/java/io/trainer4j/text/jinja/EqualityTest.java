package io.trainer4j.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;

/** {@code ==}, the order of values, and {@code in}. */
class EqualityTest {
    @ParameterizedTest
    @Rows("""
            1 == 1.0 => True
            true == 1 => True
            false == 0.0 => True
            true == 2 => False
            1 == '1' => False
            'a' == 'a' => True
            ('a' | safe) == 'a' => True
            none == 0 => False
            none == false => False
            none == missing => False
            missing == other => True
            missing == '' => False
            [] == () => False
            [1, [2]] == [1.0, [2]] => True
            [1] == [1, 2] => False
            (1, 2) == (1, 2) => True
            {'a': 1, 'b': 2} == {'b': 2, 'a': 1} => True
            {'a': 1} == {'a': true} => True
            {'a': 1} == {'a': 2} => False
            {'a': 1} == {'b': 1} => False
            {1: 'a'} == {1.0: 'a'} => True
            {'a': none} == {'b': none} => False
            range(3) == range(3) => True
            range(3) == range(0, 3, 1) => True
            range(0) == range(5, 2) => True
            range(0, 3, 2) == range(0, 4, 2) => True
            range(3) == [0, 1, 2] => False
            {'a': 1}.keys() == {'a': 2}.keys() => True
            {'a': 1, 'b': 2}.keys() == {'b': 2, 'a': 1}.keys() => True
            {'a': 1}.items() == {'a': 1}.items() => True
            {'a': 1}.values() == {'a': 1}.values() => False
            namespace(a=1) == namespace(a=1) => False
            ('nan' | float) == ('nan' | float) => False
            ('nan' | float) != ('nan' | float) => True
            ('nan' | float) == 1 => False
            0.0 == -0.0 => True
            9007199254740993 == 9007199254740992.0 => False
            9007199254740993 != 9007199254740992.0 => True
            1 != 1 => False
            'a' != 'A' => True
            [1] != (1,) => True""")
    void equality(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            1 < 2.5 => True
            2 <= 2 => True
            2.0 >= 2 => True
            true > false => True
            true < 2 => True
            'a' < 'b' => True
            'Z' < 'a' => True
            'a' < 'ab' => True
            '' < 'a' => True
            'é' > 'z' => True
            [1, 2] < [1, 3] => True
            [1, 2] < [1, 2, 0] => True
            [] < [0] => True
            (1, 'a') < (1, 'b') => True
            [[1]] < [[2]] => True
            [none, 1] < [none, 2] => True
            ('nan' | float) < 1 => False
            ('nan' | float) >= 1 => False
            1 > ('nan' | float) => False
            ('inf' | float) > 9223372036854775807 => True
            9007199254740993 > 9007199254740992.0 => True
            1 < 2 < 3 => True
            1 < 3 < 2 => False
            3 > 2 >= 2 != 1 => True
            1 == 1.0 == true => True
            1 < 2 in [2] => True
            1 < 2 not in [2] => False""")
    void order(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            1 < 'a' => '<' does not work between values of type int and str
            'a' >= 1 => '>=' does not work between values of type str and int
            none < none => '<' does not work between values of type None and None
            [] < () => '<' does not work between values of type list and tuple
            [1] < ['a'] => '<' does not work between values of type int and str
            {} < {} => '<' does not work between values of type dict and dict
            missing < 1 => 'missing' is undefined
            1 < missing => 'missing' is undefined
            (1,) > none => '>' does not work between values of type tuple and None
            range(2) < range(3) => '<' does not work between values of type range and range""")
    void orderIsRefused(String expression, String fault) {
        assertThat(Templates.fault(expression)).isEqualTo(fault);
    }

    @ParameterizedTest
    @Rows("""
            1 in [1, 2] => True
            1.0 in [1] => True
            true in [1] => True
            '1' in [1] => False
            [1] in [[1]] => True
            none in [none] => True
            missing in [1] => False
            missing in [missing] => True
            2 in (1, 2) => True
            2 in range(5) => True
            7 in range(5) => False
            2.0 in range(5) => True
            'a' in range(5) => False
            'b' in 'abc' => True
            '' in 'abc' => True
            'ac' in 'abc' => False
            ('b' | safe) in 'abc' => True
            'a' in {'a': 1} => True
            1 in {'a': 1} => False
            1 in {1: 1} => True
            1.0 in {1: 1} => True
            true in {1: 1} => True
            'a' in {'a': 1}.keys() => True
            ('a', 1) in {'a': 1}.items() => True
            1 in {'a': 1}.values() => True
            'a' in missing => False
            'a' not in ['b'] => True
            'a' not in 'abc' => False
            1 in (['1', '2'] | map('int')) => True""")
    void membership(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            1 in 'abc' => 'in' does not work between values of type int and str
            none in 'abc' => 'in' does not work between values of type None and str
            missing in 'abc' => 'missing' is undefined
            1 in 1 => a value of type int cannot be iterated
            1 in none => a value of type None cannot be iterated
            'a' in true => a value of type bool cannot be iterated
            [1] in {'a': 1} => a value of type list cannot be a key
            {} in {'a': 1} => a value of type dict cannot be a key""")
    void membershipIsRefused(String expression, String fault) {
        assertThat(Templates.fault(expression)).isEqualTo(fault);
    }
}
