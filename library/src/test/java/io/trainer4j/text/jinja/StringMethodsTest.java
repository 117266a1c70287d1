package io.trainer4j.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;

/** The methods of a string. */
class StringMethodsTest {
    @ParameterizedTest
    @Rows("""
            ' a '.strip() => 'a'
            ' a '.lstrip() => 'a '
            ' a '.rstrip() => ' a'
            'xyaxy'.strip('xy') => 'a'
            'xya'.lstrip('x') => 'ya'
            'ayx'.rstrip('xy') => 'a'
            '\\u00a0\\u2003a\\x1f'.strip() => 'a'
            ' a '.strip(none) => 'a'
            'aa'.strip('a') => ''
            '🤗a🤗'.strip('🤗') => 'a'
            ''.strip() => ''
            'a'.strip('') => 'a'""")
    void strip(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            'a b  c'.split() => ['a', 'b', 'c']
            ' a b '.split() => ['a', 'b']
            ''.split() => []
            '   '.split() => []
            'a,b,,c'.split(',') => ['a', 'b', '', 'c']
            ''.split(',') => ['']
            'a,b,c'.split(',', 1) => ['a', 'b,c']
            'a,b,c'.split(',', 0) => ['a,b,c']
            'a,b,c'.split(',', -1) => ['a', 'b', 'c']
            'a,b,c'.split(sep=',', maxsplit=1) => ['a', 'b,c']
            'a b c'.split(maxsplit=1) => ['a', 'b c']
            ' a  b c '.split(none, 1) => ['a', 'b c ']
            'a--b-c'.split('--') => ['a', 'b-c']
            'a\\x1fb\\u3000c'.split() => ['a', 'b', 'c']
            'a,b,c'.rsplit(',', 1) => ['a,b', 'c']
            'a b c '.rsplit(none, 1) => ['a b', 'c']
            'a,b'.rsplit(',') => ['a', 'b']
            ' a b '.rsplit() => ['a', 'b']
            'aaa'.split('aa') => ['', 'a']
            'aaa'.rsplit('aa') => ['a', '']
            'a\\nb\\r\\nc\\rd'.splitlines() => ['a', 'b', 'c', 'd']
            'a\\n\\nb\\n'.splitlines() => ['a', '', 'b']
            'a\\nb\\n'.splitlines(true) => ['a\\n', 'b\\n']
            'a\\nb'.splitlines(keepends=true) => ['a\\n', 'b']
            'a\\x0bb\\x0cc\\x1cd\\x85e\\u2028f'.splitlines() => ['a', 'b', 'c', 'd', 'e', 'f']
            '\\n'.splitlines() => ['']
            'a-b-c'.partition('-') => ('a', '-', 'b-c')
            'a-b-c'.rpartition('-') => ('a-b', '-', 'c')
            'abc'.partition('-') => ('abc', '', '')
            'abc'.rpartition('-') => ('', '', 'abc')
            '-a'.partition('-') => ('', '-', 'a')""")
    void split(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            'abcabc'.find('bc') => 1
            'abcabc'.find('bc', 2) => 4
            'abcabc'.find('bc', 2, 5) => -1
            'abcabc'.find('x') => -1
            'abc'.find('') => 0
            'abc'.find('', 3) => 3
            'abc'.find('', 4) => -1
            'abc'.find('c', -1) => 2
            'abc'.find('a', -100) => 0
            '🤗ab'.find('b') => 2
            '🤗ab🤗'.find('🤗', 1) => 3
            'abcabc'.rfind('bc') => 4
            'abcabc'.rfind('bc', 0, 5) => 1
            'abc'.rfind('x') => -1
            'abc'.rfind('') => 3
            'abcabc'.index('c') => 2
            'abcabc'.index('c', 3) => 5
            'abcabc'.rindex('a') => 3
            'abab'.count('ab') => 2
            'aaaa'.count('aa') => 2
            'abc'.count('') => 4
            'a🤗'.count('') => 3
            'ababab'.count('ab', 1) => 2
            'ababab'.count('ab', 0, 3) => 1
            'abc'.count('x') => 0
            'abc'.startswith('ab') => True
            'abc'.startswith(('x', 'a')) => True
            'abc'.startswith(()) => False
            'abc'.startswith('') => True
            'abc'.startswith('b', 1) => True
            'abc'.startswith('bc', 1, 2) => False
            'abc'.startswith('', 3) => True
            'abc'.startswith('', 4) => False
            'abc'.endswith('bc') => True
            'abc'.endswith(('x', 'c')) => True
            'abc'.endswith('b', 0, 2) => True
            'abc'.endswith('bc', 2) => False
            'abc'.endswith('abcd') => False""")
    void search(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            'aaa'.replace('a', 'b') => 'bbb'
            'aaa'.replace('a', 'b', 2) => 'bba'
            'aaa'.replace('a', 'b', 0) => 'aaa'
            'aaa'.replace('a', 'b', -1) => 'bbb'
            'ab'.replace('', '-') => '-a-b-'
            'ab'.replace('', '-', 2) => '-a-b'
            ''.replace('', 'x') => 'x'
            ''.replace('a', 'x') => ''
            'abc'.replace('abc', '') => ''
            'abc'.removeprefix('ab') => 'c'
            'abc'.removeprefix('b') => 'abc'
            'abc'.removesuffix('bc') => 'a'
            'abc'.removesuffix('x') => 'abc'
            'abc'.removesuffix('') => 'abc'
            ', '.join(['a', 'b']) => 'a, b'
            ''.join('abc') => 'abc'
            '-'.join({'a': 1, 'b': 2}) => 'a-b'
            '-'.join([]) => ''
            '-'.join(['a'] | map('upper')) => 'A'
            'aB'.upper() => 'AB'
            'aB'.lower() => 'ab'
            'aB ß'.swapcase() => 'Ab SS'
            'straße'.upper() => 'STRASSE'
            'Straße'.casefold() => 'strasse'
            'İ'.lower() => 'i̇'
            'hello wORLD'.title() => 'Hello World'
            "it's a-b 1st éa".title() => "It'S A-B 1St Éa"
            'hELLO wORLD'.capitalize() => 'Hello world'
            'ßa'.capitalize() => 'Ssa'
            'ab'.center(6) => '  ab  '
            'ab'.center(5, '*') => '**ab*'
            'a'.center(4, '*') => '*a**'
            'ab'.center(1) => 'ab'
            'ab'.ljust(5) ~ '|' => 'ab   |'
            'ab'.ljust(5, '.') => 'ab...'
            'ab'.rjust(5) => '   ab'
            'ab'.rjust(5, '0') => '000ab'
            '🤗'.rjust(3, '.') => '..🤗'
            '42'.zfill(5) => '00042'
            '-42'.zfill(5) => '-0042'
            '+1'.zfill(4) => '+001'
            'a'.zfill(3) => '00a'
            '1234'.zfill(2) => '1234'
            ''.zfill(2) => '00'""")
    void change(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            ['A1'.isupper(), 'Ab'.isupper(), '1'.isupper(), ''.isupper(), 'ǅ'.isupper()] => [True, False, False, False, False]
            ['a1'.islower(), 'Ab'.islower(), '1'.islower(), 'ß'.islower(), 'ª'.islower()] => [True, False, False, True, True]
            [' \\t'.isspace(), ''.isspace(), 'a '.isspace(), '\\u00a0'.isspace(), '\\u200b'.isspace()] => [True, False, False, True, False]
            ['12'.isdigit(), '1a'.isdigit(), ''.isdigit(), '²'.isdigit(), '٣'.isdigit(), '½'.isdigit(), '①'.isdigit(), '-1'.isdigit()] => [True, False, False, True, True, False, True, False]
            ['12'.isdecimal(), '²'.isdecimal(), '٣'.isdecimal(), '½'.isdecimal(), ''.isdecimal()] => [True, False, True, False, False]
            ['12'.isnumeric(), '²'.isnumeric(), '½'.isnumeric(), 'Ⅷ'.isnumeric(), '1.5'.isnumeric(), ''.isnumeric()] => [True, True, True, True, False, False]
            ['ab'.isalpha(), 'é你'.isalpha(), 'a1'.isalpha(), ''.isalpha(), 'a b'.isalpha()] => [True, True, False, False, False]
            ['a1'.isalnum(), 'a_'.isalnum(), '½'.isalnum(), '²'.isalnum(), 'Ⅷ'.isalnum(), ''.isalnum(), '你1'.isalnum()] => [True, False, True, True, True, False, True]
            ['Ab Cd'.istitle(), 'Ab cd'.istitle(), 'AB'.istitle(), ''.istitle(), '1'.istitle(), "It'S".istitle()] => [True, False, False, False, False, True]
            ['ab'.isascii(), 'é'.isascii(), ''.isascii()] => [True, False, True]
            ['a_1'.isidentifier(), '1a'.isidentifier(), ''.isidentifier(), 'é'.isidentifier(), 'a-b'.isidentifier()] => [True, False, False, True, False]
            ['a b'.isprintable(), 'a\\n'.isprintable(), ''.isprintable()] => [True, False, True]""")
    void kinds(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            'a'.split('') => a string cannot be split at an empty separator
            'a'.rsplit('') => a string cannot be split at an empty separator
            'a'.partition('') => a string cannot be split at an empty separator
            'a'.partition() => partition is called without its argument sep
            'a'.strip(1) => a value of type int cannot be the argument chars
            'a'.split(1) => a value of type int cannot be the argument sep
            'a'.index('x') => the string does not hold the part whose index is asked for
            'a'.rindex('x') => the string does not hold the part whose index is asked for
            'a'.replace('a') => replace is called without its argument new
            'a'.replace('a', 1) => a value of type int cannot be the argument new
            'a'.replace(none, '') => a value of type None cannot be the argument old
            'a'.startswith(1) => a value of type int cannot be looked for at an end
            'a'.startswith(['a']) => a value of type list cannot be looked for at an end
            'a'.endswith((1,)) => a value of type int cannot be looked for at an end
            ','.join([1, 2]) => a value of type int cannot be joined
            ','.join(5) => a value of type int cannot be iterated
            ','.join([none]) => a value of type None cannot be joined
            'a'.upper('x') => upper takes 0 arguments at most and got 1
            'a'.find(1) => a value of type int cannot be the argument sub
            'a'.count() => count is called without its argument sub
            'a'.center() => center is called without its argument width
            'a'.center('x') => a value of type str cannot be the argument width
            'a'.center(5, 'ab') => a string is filled up with a single character
            'a'.removeprefix(none) => a value of type None cannot be the argument prefix
            'a'.missing() => a value of type str has no attribute 'missing'
            'a'.find('a', 'b') => a value of type str cannot be a position""")
    void isRefused(String expression, String fault) {
        assertThat(Templates.fault(expression)).isEqualTo(fault);
    }
}
