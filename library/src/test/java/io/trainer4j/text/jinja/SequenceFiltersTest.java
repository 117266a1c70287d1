package io.trainer4j.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;

/** Filters over the items of lists and dicts. */
class SequenceFiltersTest {
    @ParameterizedTest
    @Rows("""
            [1, 2] | first => 1
            [] | first => Undefined
            'abc' | first => 'a'
            {'a': 1} | first => 'a'
            missing | first => Undefined
            {'a': 1}.items() | first => ('a', 1)
            [1, 2] | map('string') | first => '1'
            [1, 2] | last => 2
            [] | last => Undefined
            'abc' | last => 'c'
            {'a': 1, 'b': 2} | last => 'b'
            {'a': 1, 'b': 2}.values() | last => 2
            range(5) | last => 4
            missing | last => Undefined""")
    void ends(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            'ab' | list => ['a', 'b']
            {'a': 1} | list => ['a']
            missing | list => []
            (1, 2) | list => [1, 2]
            range(3) | list => [0, 1, 2]
            {'a': 1}.items() | list => [('a', 1)]""")
    void list(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            'abc' | reverse => 'cba'
            'a🤗' | reverse => '🤗a'
            [1, 2, 3] | reverse | list => [3, 2, 1]
            (1, 2) | reverse | list => [2, 1]
            range(3) | reverse | list => [2, 1, 0]
            {'a': 1, 'b': 2} | reverse | list => ['b', 'a']
            {'a': 1, 'b': 2}.items() | reverse | list => [('b', 2), ('a', 1)]
            [3, 1] | map('string') | reverse | list => ['1', '3']
            '' | reverse => ''""")
    void reverse(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            {'a': 1, 'b': 2} | items | list => [('a', 1), ('b', 2)]
            {} | items | list => []
            missing | items | list => []""")
    void items(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            {'b': 2, 'A': 1, 'a': 0} | dictsort => [('A', 1), ('a', 0), ('b', 2)]
            {'b': 2, 'A': 1} | dictsort(true) => [('A', 1), ('b', 2)]
            {'b': 1, 'a': 2} | dictsort(by='value') => [('b', 1), ('a', 2)]
            {'b': 1, 'a': 2} | dictsort(reverse=true) => [('b', 1), ('a', 2)]
            {'b': 1, 'a': 2} | dictsort(false, 'value', true) => [('a', 2), ('b', 1)]
            {2: 'b', 1: 'c'} | dictsort => [(1, 'c'), (2, 'b')]
            {} | dictsort => []""")
    void dictsort(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            [3, 1, 2] | sort => [1, 2, 3]
            [3, 1, 2] | sort(true) => [3, 2, 1]
            ['b', 'A', 'a', 'B'] | sort => ['A', 'a', 'b', 'B']
            ['b', 'A', 'a', 'B'] | sort(case_sensitive=true) => ['A', 'B', 'a', 'b']
            ['b', 'A', 'a', 'B'] | sort(reverse=true) => ['b', 'B', 'A', 'a']
            'cab' | sort => ['a', 'b', 'c']
            {'b': 1, 'a': 2} | sort => ['a', 'b']
            {'b': 1, 'a': 2}.items() | sort => [('a', 2), ('b', 1)]
            (2, 1) | sort => [1, 2]
            range(3) | sort(true) => [2, 1, 0]
            missing | sort => []
            [1.5, 1, true, 0] | sort => [0, 1, True, 1.5]
            [[2, 'a'], [1, 'b']] | sort => [[1, 'b'], [2, 'a']]
            [[2, 'a'], [1, 'b']] | sort(attribute=1) => [[2, 'a'], [1, 'b']]
            [{'n': 'b'}, {'n': 'A'}] | sort(attribute='n') => [{'n': 'A'}, {'n': 'b'}]
            [{'n': 'b'}, {'n': 'A'}] | sort(attribute='n', case_sensitive=true) => [{'n': 'A'}, {'n': 'b'}]
            [{'n': {'k': 2}}, {'n': {'k': 1}}] | sort(attribute='n.k') => [{'n': {'k': 1}}, {'n': {'k': 2}}]
            [{'a': 1, 'b': 2}, {'a': 1, 'b': 1}, {'a': 0, 'b': 3}] | sort(attribute='a,b') | map(attribute='b') | list => [3, 1, 2]
            [{'a': 1, 'i': 0}, {'a': 1, 'i': 1}, {'a': 0, 'i': 2}] | sort(reverse=true, attribute='a') | map(attribute='i') | list => [0, 1, 2]
            [[1, 2], [0, 5]] | sort(attribute='0') => [[0, 5], [1, 2]]""")
    void sort(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            [1, 2, 1] | unique | list => [1, 2]
            ['a', 'A', 'b'] | unique | list => ['a', 'b']
            ['a', 'A', 'b'] | unique(true) | list => ['a', 'A', 'b']
            'abca' | unique | list => ['a', 'b', 'c']
            [1, 1.0, true, 2] | unique | list => [1, 2]
            [{'n': 1}, {'n': 1}, {'n': 2}] | unique(attribute='n') | list => [{'n': 1}, {'n': 2}]
            [(1, 2), (1, 2)] | unique | list => [(1, 2)]
            [none, none] | unique | list => [None]
            [(1, 2), (1.0, true), (true, 2.0)] | unique | list => [(1, 2), (1.0, True)]
            [missing, other, 0, false, 0.5, none] | unique | list => [Undefined, 0, 0.5, None]
            range(99999) | unique | list | length => 99999
            missing | unique | list => []""")
    void unique(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            [3, 1, 2] | min => 1
            [3, 1, 2] | max => 3
            ['b', 'A'] | min => 'A'
            ['b', 'A'] | max => 'b'
            ['b', 'A'] | min(true) => 'A'
            ['b', 'A', 'a'] | max(case_sensitive=true) => 'b'
            [] | min => Undefined
            [] | max => Undefined
            'bca' | max => 'c'
            [1, 1.0] | min => 1
            [1, 1.0] | max => 1
            [{'n': 2}, {'n': 1}] | min(attribute='n') => {'n': 1}
            [{'n': 2}, {'n': 1}] | max(attribute='n') => {'n': 2}
            {'a': 1, 'b': 0} | max => 'b'
            {'a': 3, 'b': 4}.values() | max => 4""")
    void extremes(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            [1, 2, 3] | sum => 6
            [] | sum => 0
            [1.5, 1] | sum => 2.5
            [true, true] | sum => 2
            [1, 2] | sum(start=10) => 13
            [[1], [2]] | sum(start=[]) => [1, 2]
            [(1,), (2,)] | sum(start=()) => (1, 2)
            [{'n': 2}, {'n': 3}] | sum(attribute='n') => 5
            [{'n': 2}, {'n': 3}] | sum('n', 1) => 6
            [0.1, 0.2, 0.3] | sum => 0.6000000000000001
            missing | sum => 0""")
    void sum(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            range(5) | batch(2) | list => [[0, 1], [2, 3], [4]]
            range(5) | batch(2, 'x') | list => [[0, 1], [2, 3], [4, 'x']]
            range(4) | batch(2, 'x') | list => [[0, 1], [2, 3]]
            [] | batch(2) | list => []
            [1] | batch(3, 0) | list => [[1, 0, 0]]
            range(3) | batch(2, none) | list => [[0, 1], [2]]
            range(3) | batch(linecount=2, fill_with='-') | list => [[0, 1], [2, '-']]
            range(3) | batch(99999999) | list => [[0, 1, 2]]
            range(3) | batch(0) | list => [[], [0, 1, 2]]
            range(3) | batch(-1) | list => [[0, 1, 2]]
            'abc' | batch(2) | list => [['a', 'b'], ['c']]""")
    void batch(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            range(5) | slice(2) | list => [[0, 1, 2], [3, 4]]
            range(5) | slice(3) | list => [[0, 1], [2, 3], [4]]
            range(5) | slice(3, 'x') | list => [[0, 1], [2, 3], [4, 'x']]
            range(2) | slice(3) | list => [[0], [1], []]
            range(2) | slice(3, 'x') | list => [[0], [1], ['x']]
            range(6) | slice(3, 'x') | list => [[0, 1, 'x'], [2, 3, 'x'], [4, 5, 'x']]
            [] | slice(2) | list => [[], []]
            'abcd' | slice(slices=2) | list => [['a', 'b'], ['c', 'd']]
            [1] | slice(-1) | list => []""")
    void slice(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            [{'c': 'x', 'n': 1}, {'c': 'y', 'n': 2}, {'c': 'x', 'n': 3}] | groupby('c') | list => [('x', [{'c': 'x', 'n': 1}, {'c': 'x', 'n': 3}]), ('y', [{'c': 'y', 'n': 2}])]
            [{'c': 'b'}, {'c': 'A'}, {'c': 'B'}] | groupby('c') | list => [('A', [{'c': 'A'}]), ('b', [{'c': 'b'}, {'c': 'B'}])]
            [{'c': 'b'}, {'c': 'A'}, {'c': 'B'}] | groupby('c', case_sensitive=true) | list => [('A', [{'c': 'A'}]), ('B', [{'c': 'B'}]), ('b', [{'c': 'b'}])]
            [{'c': {'d': 2}}, {'c': {'d': 1}}] | groupby('c.d') | map('first') | list => [1, 2]
            [{'c': 1}, {}] | groupby('c', default=0) | map(attribute='grouper') | list => [0, 1]
            [{'c': 1}, {'c': 1}] | groupby('c') | map(attribute='list') | list => [[{'c': 1}, {'c': 1}]]
            [[1, 'a'], [1, 'b'], [0, 'c']] | groupby(0) | list => [(0, [[0, 'c']]), (1, [[1, 'a'], [1, 'b']])]
            [] | groupby('x') | list => []
            ([{'c': 1}] | groupby('c'))[0].grouper => 1
            ([{'c': 1}] | groupby('c'))[0][1] => [{'c': 1}]
            ([{'c': 1}] | groupby('c'))[0] => (1, [{'c': 1}])""")
    void groupby(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            missing | default('d') => 'd'
            missing | default => ''
            missing | d(5) => 5
            none | default('d') => None
            none | default('d', true) => 'd'
            '' | d('x', boolean=true) => 'x'
            0 | default('x', true) => 'x'
            5 | default('x', true) => 5
            {}.a | default('none') => 'none'
            [][0] | default(default_value=1) => 1
            missing | default(missing) => Undefined""")
    void defaults(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            {'a': 1} | attr('a') => Undefined
            {'a': 1} | attr('get') is callable => True
            'a' | attr('upper') is callable => True
            'a' | attr('frob') => Undefined
            namespace(x=1) | attr('x') => 1
            5 | attr('a') => Undefined
            'a' | attr('__class__') => Undefined""")
    void attr(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            5 | list => a value of type int cannot be iterated
            none | first => a value of type None cannot be iterated
            5 | first => a value of type int cannot be iterated
            5 | last => a value of type int cannot be iterated
            [1] | map('string') | last => a value of type generator cannot be read from its end
            none | reverse => a value of type None cannot be iterated
            5 | reverse => a value of type int cannot be iterated
            'a' | items | list => a value of type str has no items
            [1] | items | list => a value of type list has no items
            [1] | dictsort => a value of type list has no items to sort
            {'a': 1} | dictsort(by='x') => dictsort sorts by 'key' or by 'value'
            {'a': 1, 1: 2} | dictsort => '<' does not work between values of type int and str
            [1, 'a'] | sort => '<' does not work between values of type str and int
            [none, 1] | sort => '<' does not work between values of type int and None
            5 | sort => a value of type int cannot be iterated
            [1, 'a'] | min => '<' does not work between values of type str and int
            5 | max => a value of type int cannot be iterated
            ['a'] | sum => '+' does not work between values of type int and str
            ['a', 'b'] | sum(start='') => sum does not add strings; the filter join does
            [{}] | sum(attribute='n') => a value of type dict has no attribute 'n'
            5 | sum => a value of type int cannot be iterated
            [1] | batch => batch is called without its argument linecount
            5 | batch(2) | list => a value of type int cannot be iterated
            [1] | slice(0) | list => a number is divided by zero
            [1] | slice | list => slice is called without its argument slices
            [{}] | groupby => groupby is called without its argument attribute
            [{}, {'a': 1}] | groupby('a') => a value of type dict has no attribute 'a'
            [[1]] | unique | list => a value of type list cannot be a key
            [1] | first(2) => first takes 0 arguments at most and got 1
            missing.x | default(1) => 'missing' is undefined""")
    void isRefused(String expression, String fault) {
        assertThat(Templates.fault(expression)).isEqualTo(fault);
    }
}
