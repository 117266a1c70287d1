package io.trainer4j.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;

/** {@code select}, {@code reject}, {@code selectattr}, {@code rejectattr} and {@code map}. */
class SelectionFiltersTest {
    @ParameterizedTest
    @Rows("""
            [0, 1, '', 'a', none] | select | list => [1, 'a']
            [0, 1, '', 'a', none] | reject | list => [0, '', None]
            [1, 2, 3] | select('odd') | list => [1, 3]
            [1, 2, 3] | reject('odd') | list => [2]
            [1, 2, 3] | select('gt', 1) | list => [2, 3]
            [1, 2, 3] | select('>', 1) | list => [2, 3]
            [1, 2, 3] | reject('in', [1, 2]) | list => [3]
            ['a', 1] | select('string') | list => ['a']
            'abca' | select('ne', 'a') | list => ['b', 'c']
            {'a': 1, 'b': 2} | select('eq', 'a') | list => ['a']
            missing | select | list => []
            none | select('odd') | list => []
            [] | select | list => []
            0 | select | list => []
            [1, 2] | select('divisibleby', 2) | first => 2
            [1, 2] | select('divisibleby', num=2) | list => [2]
            [missing, 1] | select('defined') | list => [1]""")
    void select(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            [{'a': 1}, {'a': 0}, {}] | selectattr('a') | list => [{'a': 1}]
            [{'a': 1}, {'a': 0}, {}] | rejectattr('a') | list => [{'a': 0}, {}]
            [{'a': 1}, {'a': 2}] | selectattr('a', 'eq', 2) | list => [{'a': 2}]
            [{'a': 1}, {'a': 2}] | selectattr('a', '==', 2) | list => [{'a': 2}]
            [{'a': 1}, {}] | selectattr('a', 'defined') | list => [{'a': 1}]
            [{'a': 1}, {}] | rejectattr('a', 'undefined') | list => [{'a': 1}]
            [{'a': {'b': 1}}] | selectattr('a.b', 'equalto', 1) | list => [{'a': {'b': 1}}]
            [[1, 2], [3, 4]] | selectattr(0, 'gt', 1) | list => [[3, 4]]
            [{'r': 'user'}, {'r': 'system'}] | selectattr('r', 'in', ['user']) | map(attribute='r') | list => ['user']
            [{'a': none}] | selectattr('a', 'none') | list | length => 1""")
    void selectattr(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            ['a', 'b'] | map('upper') | list => ['A', 'B']
            ['1', 'x'] | map('int', 5) | list => [1, 5]
            ['1', 'x'] | map('int', default=7) | list => [1, 7]
            [{'a': 1}, {'a': 2}] | map(attribute='a') | list => [1, 2]
            [{'a': 1}, {}] | map(attribute='a') | list => [1, Undefined]
            [{'a': 1}, {}] | map(attribute='a', default=0) | list => [1, 0]
            [{'a': {'b': 1}}, {}, {'a': {}}] | map(attribute='a.b', default='d') | list => [1, 'd', 'd']
            [[1, 2], [3]] | map(attribute=0) | list => [1, 3]
            [[1, 2], [3]] | map('first') | list => [1, 3]
            [[1, 2], [3]] | map('join', '-') | list => ['1-2', '3']
            [[1, 2], [3]] | map('length') | sum => 3
            ['a'] | map('replace', 'a', 'b') | first => 'b'
            ['b', 'a'] | map('upper') | sort => ['A', 'B']
            none | map('upper') | list => []
            missing | map('upper') | list => []
            'ab' | map('upper') | join => 'AB'
            {'a': 1} | map('upper') | list => ['A']
            ['a,b'] | map('attr', 'x') | list => [Undefined]""")
    void map(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            5 | select | list => a value of type int cannot be iterated
            [1] | select('frob') | list => there is no test 'frob' in this version
            [1] | selectattr | list => the filter is called without the name of an attribute
            [1] | map | list => map without a filter is called without its argument attribute
            [1] | map('frob') | list => there is no filter 'frob' in this version
            [1] | map(frob=1) | list => map without a filter is called without its argument attribute
            ['a'] | map('int', 1, 2, 3) | list => int takes 2 arguments at most and got 3
            [{}] | map(attribute='a.b') | list => a value of type dict has no attribute 'a'
            ['a'] | select('odd') | list => a value of type str cannot be divided
            [1] | select('odd', 1) | list => the test odd takes 0 arguments at most and got 1
            [1] | select(5) | list => a value of type int cannot be the name of a test""")
    void isRefused(String expression, String fault) {
        assertThat(Templates.fault(expression)).isEqualTo(fault);
    }
}
