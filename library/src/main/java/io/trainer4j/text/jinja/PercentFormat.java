package io.trainer4j.text.jinja;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code format % values}, as Python has it from C. */
final class PercentFormat {
    private static final Pattern DIRECTIVE =
            Pattern.compile("%(?:\\((?<key>[^()]*)\\))?(?<flags>[-+ #0]*)(?<width>\\*|\\d{0,9})"
                    + "(?:\\.(?<precision>\\*|\\d{0,9}))?[hlL]?(?<type>[a-zA-Z%])");

    private static final long TOO_MANY = Budget.SIZE + 1;

    private final Iterator<Object> values;
    private final Object all;

    private PercentFormat(Object all) {
        this.all = all;
        this.values = (all instanceof Tuple tuple ? tuple : new Tuple(all)).iterator();
    }

    /**
     * @param values a tuple, a dict for keys in parentheses, or the only value
     */
    static String format(String format, Object values) {
        PercentFormat filler = new PercentFormat(values);
        StringBuilder out = new StringBuilder();
        Matcher directive = DIRECTIVE.matcher(format);
        boolean byKey = false;
        int from = 0;
        int percent;
        while ((percent = format.indexOf('%', from)) >= 0) {
            out.append(format, from, percent);
            if (!directive.region(percent, format.length()).lookingAt()) {
                throw new Fault("the format '" + format + "' holds a % that is not followed by a known directive");
            }
            byKey |= directive.group("key") != null;
            out.append(filler.value(directive));
            Budget.room(out.length());
            from = directive.end();
        }
        boolean maySpare = byKey || values instanceof Map || (values instanceof List && !(values instanceof Tuple));
        if (!maySpare && filler.values.hasNext()) {
            throw new Fault("the format '" + format + "' has fewer directives than values");
        }
        return out.append(format.substring(from)).toString();
    }

    private String value(Matcher directive) {
        String flags = directive.group("flags");
        int width = length(directive.group("width"));
        int precision = directive.group("precision") == null ? -1 : length(directive.group("precision"));
        char type = directive.group("type").charAt(0);
        if (type == '%') {
            return "%";
        }
        boolean left = flags.contains("-") || width < 0;
        char sign = flags.contains("+") ? '+' : flags.contains(" ") ? ' ' : '-';
        boolean zeros = flags.contains("0") && !left && "rsac".indexOf(type) < 0;
        FormatSpec spec = new FormatSpec(
                zeros ? '0' : ' ',
                left ? '<' : zeros ? '=' : '>',
                sign,
                flags.contains("#"),
                Math.abs(width),
                "",
                precision,
                type == 'i' || type == 'u' ? 'd' : type);
        return written(spec, next(directive.group("key")));
    }

    private int length(String text) {
        return text.equals("*")
                ? (int) Math.max(-TOO_MANY, Math.min(TOO_MANY, Values.integer(next(null), "a width or precision")))
                : text.isEmpty() ? 0 : Integer.parseInt(text);
    }

    private Object next(String key) {
        if (key != null) {
            if (!(all instanceof Map<?, ?> map)) {
                throw new Fault("a format with keys needs a dict");
            }
            if (!map.containsKey(key)) {
                throw new Fault("the format asks for the key '" + key + "', which the dict does not have");
            }
            return map.get(key);
        }
        if (!values.hasNext()) {
            throw new Fault("a format has more directives than values");
        }
        return values.next();
    }

    private static String written(FormatSpec spec, Object value) {
        switch (spec.type()) {
            case 's', 'r', 'a' -> {
                String text =
                        spec.type() == 's' ? Text.of(value) : spec.type() == 'r' ? Text.repr(value) : Text.ascii(value);
                return spec.ofType('s').text(text);
            }
            case 'c' -> {
                boolean isCharacter = Values.isText(value) && Values.length(value) == 1;
                return isCharacter ? spec.ofType('s').text(Text.of(value)) : spec.number(integer(value));
            }
            case 'd' -> {
                Object number = value instanceof Double real ? (Object) Numbers.truncated(real) : integer(value);
                return spec.number(number);
            }
            case 'x', 'X', 'o' -> {
                return spec.number(integer(value));
            }
            case 'e', 'E', 'f', 'F', 'g', 'G' -> {
                return spec.number(Numbers.isNumber(value) ? value : integer(value));
            }
            default -> throw new Fault("a format knows no directive %" + spec.type());
        }
    }

    private static Object integer(Object value) {
        return Values.integer(value, "formatted as a number");
    }
}
