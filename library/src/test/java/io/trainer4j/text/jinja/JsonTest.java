package io.trainer4j.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;

/** {@code tojson} with the options that transformers gives it. */
class JsonTest {
    @ParameterizedTest
    @Rows("""
            none | tojson => 'null'
            true | tojson => 'true'
            5 | tojson => '5'
            1.0 | tojson => '1.0'
            1e16 | tojson => '1e+16'
            -0.0 | tojson => '-0.0'
            1e400 | tojson => 'Infinity'
            -1e400 | tojson => '-Infinity'
            'nan' | float | tojson => 'NaN'
            'a"b\\\\c/d' | tojson => '"a\\\\"b\\\\\\\\c/d"'
            '\\n\\r\\t\\x08\\x0c\\x01\\x1f\\x7f' | tojson => '"\\\\n\\\\r\\\\t\\\\b\\\\f\\\\u0001\\\\u001f\\x7f"'
            '<é你🤗\\u2028>' | tojson => '"<é你🤗\\u2028>"'
            '<é你🤗\\u2028\\x7f>' | tojson(ensure_ascii=true) => '"<\\\\u00e9\\\\u4f60\\\\ud83e\\\\udd17\\\\u2028\\\\u007f>"'
            'é' | tojson(true) => '"\\\\u00e9"'
            ('<' | safe) | tojson => '"<"'
            [] | tojson => '[]'
            {} | tojson => '{}'
            [1, 'a', none, [true]] | tojson => '[1, "a", null, [true]]'
            (1, 2) | tojson => '[1, 2]'
            {'a': 1, 'b': [1, {'c': 2}]} | tojson => '{"a": 1, "b": [1, {"c": 2}]}'
            {1: 'a', 1.5: 'b', none: 'c', true: 'd'} | tojson => '{"1": "d", "1.5": "b", "null": "c"}'
            {'é"': 1} | tojson => '{"é\\\\"": 1}'
            {'é"': 1} | tojson(ensure_ascii=true) => '{"\\\\u00e9\\\\"": 1}'
            {'b': 1, 'a': {'d': 1, 'c': 2}} | tojson(sort_keys=true) => '{"a": {"c": 2, "d": 1}, "b": 1}'
            {2: 'a', 1: 'b'} | tojson(sort_keys=true) => '{"1": "b", "2": "a"}'
            {'B': 1, 'a': 2} | tojson(sort_keys=true) => '{"B": 1, "a": 2}'""")
    void json(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            [1, [2, 3], {'a': 4}] | tojson(indent=2) => '[\\n  1,\\n  [\\n    2,\\n    3\\n  ],\\n  {\\n    "a": 4\\n  }\\n]'
            {'a': {'b': []}, 'c': {}} | tojson(indent=4) => '{\\n    "a": {\\n        "b": []\\n    },\\n    "c": {}\\n}'
            [] | tojson(indent=2) => '[]'
            {} | tojson(indent=2) => '{}'
            [[]] | tojson(indent=1) => '[\\n []\\n]'
            [1, 2] | tojson(indent=0) => '[\\n1,\\n2\\n]'
            [1, 2] | tojson(indent=-3) => '[\\n1,\\n2\\n]'
            [1, 2] | tojson(indent=true) => '[\\n 1,\\n 2\\n]'
            [1, 2] | tojson(indent='\\t') => '[\\n\\t1,\\n\\t2\\n]'
            [1, 2] | tojson(indent='') => '[\\n1,\\n2\\n]'
            [1, {'a': 2}] | tojson(indent=none) => '[1, {"a": 2}]'
            [1, 2] | tojson(false, 1) => '[\\n 1,\\n 2\\n]'
            [1, {'a': 2}] | tojson(separators=(',', ':')) => '[1,{"a":2}]'
            [1, {'a': 2}] | tojson(indent=1, separators=[' ;', '=']) => '[\\n 1 ;\\n {\\n  "a"=2\\n }\\n]'
            [1] | tojson(separators=none) => '[1]'""")
    void indent(String expression, String value) {
        assertThat(Templates.value(expression)).isEqualTo(value);
    }

    @ParameterizedTest
    @Rows("""
            missing | tojson => 'missing' is undefined
            [missing] | tojson => 'missing' is undefined
            {'a': missing} | tojson => 'missing' is undefined
            range(2) | tojson => a value of type range cannot be written as JSON
            {}.items() | tojson => a value of type dict_items cannot be written as JSON
            ([1] | map('string')) | tojson => a value of type generator cannot be written as JSON
            namespace() | tojson => a value of type namespace cannot be written as JSON
            dict | tojson => a value of type function cannot be written as JSON
            {(1, 2): 3} | tojson => a value of type tuple cannot be a key in JSON
            {1: 2, 'a': 3} | tojson(sort_keys=true) => '<' does not work between values of type str and int
            [1] | tojson(indent=1.5) => a value of type float cannot be an indentation
            [1] | tojson(separators=(',',)) => the separators of tojson must be two strings
            [1] | tojson(separators=5) => a value of type int cannot be iterated
            [1] | tojson(separators=(1, 2)) => a value of type int cannot be a separator
            [1] | tojson(depth=1) => tojson has no argument depth""")
    void isRefused(String expression, String fault) {
        assertThat(Templates.fault(expression)).isEqualTo(fault);
    }
}
