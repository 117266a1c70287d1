package io.trainer4j.text.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a caller gives a template, copied to the interpreter's own types. */
final class GivenValue {
    private GivenValue() {}

    static Object of(Object value) {
        if (value == null || value instanceof Boolean || value instanceof String || value instanceof Callable) {
            return value;
        }
        if (value instanceof Double || value instanceof Float || value instanceof BigDecimal) {
            return ((Number) value).doubleValue();
        }
        if (value instanceof BigInteger number && number.bitLength() > 63) {
            throw new Fault("a given integer has more than 64 bits");
        }
        if (value instanceof Number number) {
            return number.longValue();
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> copy = new LinkedHashMap<>();
            map.forEach((key, item) -> copy.put(of(key), of(item)));
            return copy;
        }
        if (value instanceof Iterable<?> items) {
            List<Object> copy = new ArrayList<>();
            items.forEach(item -> copy.add(of(item)));
            return copy;
        }
        throw new Fault("a value of the Java type " + value.getClass().getName() + " is given");
    }
}
