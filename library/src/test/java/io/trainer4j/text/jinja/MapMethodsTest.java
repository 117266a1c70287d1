package io.trainer4j.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;

/** The methods of a dict, {@code dict()} and how keys are found. */
class MapMethodsTest {
    @ParameterizedTest
    @Rows("""
            {'a': 1}.get('a') => 1
            {'a': 1}.get('b') => None
            {'a': 1}.get('b', 5) => 5
            {'a': none}.get('a', 5) => None
            {1: 'x'}.get(1.0) => 'x'
            {1: 'x'}.get(true) => 'x'
            {'a': 1, 'b': 2}.items() | list => [('a', 1), ('b', 2)]
            {'a': 1, 'b': 2}.keys() | list => ['a', 'b']
            {'a': 1, 'b': 2}.values() | list => [1, 2]
            {'a': 1}.copy() => {'a': 1}
            {'a': 1}.items() | length => 1
            {'a': 1}.keys() | first => 'a'
            'a' in {'a': 1}.copy() => True
            {1: 'a', 1.0: 'b', true: 'c'} => {1: 'c'}
            {'a': 1, 'a': 2, 'b': 3} => {'a': 2, 'b': 3}
            dict(a=1, b=2) => {'a': 1, 'b': 2}
            dict({'a': 1}, b=2) => {'a': 1, 'b': 2}
            dict([('a', 1), ('b', 2)]) => {'a': 1, 'b': 2}
            dict([['a', 1]], a=5) => {'a': 5}
            dict([(1, 2)]) => {1: 2}
            dict() => {}
            dict(**{'a': 1}) => {'a': 1}
            dict({1: 2}) => {1: 2}""")
    void methods(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            {'a': 1}.get() => get is called without its argument key
            {'a': 1}.get('a', 1, 2) => get takes 2 arguments at most and got 3
            {'a': 1}.get([]) => a value of type list cannot be a key
            {'a': 1}.items(1) => items takes 0 arguments at most and got 1
            {'a': 1}.popitem() => 'popitem' of a value of type dict is out of bounds for templates
            {[1]: 2} => a value of type list cannot be a key
            {{}: 2} => a value of type dict cannot be a key
            {([1],): 2} => a value of type tuple cannot be a key
            dict(1) => a value of type int cannot be iterated
            dict([1]) => a value of type int cannot be iterated
            dict([(1, 2, 3)]) => dict needs pairs of a key and a value
            dict({}, {}) => dict takes one positional argument at most
            dict([([], 1)]) => a value of type list cannot be a key""")
    void isRefused(String expression, String fault) {
        assertThat(Templates.fault(expression)).isEqualTo(fault);
    }
}
