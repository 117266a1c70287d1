package io.trainer4j.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;

/** What a template cannot reach. */
class SandboxTest {
    @ParameterizedTest
    @Rows("""
            {{ ''.__class__.__mro__ }} => 1:16 '__class__' of a value of type str is out of bounds for templates
            {{ [].__class__.__base__.__subclasses__() }} => 1:16 '__class__' of a value of type list is out of bounds for templates
            {{ ''['__class__']['__mro__'] }} => 1:19 '__class__' of a value of type str is out of bounds for templates
            {{ ('' | attr('__class__')).x }} => 1:28 '__class__' of a value of type str is out of bounds for templates
            {{ ['' ] | map(attribute='__class__.__mro__') | list }} => 1:10 '__class__' of a value of type str is out of bounds for templates
            {{ range.__globals__.x }} => 1:21 '__globals__' of a value of type function is out of bounds for templates
            {{ (range | attr('__globals__')).x }} => 1:33 '__globals__' of a value of type function is out of bounds for templates
            {{ '{0.__class__.__mro__}'.format('') }} => 1:34 '__class__' of a value of type str is out of bounds for templates
            {{ '{a.__class__.x}'.format(a=1) }} => 1:28 '__class__' of a value of type int is out of bounds for templates
            {{ '%(a)s'.__mod__({'a': 1}) }} => 1:19 '__mod__' of a value of type str is out of bounds for templates
            {% macro f() %}{% endmacro %}{{ f.__call__() }} => 1:43 '__call__' of a value of type function is out of bounds for templates
            {{ namespace().__dict__.x }} => 1:24 '__dict__' of a value of type namespace is out of bounds for templates
            {{ [1].extend([2]) }} => 1:14 'extend' of a value of type list is out of bounds for templates
            {{ [1].insert(0, 1) }} => 1:14 'insert' of a value of type list is out of bounds for templates
            {{ [1].remove(1) }} => 1:14 'remove' of a value of type list is out of bounds for templates
            {{ [1].reverse() }} => 1:15 'reverse' of a value of type list is out of bounds for templates
            {{ {}.popitem() }} => 1:14 'popitem' of a value of type dict is out of bounds for templates
            {% for a in [1] %}{{ loop.__class__.x }}{% endfor %} => 1:36 '__class__' of a value of type loop is out of bounds for templates
            {{ self.x.y }} => 1:8 'self' is undefined
            {{ open('x') }} => 1:8 'open' is undefined
            {{ eval('1') }} => 1:8 'eval' is undefined
            {{ os.system('x') }} => 1:6 'os' is undefined""")
    void isRefused(String template, String fault) {
        assertThat(Templates.placedFault(template)).isEqualTo(fault);
    }

    @ParameterizedTest
    @Rows("""
            ''.__class__ => Undefined
            [].__init__ => Undefined
            {}.__len__ => Undefined
            range.__name__ => Undefined
            '{0.__class__}'.format(1) => ''
            '{0[__class__]}'.format({}) => ''
            'a' | attr('__len__') => Undefined
            ['a'] | map(attribute='__class__') | list => [Undefined]
            [].append => Undefined
            {}.pop => Undefined
            {}['pop'] => Undefined
            []['sort'] => Undefined""")
    void isUndefined(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }
}
