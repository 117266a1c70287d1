package io.trainer4j.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;

/** Strings that the filter safe has marked. */
class SafeTextTest {
    @ParameterizedTest
    @Rows("""
            ('<A>' | safe).title() => Markup('<A>')
            ('<a>' | safe).upper() => Markup('<A>')
            ('<a>' | safe).capitalize() => Markup('<a>')
            ('a-b' | safe).partition('-') => (Markup('a'), Markup('-'), Markup('b'))
            ('a\\nb' | safe).splitlines() => [Markup('a'), Markup('b')]
            ('a b' | safe).split() => [Markup('a'), Markup('b')]
            ('a' | safe).center(5) => Markup('  a  ')
            ('ab' | safe).removeprefix('a') => Markup('b')
            ('ab' | safe).find('b') => 1
            ('ab' | safe).isalpha() => True
            ('{} {x}' | safe).format('<', x='>') => Markup('&lt; &gt;')
            ('{}' | safe).format('<' | safe) => Markup('<')
            ('{}' | safe).format(1) => Markup('1')
            ('%s %s' | safe) % ('<', 1) => Markup('&lt; 1')
            ('%s' | safe) % ('<' | safe) => Markup('<')
            ('%(a)s' | safe) % {'a': '<'} => Markup('&lt;')
            ('-' | safe).join(['<', '>' | safe]) => Markup('&lt;->')
            ('-' | safe).join(('<', 'a')) => Markup('&lt;-a')
            ('ab' | safe)[::-1] => Markup('ba')
            ('ab' | safe)[5:] => Markup('')
            ('a' | safe).frob is defined => False
            ('a' | safe) in ['a'] => True
            {'a': 1}['a' | safe] => 1
            {('a' | safe): 1}['a'] => 1
            ('b' | safe) > 'a' => True
            ('a' | safe) | upper | lower => Markup('a')
            ('a' | safe) | title => 'A'
            (' a ' | safe) | trim => Markup('a')
            ('a' | safe) | replace('a', '<') => '<'
            ('a' | safe) | center(3) => Markup(' a ')
            ('<' | safe) | string => Markup('<')
            ('<' | safe) | join('-') => '<'
            ['<' | safe, '<'] | join => '<<'
            3 * ('<' | safe) => Markup('<<<')
            ('<' | safe) + '&' + ('>' | safe) => Markup('<&amp;>')
            ('a' | e) is string => True
            ('ab' | safe) | length => 2
            ('ab' | safe) | first => 'a'
            ('ab' | safe) | reverse => Markup('ba')
            ('b a' | safe) | sort => [' ', 'a', 'b']
            ('<b>x</b> &lt;' | safe) | striptags => 'x <'
            '&#39;&quot;&amp;lt;' | striptags => '\\'"&lt;'
            '<!-- <b> -->a  <i⏎>b' | striptags => 'a b'""")
    void methods(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }
}
