package io.trainer4j.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;

/** Attributes, items and slices. */
class MembersTest {
    @ParameterizedTest
    @Rows("""
            'abc'[0] => 'a'
            'abc'[-1] => 'c'
            'a🤗b'[1] => '🤗'
            'a🤗b'[-1] => 'b'
            'abc'[true] => 'b'
            'abc'[3] => Undefined
            'abc'[-4] => Undefined
            'abc'['x'] => Undefined
            'abc'[1.0] => Undefined
            'abc'[none] => Undefined
            [1, 2][1] => 2
            [1, 2][-2] => 1
            [1, 2][2] => Undefined
            [1, 2]['0'] => Undefined
            [1, 2][missing] => Undefined
            (1, 2)[0] => 1
            range(5)[2] => 2
            range(5)[-1] => 4
            range(5, 0, -2)[1] => 3
            range(5)[5] => Undefined
            {'a': 1}['a'] => 1
            {'a': 1}['b'] => Undefined
            {1: 'x'}[1] => 'x'
            {1: 'x'}[1.0] => 'x'
            {1: 'x'}[true] => 'x'
            {1.0: 'x'}[1] => 'x'
            {true: 'x'}[1] => 'x'
            {'a': 1}[0] => Undefined
            {'a': 1}[[1]] => Undefined
            {'a': 1}[missing] => Undefined
            {none: 2}[none] => 2
            {(1, 2): 3}[(1, 2)] => 3
            {(1, 2): 3}[1, 2] => 3
            5[0] => Undefined
            none['a'] => Undefined
            true[0] => Undefined
            {'a': 1}.items()[0] => Undefined
            [[1, 2], [3, 4]].1.0 => 3
            'abc'.0 => 'a'
            {'a': {'b': [5]}}.a.b.0 => 5
            {'a': 1}.a => 1
            {'a': 1}.b => Undefined
            {'items': 1}.items is callable => True
            {'items': 1}['items'] => 1
            {'get': 1, 'x': 2}.get('x') => 2
            {'keys': 5}.keys() => dict_keys(['keys'])
            {'upper': 5}.upper => 5
            {'pop': 5}.pop => Undefined
            {'pop': 5}['pop'] => 5
            {'a': 1}['keys']() => dict_keys(['a'])
            'abc'['upper']() => 'ABC'
            [1]['index'](1) => 0
            {'_a': 1}._a => 1
            {'__class__': 1}['__class__'] => 1
            {'__class__': 1}.__class__ => Undefined
            {'__x': 1}.__x => 1
            none.x => Undefined
            'a'.missing => Undefined
            [].missing => Undefined
            (1).missing => Undefined
            {}.missing => Undefined
            {}.items().missing => Undefined
            {'a': 1}.update is defined => False
            [1].append is defined => False
            [1].sort is defined => False
            ''.__class__ is defined => False
            ''.upper.__self__ is defined => False
            namespace(a=1).a => 1
            namespace(a=1)['a'] => 1
            namespace(a=1).b => Undefined
            namespace(a=1)['b'] => Undefined
            namespace(a=1, items=2).items => 2""")
    void items(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            missing.a => 'missing' is undefined
            missing[0] => 'missing' is undefined
            missing['a'] => 'missing' is undefined
            {}.a.b => a value of type dict has no attribute 'a'
            [1][5].x => a value of type list has no element 5
            none.x.y => a value of type None has no attribute 'x'
            {'a': 1}.update({'b': 2}) => 'update' of a value of type dict is out of bounds for templates
            [1].append(2) => 'append' of a value of type list is out of bounds for templates
            [1].pop() => 'pop' of a value of type list is out of bounds for templates
            {'a': 1}.pop('a') => 'pop' of a value of type dict is out of bounds for templates
            {'a': 1}.setdefault('b', 2) => 'setdefault' of a value of type dict is out of bounds for templates
            {'a': 1}.clear() => 'clear' of a value of type dict is out of bounds for templates
            [2, 1].sort() => 'sort' of a value of type list is out of bounds for templates
            'a'.frob() => a value of type str has no attribute 'frob'
            5() => a value of type int cannot be called
            none() => a value of type None cannot be called
            ''.__class__() => '__class__' of a value of type str is out of bounds for templates""")
    void isRefused(String expression, String fault) {
        assertThat(Templates.fault(expression)).isEqualTo(fault);
    }

    @ParameterizedTest
    @Rows("""
            'abcdef'[1:3] => 'bc'
            'abcdef'[:2] => 'ab'
            'abcdef'[-2:] => 'ef'
            'abcdef'[:-2] => 'abcd'
            'abcdef'[::2] => 'ace'
            'abcdef'[1::2] => 'bdf'
            'abcdef'[::-1] => 'fedcba'
            'abcdef'[4:1:-1] => 'edc'
            'abcdef'[1:4:-1] => ''
            'abcdef'[-1:-4:-1] => 'fed'
            'abcdef'[:2:-1] => 'fed'
            'abcdef'[2::-1] => 'cba'
            'abcdef'[10:] => ''
            'abcdef'[:-10] => ''
            'abcdef'[-10:2] => 'ab'
            'abcdef'[10::-1] => 'fedcba'
            'abcdef'[::-2] => 'fdb'
            'abcdef'[::9223372036854775807] => 'a'
            'abcdef'[::-9223372036854775807] => 'f'
            'abcdef'[-9223372036854775807:9223372036854775807] => 'abcdef'
            'abcdef'[none:none:none] => 'abcdef'
            'abcdef'[true:] => 'bcdef'
            'abcdef'[:] => 'abcdef'
            'abcdef'[::] => 'abcdef'
            'a🤗b'[1:2] => '🤗'
            '🤗你a'[::-1] => 'a你🤗'
            ''[1:] => ''
            ('abc' | safe)[1:] => Markup('bc')
            [1, 2, 3][1:] => [2, 3]
            [1, 2, 3][::-1] => [3, 2, 1]
            [1, 2, 3][5:1] => []
            [1, 2, 3][-2:-1] => [2]
            [][::-1] => []
            (1, 2, 3)[:2] => (1, 2)
            (1, 2)[5:] => ()
            range(10)[2:5] => range(2, 5)
            range(10)[::-3] => range(9, -1, -3)
            range(10)[::-3] | list => [9, 6, 3, 0]
            range(3)[5:] => range(3, 3)
            [1, 2, 3][1:][0] => 2
            [1, 2, 3][(1 if true else 2):2] => [2]""")
    void slices(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            'abc'[::0] => a slice's step cannot be zero
            [1][::0] => a slice's step cannot be zero
            missing[1:] => 'missing' is undefined
            namespace(x='abc').x['a':] => a value of type str cannot be a slice's bound
            namespace(x=[1]).x[1.0:] => a value of type float cannot be a slice's bound
            namespace(x=[1]).x[::'a'] => a value of type str cannot be a slice's step
            namespace(x={'a': 1}).x[1:] => a value of type dict cannot be sliced
            namespace(x=none).x[1:] => a value of type None cannot be sliced
            namespace(x=5).x[:1] => a value of type int cannot be sliced
            {'a': 1}.items()[1:] => a value of type dict_items cannot be sliced""")
    void sliceIsRefused(String expression, String fault) {
        assertThat(Templates.fault(expression)).isEqualTo(fault);
    }
}
