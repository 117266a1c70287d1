package io.trainer4j.option;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * How one kind of value is written as text.
 *
 * @param noun what a value is called in messages, such as "a whole number"
 * @param parser text to value; an {@link IllegalArgumentException} for a text that is no such value
 * @param words all texts allowed, where they can be listed; else empty
 */
record ValueType(String noun, Function<String, Object> parser, List<String> words) {
    // Double.valueOf alone would also take NaN, Infinity, 1d and 0x1p3.
    private static final Pattern DECIMAL = Pattern.compile("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?");

    static ValueType of(Class<?> type) {
        if (type == int.class || type == Integer.class) {
            return new ValueType("a whole number", Integer::valueOf, List.of());
        }
        if (type == long.class || type == Long.class) {
            return new ValueType("a whole number", Long::valueOf, List.of());
        }
        if (type == double.class || type == Double.class) {
            return new ValueType("a number", ValueType::decimal, List.of());
        }
        if (type == boolean.class || type == Boolean.class) {
            return new ValueType("true or false", ValueType::truth, List.of("true", "false"));
        }
        if (type == String.class) {
            return new ValueType("a text", text -> text, List.of());
        }
        if (type == Path.class) {
            return new ValueType("a path", ValueType::path, List.of());
        }
        if (type == Map.class) {
            return new ValueType("a JSON object such as {\"power\": 2}", ValueType::object, List.of());
        }
        if (type.isEnum()) {
            List<String> words =
                    Arrays.stream(type.getEnumConstants()).map(ValueType::text).toList();
            return new ValueType("one of " + String.join(", ", words), text -> constant(type, text), words);
        }
        throw new IllegalArgumentException("No option can have the type " + type.getName() + ".");
    }

    /** The text that reads back as the value: 5.0e-5, 500 (also for 500.0), true, epoch. */
    static String text(Object value) {
        if (value instanceof Double number) {
            // Exponents keep the point and the sign, without which YAML 1.1 readers take a number for a text.
            return number == Math.rint(number) && Math.abs(number) < 1e7
                    ? Long.toString(number.longValue())
                    : number.toString().replace("E-", "e-").replace("E", "e+");
        }
        return value instanceof Enum<?> constant ? constant.name().toLowerCase(Locale.ROOT) : Objects.toString(value);
    }

    private static Object decimal(String text) {
        if (!DECIMAL.matcher(text).matches()) {
            throw new NumberFormatException(text);
        }
        return Double.valueOf(text);
    }

    private static Object truth(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(text);
        };
    }

    /** Expands a leading {@code ~/}, which no shell does in a file, as os.path.expanduser does for output_dir. */
    private static Object path(String text) {
        return text.startsWith("~/") ? Path.of(System.getProperty("user.home"), text.substring(2)) : Path.of(text);
    }

    private static Object object(String text) {
        try {
            Map<String, Object> object = JsonMapper.shared().readValue(text, new TypeReference<>() {});
            return Collections.unmodifiableMap(object);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private static boolean isAlsoCalled(Class<?> type, Object constant, String text) {
        try {
            AlsoCalled others = type.getField(((Enum<?>) constant).name()).getAnnotation(AlsoCalled.class);
            return others != null && Arrays.asList(others.value()).contains(text.toLowerCase(Locale.ROOT));
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object constant(Class<?> type, String text) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> text(constant).equals(text.replace('-', '_')) || isAlsoCalled(type, constant, text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(text));
    }
}
