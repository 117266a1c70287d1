package io.trainer4j.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;

/** The methods of lists, tuples and ranges. */
class ListMethodsTest {
    @ParameterizedTest
    @Rows("""
            [1, 2, 1].count(1) => 2
            [1, 1.0, true, '1'].count(1) => 3
            [].count(1) => 0
            (1, 2).count(2) => 1
            range(5).count(3) => 1
            [1, 2, 1].index(1) => 0
            ['a', 'b'].index('b') => 1
            [1, 2, 1].index(1, 1) => 2
            [1, 2, 1].index(1, 1, 3) => 2
            [1, 2, 1].index(1, -1) => 2
            (1, 2).index(2) => 1
            range(2, 9).index(4) => 2
            [1, 2].copy() => [1, 2]
            (1, 2).copy => Undefined""")
    void methods(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            [1].index(2) => the list does not hold the value whose index is asked for
            [1, 2].index(1, 1) => the list does not hold the value whose index is asked for
            (1,).index('a') => the list does not hold the value whose index is asked for
            [1].count() => count is called without its argument value
            [1].copy(1) => copy takes 0 arguments at most and got 1
            [1].append(2) => 'append' of a value of type list is out of bounds for templates
            [1].extend([2]) => 'extend' of a value of type list is out of bounds for templates
            [1].insert(0, 1) => 'insert' of a value of type list is out of bounds for templates
            [1].remove(1) => 'remove' of a value of type list is out of bounds for templates
            [1].reverse() => 'reverse' of a value of type list is out of bounds for templates
            [1].clear() => 'clear' of a value of type list is out of bounds for templates""")
    void isRefused(String expression, String fault) {
        assertThat(Templates.fault(expression)).isEqualTo(fault);
    }
}
