package io.trainer4j.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GivenValueTest {
    static Stream<Arguments> values() {
        return Stream.of(
                Arguments.of((byte) -1, "int -1"),
                Arguments.of((short) 7, "int 7"),
                Arguments.of(7, "int 7"),
                Arguments.of(Long.MIN_VALUE, "int -9223372036854775808"),
                Arguments.of(BigInteger.valueOf(Long.MAX_VALUE), "int 9223372036854775807"),
                Arguments.of(0.5f, "float 0.5"),
                Arguments.of(1.0, "float 1.0"),
                Arguments.of(new BigDecimal("2.50"), "float 2.5"),
                Arguments.of(Double.NaN, "float nan"),
                Arguments.of(true, "bool True"),
                Arguments.of("a'b", "str \"a'b\""),
                Arguments.of(List.of(1, "a"), "list [1, 'a']"),
                Arguments.of(Set.of("a"), "list ['a']"),
                Arguments.of(Map.of("a", List.of(1.5f)), "dict {'a': [1.5]}"),
                Arguments.of(Map.of(1, "a"), "dict {1: 'a'}"));
    }

    @ParameterizedTest
    @MethodSource("values")
    void takesTheTypesOfPython(Object given, String expected) {
        Object value = GivenValue.of(given);
        assertThat(Values.type(value) + " " + Text.repr(value)).isEqualTo(expected);
    }

    @Test
    void noneIsNone() {
        assertThat(render("{{ x is none }}{{ x is defined }}", "x", null)).isEqualTo("TrueTrue");
    }

    @Test
    void orderOfKeysIsKept() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("z", 1);
        map.put("a", 2);
        assertThat(render("{{ x }}{{ x | tojson }}", "x", map)).isEqualTo("{'z': 1, 'a': 2}{\"z\": 1, \"a\": 2}");
    }

    @Test
    void laterChangesDoNotReachATemplate() {
        List<Object> inner = new ArrayList<>(List.of(1));
        Object copy = GivenValue.of(Map.of("a", inner));
        inner.add(2);
        assertThat(Text.repr(copy)).isEqualTo("{'a': [1]}");
    }

    @Test
    void refusesOtherTypes() {
        for (Object other : List.of(new Object(), 'c', new int[] {1}, Thread.currentThread())) {
            assertThatThrownBy(() -> render("{{ x }}", "x", List.of(Map.of("a", other))))
                    .isInstanceOf(TrainerException.class)
                    .hasMessageContaining(
                            "a value of the Java type " + other.getClass().getName() + " is given");
        }
        assertThatThrownBy(() -> GivenValue.of(BigInteger.ONE.shiftLeft(63)))
                .isInstanceOf(Fault.class)
                .hasMessage("a given integer has more than 64 bits");
    }

    private static String render(String template, String name, Object value) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put(name, value);
        return JinjaTemplate.parse(template, "The template").render(values).text();
    }
}
