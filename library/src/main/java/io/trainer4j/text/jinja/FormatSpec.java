package io.trainer4j.text.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/**
 * How a value is laid out: the options of Python's format specification, which {@code %} shares.
 *
 * @param align {@code <}, {@code >}, {@code ^}, {@code =} (behind the sign), or a space for that of the value's type
 * @param sign {@code +}, {@code -} or a space: what stands before a number that is not negative
 * @param alternate a prefix such as {@code 0x}
 * @param grouping what separates thousands; empty for nothing
 * @param precision negative if not given
 * @param type a letter; a space for that of the value's type
 */
record FormatSpec(
        int fill, char align, char sign, boolean alternate, int width, String grouping, int precision, char type) {
    /** Digits of the largest precision that makes sense of a double; more are refused. */
    private static final int MOST_DIGITS = 1100;

    FormatSpec ofType(char other) {
        return new FormatSpec(fill, align, sign, alternate, width, grouping, precision, other);
    }

    String text(String value) {
        if (type != 's' && type != ' ') {
            throw unknown("str");
        }
        int length = value.codePointCount(0, value.length());
        String part = precision >= 0 && precision < length
                ? value.substring(0, value.offsetByCodePoints(0, precision))
                : value;
        return pad("", part, '<');
    }

    String number(Object value) {
        return switch (type) {
            case 'e', 'E', 'f', 'F', 'g', 'G', '%' -> real(Numbers.real(value));
            default -> value instanceof Double number ? real(number) : integer(Values.integer(value, "a number"));
        };
    }

    private String integer(long value) {
        if (precision >= 0) {
            throw new Fault("a precision does not go with an integer");
        }
        BigInteger size = BigInteger.valueOf(value).abs();
        String prefix = alternate ? "0" + type : "";
        return switch (type) {
            case 'd', 'n', ' ' -> pad(signOf(value < 0), grouped(size.toString()), '>');
            case 'x', 'X', 'o', 'b' -> {
                String digits = size.toString(type == 'b' ? 2 : type == 'o' ? 8 : 16);
                yield pad(signOf(value < 0) + prefix, type == 'X' ? digits.toUpperCase(Locale.ROOT) : digits, '>');
            }
            case 'c' -> {
                if (!Character.isValidCodePoint((int) value) || value != (int) value) {
                    throw new Fault("no character has the number " + value);
                }
                yield pad("", Character.toString((int) value), '<');
            }
            default -> throw unknown("int");
        };
    }

    private String real(double value) {
        String sign = signOf(value < 0 || (value == 0 && 1 / value < 0));
        double size = Math.abs(value);
        boolean upper = Character.isUpperCase(type);
        if (!Double.isFinite(size)) {
            String name = Double.isNaN(size) ? "nan" : "inf";
            return pad(sign, (upper ? name.toUpperCase(Locale.ROOT) : name) + (type == '%' ? "%" : ""), '>');
        }
        int digits = precision < 0 ? 6 : precision;
        if (digits > MOST_DIGITS) {
            throw new Fault("a precision of " + digits + " digits is too large");
        }
        BigDecimal exact = new BigDecimal(size);
        String text = switch (type) {
            case 'f', 'F' -> fixed(exact, digits);
            case '%' -> fixed(exact.multiply(BigDecimal.valueOf(100)), digits) + "%";
            case 'e', 'E' -> scientific(exact, digits, false);
            case 'g', 'G', 'n' -> general(exact, Math.max(1, digits), false);
            case ' ' -> precision < 0 ? Text.number(size) : general(exact, Math.max(1, digits), true);
            default -> throw unknown("float");
        };
        int point = text.indexOf('.');
        int whole = point < 0 ? (int) text.chars().takeWhile(Character::isDigit).count() : point;
        text = grouped(text.substring(0, whole)) + text.substring(whole);
        return pad(sign, upper ? text.toUpperCase(Locale.ROOT) : text, '>');
    }

    private static String fixed(BigDecimal value, int digits) {
        return value.setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
    }

    private static int exponent(BigDecimal value) {
        return value.signum() == 0 ? 0 : value.precision() - value.scale() - 1;
    }

    private static String scientific(BigDecimal value, int digits, boolean shortened) {
        BigDecimal rounded = value.round(new MathContext(digits + 1, RoundingMode.HALF_EVEN));
        int exponent = exponent(rounded);
        String mantissa = rounded.movePointLeft(exponent)
                .setScale(digits, RoundingMode.HALF_EVEN)
                .toPlainString();
        return (shortened ? shortened(mantissa) : mantissa)
                + String.format(Locale.ROOT, "e%c%02d", exponent < 0 ? '-' : '+', Math.abs(exponent));
    }

    /** Fixed or scientific, whichever is shorter, without zeros at the end. */
    private static String general(BigDecimal value, int digits, boolean point) {
        int exponent = exponent(value.round(new MathContext(digits, RoundingMode.HALF_EVEN)));
        if (exponent < -4 || exponent + 1 > (point ? digits - 1 : digits)) {
            return scientific(value, digits - 1, true);
        }
        String text = shortened(fixed(value, digits - 1 - exponent));
        return point && text.indexOf('.') < 0 ? text + ".0" : text;
    }

    private static String shortened(String text) {
        return text.indexOf('.') < 0 ? text : text.replaceFirst("\\.?0+$", "");
    }

    private String grouped(String digits) {
        return grouping.isEmpty() ? digits : digits.replaceAll("(?<=\\d)(?=(\\d{3})+$)", grouping);
    }

    private String signOf(boolean negative) {
        return negative ? "-" : sign == '-' ? "" : String.valueOf(sign);
    }

    private String pad(String prefix, String text, char usual) {
        int missing = width - prefix.length() - text.codePointCount(0, text.length());
        if (missing <= 0) {
            return prefix + text;
        }
        Budget.room(width);
        int left = switch (align == ' ' ? usual : align) {
            case '<' -> 0;
            case '^' -> missing / 2;
            default -> missing;
        };
        String fillText = Character.toString(fill);
        String before = fillText.repeat(left);
        return (align == '=' ? prefix + before : before + prefix) + text + fillText.repeat(missing - left);
    }

    private Fault unknown(String valueType) {
        return new Fault("the format code '" + type + "' does not go with a value of type " + valueType);
    }
}
