package io.trainer4j.text.jinja;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Map;

/** Values as Python's {@code str} and {@code repr} write them. */
final class Text {
    private Text() {}

    static String of(Object value) {
        if (value instanceof String text) {
            return text;
        }
        if (value instanceof SafeText safe) {
            return safe.text();
        }
        return value instanceof Undefined ? "" : repr(value);
    }

    static String repr(Object value) {
        StringBuilder out = new StringBuilder();
        append(value, out);
        return out.toString();
    }

    /** As {@link #repr}, with escapes for all characters that are not ASCII. */
    static String ascii(Object value) {
        StringBuilder out = new StringBuilder();
        repr(value).codePoints().forEach(c -> {
            if (c < 0x80) {
                out.appendCodePoint(c);
            } else {
                escape(c, out);
            }
        });
        return out.toString();
    }

    private static void append(Object value, StringBuilder out) {
        Budget.room(out.length());
        if (value == null) {
            out.append("None");
        } else if (value instanceof Boolean condition) {
            out.append(condition ? "True" : "False");
        } else if (value instanceof Long) {
            out.append(value);
        } else if (value instanceof Double number) {
            out.append(number(number));
        } else if (value instanceof String text) {
            quote(text, out);
        } else if (value instanceof SafeText safe) {
            out.append("Markup(");
            quote(safe.text(), out);
            out.append(')');
        } else if (value instanceof Tuple tuple) {
            items(tuple, out, '(', tuple.size() == 1 ? ",)" : ")");
        } else if (value instanceof Range) {
            out.append(value);
        } else if (value instanceof List<?> list) {
            items(list, out, '[', "]");
        } else if (value instanceof Map<?, ?> map) {
            map(map, out);
        } else if (value instanceof Values.View view) {
            out.append(view.name()).append('(');
            append(view.items(), out);
            out.append(')');
        } else if (value instanceof Namespace namespace) {
            out.append("<Namespace ");
            map(namespace.attributes(), out);
            out.append('>');
        } else if (value instanceof Macro macro) {
            out.append("<Macro ");
            quote(macro.definition().name(), out);
            out.append('>');
        } else if (value instanceof LoopState loop) {
            out.append(loop);
        } else if (value instanceof Undefined) {
            out.append("Undefined");
        } else {
            throw Values.unusable(value, "cannot be written as text");
        }
    }

    private static void items(List<?> items, StringBuilder out, char open, String close) {
        out.append(open);
        for (int i = 0; i < items.size(); i++) {
            out.append(i == 0 ? "" : ", ");
            append(items.get(i), out);
        }
        out.append(close);
    }

    private static void map(Map<?, ?> map, StringBuilder out) {
        out.append('{');
        int count = 0;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            out.append(count++ == 0 ? "" : ", ");
            append(entry.getKey(), out);
            out.append(": ");
            append(entry.getValue(), out);
        }
        out.append('}');
    }

    private static void quote(String text, StringBuilder out) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        out.append(quote);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\\' -> out.append("\\\\");
                default -> {
                    if (c == quote) {
                        out.append('\\').append(quote);
                    } else if (isPrintable(c)) {
                        out.appendCodePoint(c);
                    } else {
                        escape(c, out);
                    }
                }
            }
        });
        out.append(quote);
    }

    private static void escape(int c, StringBuilder out) {
        out.append(String.format(c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", c));
    }

    static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> c == ' ';
            default -> true;
        };
    }

    /** The shortest decimal number that is this one, with an exponent where it is below 1e-4 or from 1e16 on. */
    static String number(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        BigDecimal exact = new BigDecimal(value);
        BigDecimal shortest = exact;
        for (int digits = 1; digits <= 17; digits++) {
            shortest = exact.round(new MathContext(digits));
            if (shortest.doubleValue() == value) {
                break;
            }
        }
        shortest = shortest.stripTrailingZeros();
        int exponent = shortest.precision() - shortest.scale() - 1;
        if (exponent >= -4 && exponent < 16) {
            String plain = shortest.toPlainString();
            return plain.indexOf('.') < 0 ? plain + ".0" : plain;
        }
        String digits = shortest.unscaledValue().abs().toString();
        String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
        return (value < 0 ? "-" : "")
                + digits.charAt(0)
                + fraction
                + "e"
                + (exponent < 0 ? "-" : "+")
                + (Math.abs(exponent) < 10 ? "0" : "")
                + Math.abs(exponent);
    }
}
