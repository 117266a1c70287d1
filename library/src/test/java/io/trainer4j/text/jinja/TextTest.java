package io.trainer4j.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;

/** Values as Python's {@code str} and {@code repr} write them. */
class TextTest {
    @ParameterizedTest
    @Rows("""
            none => None
            true => True
            false => False
            0 => 0
            -5 => -5
            9223372036854775807 => 9223372036854775807
            missing => Undefined
            'a' => 'a'
            '' => ''
            "it's" => "it's"
            'say "x"' => 'say "x"'
            'both \\' and "' => 'both \\' and "'
            'tab\\tnew\\nline\\rreturn' => 'tab\\tnew\\nline\\rreturn'
            'back\\\\slash' => 'back\\\\slash'
            '\\x00\\x1f\\x7f\\x80\\xa0\\xad' => '\\x00\\x1f\\x7f\\x80\\xa0\\xad'
            'é你🤗' => 'é你🤗'
            '\\u200b\\u2028\\ufeff\\ue000' => '\\u200b\\u2028\\ufeff\\ue000'
            '\\U000e0001' => '\\U000e0001'
            '\\u0301' => '́'
            [] => []
            [1, [2, []], 'a'] => [1, [2, []], 'a']
            () => ()
            (1,) => (1,)
            (1, 2) => (1, 2)
            ((),) => ((),)
            {} => {}
            {'a': 1, 2: none, none: [], 1.5: (1,), (1, 2): {}} => {'a': 1, 2: None, None: [], 1.5: (1,), (1, 2): {}}
            {'a': {'b': {}}} => {'a': {'b': {}}}
            {'a': 1, 'a': 2} => {'a': 2}
            {}.items() => dict_items([])
            {'a': 1}.items() => dict_items([('a', 1)])
            {'a': 1}.keys() => dict_keys(['a'])
            {'a': 1, 'b': 'x'}.values() => dict_values([1, 'x'])
            range(3) => range(0, 3)
            range(2, 5) => range(2, 5)
            range(0, 9, 2) => range(0, 9, 2)
            range(0) => range(0, 0)
            '<b>' | safe => Markup('<b>')
            "it's" | e => Markup('it&#39;s')
            namespace(a=1) => <Namespace {'a': 1}>
            namespace() => <Namespace {}>
            [missing, [missing]] => [Undefined, [Undefined]]""")
    void repr(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            1.0 => 1.0
            -1.0 => -1.0
            0.0 => 0.0
            -0.0 => -0.0
            0.1 => 0.1
            0.1 + 0.2 => 0.30000000000000004
            1e15 => 1000000000000000.0
            1e16 => 1e+16
            123456789012345680.0 => 1.2345678901234568e+17
            1234567890123456.7 => 1234567890123456.8
            9999999999999998.0 => 9999999999999998.0
            1e22 => 1e+22
            1.5e300 => 1.5e+300
            0.0001 => 0.0001
            0.00001 => 1e-05
            1.234e-7 => 1.234e-07
            5e-324 => 5e-324
            2.2250738585072014e-308 => 2.2250738585072014e-308
            1.7976931348623157e308 => 1.7976931348623157e+308
            4.35 => 4.35
            100.0 => 100.0
            1e400 => inf
            -1e400 => -inf
            'nan' | float => nan
            2.0 ** 70 => 1.1805916207174113e+21
            1/3 => 0.3333333333333333
            3.0e0 => 3.0
            1_000.5 => 1000.5
            1E5 => 100000.0
            1e-5 => 1e-05""")
    void floats(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            [none ~ '', true ~ '', 1.0 ~ '', [1, 'a'] ~ '', (1,) ~ '', {'a': 'b'} ~ ''] => ['None', 'True', '1.0', "[1, 'a']", '(1,)', "{'a': 'b'}"]
            range(3) ~ '' => 'range(0, 3)'
            range(1, 7, 3) ~ '' => 'range(1, 7, 3)'
            {'a': 1}.keys() ~ '' => "dict_keys(['a'])"
            ('<' | safe) ~ '' => '<'
            missing ~ '' => ''
            namespace(x='y') ~ '' => "<Namespace {'x': 'y'}>\"""")
    void str(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }
}
