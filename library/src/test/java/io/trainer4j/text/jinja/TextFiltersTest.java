package io.trainer4j.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;

/** Filters that make text, with their arguments. */
class TextFiltersTest {
    @ParameterizedTest
    @Rows("""
            'aBc' | upper => 'ABC'
            'aBc' | lower => 'abc'
            'straße' | upper => 'STRASSE'
            'ΑΣ' | lower => 'ας'
            'hELLO wORLD' | capitalize => 'Hello world'
            'ßa' | capitalize => 'Ssa'
            '' | capitalize => ''
            5 | capitalize => '5'
            none | upper => 'NONE'
            missing | lower => ''
            [1, 'A'] | lower => "[1, 'a']"
            'hello wORLD' | title => 'Hello World'
            "they're here" | title => "They're Here"
            'a-b (c) [d] {e} <f> g_h' | title => 'A-B (C) [D] {E} <F> G_h'
            '  two  spaces' | title => '  Two  Spaces'
            '1st éa' | title => '1st Éa'
            'ß ǆ' | title => 'SS Ǆ'
            'a\\nb\\tc' | title => 'A\\nB\\tC'
            5 | title => '5'
            ('a<b' | safe | upper) => Markup('A<B')""")
    void letters(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            '  a b \\n\\t' | trim => 'a b'
            '\\u00a0a\\u2003' | trim => 'a'
            'xxaxx' | trim('x') => 'a'
            'abcba' | trim('ab') => 'c'
            '  a' | trim(none) => 'a'
            'a' | trim(chars='a') => ''
            5 | trim => '5'
            none | trim => 'None'
            missing | trim => ''""")
    void trim(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            'aaa' | replace('a', 'b') => 'bbb'
            'aaa' | replace('a', 'b', 2) => 'bba'
            'aaa' | replace('a', 'b', count=1) => 'baa'
            'aaa' | replace('a', 'b', 0) => 'aaa'
            'aaa' | replace('a', 'b', none) => 'bbb'
            'aaa' | replace('a', 'b', -1) => 'bbb'
            'a1' | replace(1, 2) => 'a2'
            121 | replace(1, 'x') => 'x2x'
            'ab' | replace('', '-') => '-a-b-'
            'ab' | replace(old='a', new='c') => 'cb'
            none | replace('N', 'n') => 'none'
            'a🤗b' | replace('🤗', '') => 'ab'
            'a🤗b' | replace('', '.') => '.a.🤗.b.'""")
    void replace(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            'a\\nb' | indent => 'a\\n    b'
            'a\\nb' | indent(2) => 'a\\n  b'
            'a\\nb' | indent(2, true) => '  a\\n  b'
            'a\\nb' | indent('> ') => 'a\\n> b'
            'a\\n\\nb' | indent(2) => 'a\\n\\n  b'
            'a\\n\\nb' | indent(2, blank=true) => 'a\\n  \\n  b'
            'a\\n\\nb' | indent(2, first=true, blank=true) => '  a\\n  \\n  b'
            'a\\nb\\n' | indent(2) => 'a\\n  b\\n'
            'a\\nb\\n' | indent(2, blank=true) => 'a\\n  b\\n  '
            '' | indent => ''
            '' | indent(first=true) => '    '
            'a\\r\\nb\\rc' | indent(1) => 'a\\n b\\n c'
            'a' | indent(0) => 'a'
            'a\\nb' | indent(-1) => 'a\\nb'
            '\\na' | indent(1) => '\\n a'
            '\\n\\n' | indent(1, false, true) => '\\n \\n '""")
    void indent(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            [1, 'a', none] | join => '1aNone'
            ['a', 'b'] | join(', ') => 'a, b'
            ['a', 'b'] | join(d='-') => 'a-b'
            [1, 2] | join(0) => '102'
            'abc' | join('.') => 'a.b.c'
            {'a': 1, 'b': 2} | join(',') => 'a,b'
            [] | join(',') => ''
            (1, 2) | join('-') => '1-2'
            range(3) | join(' ') => '0 1 2'
            [missing, 'a'] | join('-') => '-a'
            missing | join('-') => ''
            [{'n': 1}, {'n': 2}] | join(',', attribute='n') => '1,2'
            [{'n': {'m': 'x'}}] | join(',', 'n.m') => 'x'
            [[1, 2], [3, 4]] | join('+', attribute=1) => '2+4'
            [{'a': 1}, {}] | join(',', attribute='a') => '1,'
            ['a', 'b'] | map('upper') | join => 'AB'
            ['<', ('>' | safe)] | join('&') => '<&>'""")
    void join(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            'abc' | length => 3
            'a🤗' | count => 2
            [1, 2] | length => 2
            {'a': 1} | length => 1
            (1,) | count => 1
            range(5) | length => 5
            {'a': 1}.items() | length => 1
            missing | length => 0
            ('ab' | safe) | length => 2""")
    void length(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            'a' | format => 'a'
            'two words' | wordcount => 2
            '' | wordcount => 0
            "it's a-b c_d é1 你好" | wordcount => 7
            5 | wordcount => 1
            'foo bar' | center(11) => '  foo bar  '
            'foo' | center(2) => 'foo'
            'foo' | center(8) => '  foo   '
            'foo' | center => '                                      foo                                       '
            'foo bar baz' | truncate(9) => 'foo bar baz'
            'foo bar baz' | truncate(9, true) => 'foo bar baz'
            'foo bar baz qux' | truncate(9) => 'foo...'
            'foo bar baz qux' | truncate(9, true) => 'foo ba...'
            'foo bar baz qux' | truncate(11) => 'foo bar baz qux'
            'foo bar baz qux' | truncate(10, false, '..', 0) => 'foo bar..'
            'foo bar baz qux' | truncate(14) => 'foo bar baz qux'
            'foo bar baz qux' | truncate(14, leeway=0) => 'foo bar...'
            ('a' * 261) | truncate | length => 255
            ('a' * 260) | truncate | length => 260
            '🤗🤗🤗🤗' | truncate(2, true, '', 0) => '🤗🤗'
            'foobar' | truncate(5, end='', leeway=0) => 'fooba'
            'foo bar baz qux' | truncate(length=9, killwords=true, end='…', leeway=1) => 'foo bar …'
            ('a ' * 200) | truncate | length => 254
            '<b>bold</b>  and <!-- c --> &amp; &lt;x&gt;' | striptags => 'bold and & <x>'
            'a <br/> b' | striptags => 'a b'
            '%s-%d' | format('a', 5) => 'a-5'
            '%(x)s' | format(x=1) => '1'
            '%s' | format('a', ) => 'a'""")
    void words(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            5 | string => '5'
            none | string => 'None'
            [1, 'a'] | string => "[1, 'a']"
            'a' | string => 'a'
            missing | string => ''
            ('a' | safe) | string => Markup('a')
            (1.0 | string) + 'a' => '1.0a'""")
    void string(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            '<a href="x">\\'&' | e => Markup('&lt;a href=&#34;x&#34;&gt;&#39;&amp;')
            5 | e => Markup('5')
            none | escape => Markup('None')
            missing | e => Markup('')
            '<' | safe => Markup('<')
            '<' | safe | safe => Markup('<')
            5 | safe => Markup('5')
            ('<' | safe) | e => Markup('<')
            ('<' | e) | e => Markup('&lt;')
            '<' | forceescape => Markup('&lt;')
            ('<' | safe) | forceescape => Markup('&lt;')
            ('<b>' | safe) + '<' => Markup('<b>&lt;')
            '<' + ('<b>' | safe) => Markup('&lt;<b>')
            ('<' | safe) + ('>' | safe) => Markup('<>')
            ('<' | safe) * 2 => Markup('<<')
            ('<' | safe) ~ '<' => '<<'
            ('<' | safe) == '<' => True
            ('a,b' | safe).split(',') => [Markup('a'), Markup('b')]
            ('<A>' | safe).lower() => Markup('<a>')
            (' a ' | safe).strip() => Markup('a')
            ('ab' | safe)[0] => Markup('a')
            ('ab' | safe) | list => ['a', 'b']
            ('ab' | safe).startswith('a') => True
            ('a' | safe).replace('a', '<') => Markup('&lt;')
            ('a' | safe).join(['<', 'b']) => Markup('&lt;ab')
            ('%s' | safe) % '<' => Markup('&lt;')""")
    void markup(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            'a' | upper('x') => upper takes 0 arguments at most and got 1
            'a' | frob => there is no filter 'frob' in this version
            'a' | trim(5) => a value of type int cannot be the argument chars
            'a' | trim('x', 'y') => trim takes 1 arguments at most and got 2
            'aaa' | replace('a') => replace is called without its argument new
            'aaa' | replace('a', 'b', 'c') => a value of type str cannot be the argument count
            5 | indent => a value of type int cannot be indented
            none | indent => a value of type None cannot be indented
            missing | indent => 'missing' is undefined
            'a' | indent(1.5) => a value of type float cannot be a width
            5 | join => a value of type int cannot be iterated
            none | join => a value of type None cannot be iterated
            ['a'] | join(',', sep=1) => join has no argument sep
            5 | truncate => a value of type int cannot be shortened
            'a' | truncate(2) => truncate needs a length that is not below that of its end, and no negative leeway
            'abc' | truncate(5, leeway=-1) => truncate needs a length that is not below that of its end, and no negative leeway
            '%s' | format(1, x=2) => format takes values either by position or by name
            '%d' | format('a') => a value of type str cannot be formatted as a number
            'a' | center('x') => a value of type str cannot be the argument width
            5 | length => a value of type int has no length
            none | length => a value of type None has no length
            [1] | map('string') | length => a value of type generator has no length""")
    void isRefused(String expression, String fault) {
        assertThat(Templates.fault(expression)).isEqualTo(fault);
    }
}
