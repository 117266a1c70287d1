package io.trainer4j.text.jinja;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code str.format}: values between braces, with Python's format specifications. */
final class BraceFormat {
    private static final Pattern NAME = Pattern.compile("(?<first>[^.\\[]*)(?<rest>(?:\\.[^.\\[]+|\\[[^\\]]+\\])*)");
    private static final Pattern PART = Pattern.compile("\\.(?<attribute>[^.\\[]+)|\\[(?<item>[^\\]]+)\\]");
    private static final Pattern SPEC =
            Pattern.compile("(?:(?<fill>.)?(?<align>[<>=^]))?(?<sign>[-+ ])?(?<alternate>#)?(?<zero>0)?"
                    + "(?<width>\\d{0,9})(?<grouping>[,_])?(?:\\.(?<precision>\\d{1,9}))?(?<type>[a-zA-Z%])?");

    private final String format;
    private final Arguments arguments;
    private int at;
    private int automatic;
    private boolean numbered;

    private BraceFormat(String format, Arguments arguments) {
        this.format = format;
        this.arguments = arguments;
    }

    static String format(String format, Arguments arguments) {
        return new BraceFormat(format, arguments).text(false);
    }

    /**
     * Reads up to the end, or within a field's specification up to the brace that ends the field.
     */
    private String text(boolean inField) {
        StringBuilder out = new StringBuilder();
        while (at < format.length()) {
            char c = format.charAt(at);
            if (c == '}' && inField) {
                break;
            }
            at++;
            boolean doubled = !inField && format.startsWith(String.valueOf(c), at);
            if ((c == '{' || c == '}') && doubled) {
                out.append(c);
                at++;
            } else if (c == '{') {
                out.append(field(inField));
            } else if (c == '}') {
                throw malformed();
            } else {
                out.append(c);
            }
            Budget.room(out.length());
        }
        return out.toString();
    }

    private String field(boolean nested) {
        int start = at;
        boolean inBrackets = false;
        while (at < format.length() && (inBrackets || "!:{}".indexOf(format.charAt(at)) < 0)) {
            inBrackets = format.charAt(at) == '[' || (inBrackets && format.charAt(at) != ']');
            at++;
        }
        Object value = value(format.substring(start, at));
        if (skip('!')) {
            value = converted(value, at < format.length() ? format.charAt(at++) : ' ');
        }
        String spec = skip(':') && !nested ? text(true) : "";
        if (!skip('}')) {
            throw malformed();
        }
        return written(value, spec);
    }

    private boolean skip(char c) {
        boolean found = format.startsWith(String.valueOf(c), at);
        at += found ? 1 : 0;
        return found;
    }

    private Fault malformed() {
        return new Fault("the braces of the format '" + format + "' do not match");
    }

    private Object value(String name) {
        Matcher parts = NAME.matcher(name);
        if (!parts.matches()) {
            throw new Fault("'" + name + "' is not a field of a format");
        }
        Object value = first(parts.group("first"));
        Matcher part = PART.matcher(parts.group("rest"));
        while (part.find()) {
            String item = part.group("item");
            value = item == null
                    ? Members.attribute(value, part.group("attribute"))
                    : Members.item(value, isNumber(item) ? (Object) Literals.integer(item, 0) : item);
        }
        return value;
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private Object first(String name) {
        if (!name.isEmpty() && !isNumber(name)) {
            if (!arguments.named().containsKey(name)) {
                throw new Fault("format is called without its argument " + name);
            }
            return arguments.named().get(name);
        }
        if (name.isEmpty() ? numbered : automatic > 0) {
            throw new Fault("a format mixes fields with and without numbers");
        }
        numbered |= !name.isEmpty();
        long position = name.isEmpty() ? automatic++ : Literals.integer(name, 0);
        if (position >= arguments.positional().size()) {
            throw new Fault("format is called without a value for the field " + position);
        }
        return arguments.positional().get((int) position);
    }

    private static Object converted(Object value, char conversion) {
        return switch (conversion) {
            case 's' -> Text.of(value);
            case 'r' -> Text.repr(value);
            case 'a' -> Text.ascii(value);
            default -> throw new Fault("a format knows the conversions !s, !r and !a");
        };
    }

    private static String written(Object value, String text) {
        if (text.isEmpty()) {
            return Text.of(value);
        }
        Matcher spec = SPEC.matcher(text);
        if (!spec.matches() || !(Numbers.isNumber(value) || Values.isText(value))) {
            throw new Fault("the format '" + text + "' does not go with a value of type " + Values.type(value));
        }
        boolean isNumber = Numbers.isNumber(value);
        boolean zeros = spec.group("zero") != null;
        if (zeros && spec.group("grouping") != null) {
            throw new Fault("a format with both leading zeros and groups of digits is not supported");
        }
        String fill = spec.group("fill") == null ? (zeros ? "0" : " ") : spec.group("fill");
        String align = spec.group("align") == null ? (zeros && isNumber ? "=" : " ") : spec.group("align");
        FormatSpec layout = new FormatSpec(
                fill.codePointAt(0),
                align.charAt(0),
                spec.group("sign") == null ? '-' : spec.group("sign").charAt(0),
                spec.group("alternate") != null,
                spec.group("width").isEmpty() ? 0 : Integer.parseInt(spec.group("width")),
                spec.group("grouping") == null ? "" : spec.group("grouping"),
                spec.group("precision") == null ? -1 : Integer.parseInt(spec.group("precision")),
                spec.group("type") == null ? ' ' : spec.group("type").charAt(0));
        return isNumber ? layout.number(value) : layout.text(Text.of(value));
    }
}
