package io.trainer4j.text.jinja;

/** Numbers and strings as Python writes them. */
final class Literals {
    private Literals() {}

    static Long integer(String text, int at) {
        String digits = text.replace("_", "");
        int radix = digits.length() < 2
                ? 10
                : switch (Character.toLowerCase(digits.charAt(1))) {
                    case 'b' -> 2;
                    case 'o' -> 8;
                    case 'x' -> 16;
                    default -> 10;
                };
        try {
            return Long.valueOf(radix == 10 ? digits : digits.substring(2), radix);
        } catch (NumberFormatException e) {
            throw new Fault("the integer " + text + " has more than 64 bits", at);
        }
    }

    /** The content of a string literal with its escapes replaced; unknown ones stay as they are. */
    static String unescape(String content, int at) {
        if (content.indexOf('\\') < 0) {
            return content;
        }
        StringBuilder text = new StringBuilder(content.length());
        int i = 0;
        while (i < content.length()) {
            char c = content.charAt(i++);
            if (c != '\\') {
                text.append(c);
                continue;
            }
            char escape = content.charAt(i++);
            switch (escape) {
                case '\n' -> {}
                case '\\', '\'', '"' -> text.append(escape);
                case 'a' -> text.append('\u0007');
                case 'b' -> text.append('\b');
                case 'f' -> text.append('\f');
                case 'n' -> text.append('\n');
                case 'r' -> text.append('\r');
                case 't' -> text.append('\t');
                case 'v' -> text.append('\u000b');
                case 'x' -> i = code(content, i, 2, 16, text, at);
                case 'u' -> i = code(content, i, 4, 16, text, at);
                case 'U' -> i = code(content, i, 8, 16, text, at);
                case 'N' -> i = named(content, i, text, at);
                case '0', '1', '2', '3', '4', '5', '6', '7' ->
                    i = code(content, i - 1, octalDigits(content, i - 1), 8, text, at);
                default -> text.append('\\').append(escape);
            }
        }
        return text.toString();
    }

    private static int named(String content, int from, StringBuilder text, int at) {
        int end = content.indexOf('}', from);
        try {
            if (end < 0 || content.charAt(from) != '{') {
                throw new IllegalArgumentException(content);
            }
            text.appendCodePoint(Character.codePointOf(content.substring(from + 1, end)));
        } catch (IllegalArgumentException e) {
            throw new Fault("the string holds an escape \\N{...} that names no character", at);
        }
        return end + 1;
    }

    private static int octalDigits(String content, int from) {
        int end = from;
        while (end < Math.min(from + 3, content.length()) && Character.digit(content.charAt(end), 8) >= 0) {
            end++;
        }
        return end - from;
    }

    private static int code(String content, int from, int digits, int radix, StringBuilder text, int at) {
        int end = from + digits;
        try {
            text.appendCodePoint(Integer.parseInt(content.substring(from, end), radix));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new Fault("the string holds an escape that is not a character", at);
        }
        return end;
    }
}
