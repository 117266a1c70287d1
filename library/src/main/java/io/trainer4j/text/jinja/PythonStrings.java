package io.trainer4j.text.jinja;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Operations on strings that Java does differently; positions count code points. */
final class PythonStrings {
    private static final Pattern LINE_BREAK =
            Pattern.compile("\r\n|[\n\r\u000b\f\u001c\u001d\u001e\u0085\u2028\u2029]");

    private PythonStrings() {}

    static boolean isSpace(int c) {
        return (c >= 0x09 && c <= 0x0d) || (c >= 0x1c && c <= 0x20) || c == 0x85 || Character.isSpaceChar(c);
    }

    /**
     * Removes characters at the ends.
     *
     * @param characters those to remove, null for white space
     */
    static String strip(String text, String characters, boolean left, boolean right) {
        int start = 0;
        int end = text.length();
        while (left && start < end && goes(text.codePointAt(start), characters)) {
            start += Character.charCount(text.codePointAt(start));
        }
        while (right && start < end && goes(text.codePointBefore(end), characters)) {
            end -= Character.charCount(text.codePointBefore(end));
        }
        return text.substring(start, end);
    }

    private static boolean goes(int c, String characters) {
        return characters == null ? isSpace(c) : characters.indexOf(c) >= 0;
    }

    static List<Object> characters(String text) {
        List<Object> characters = new ArrayList<>(text.length());
        text.codePoints().forEach(c -> characters.add(Character.toString(c)));
        return characters;
    }

    static int order(String left, String right) {
        int same = 0;
        while (same < Math.min(left.length(), right.length()) && left.charAt(same) == right.charAt(same)) {
            same++;
        }
        if (same == left.length() || same == right.length()) {
            return Integer.compare(left.length(), right.length());
        }
        char a = left.charAt(same);
        char b = right.charAt(same);
        // Half a pair stands for a character above all others.
        return Character.isSurrogate(a) == Character.isSurrogate(b)
                ? Character.compare(a, b)
                : Boolean.compare(Character.isSurrogate(a), Character.isSurrogate(b));
    }

    /**
     * Splits at a separator, or at white space where it is null.
     *
     * @param limit splits at most, negative for all
     */
    static List<Object> split(String text, String separator, long limit) {
        List<Object> parts = new ArrayList<>();
        if (separator == null) {
            int start = skip(text, 0, true);
            while (start < text.length()) {
                int end = limit >= 0 && parts.size() >= limit ? text.length() : skip(text, start, false);
                parts.add(text.substring(start, end));
                start = skip(text, end, true);
            }
            return parts;
        }
        checkSeparator(separator);
        int from = 0;
        int end;
        while ((limit < 0 || parts.size() < limit) && (end = text.indexOf(separator, from)) >= 0) {
            parts.add(text.substring(from, end));
            from = end + separator.length();
        }
        parts.add(text.substring(from));
        return parts;
    }

    /** Where the run of white space, or of other characters, ends that begins at an index. */
    private static int skip(String text, int from, boolean space) {
        int at = from;
        while (at < text.length() && isSpace(text.codePointAt(at)) == space) {
            at += Character.charCount(text.codePointAt(at));
        }
        return at;
    }

    /** As {@link #split}, from the end. */
    static List<Object> splitFromEnd(String text, String separator, long limit) {
        ArrayDeque<Object> parts = new ArrayDeque<>();
        if (separator == null) {
            int end = skipBack(text, text.length(), true);
            while (end > 0) {
                int start = limit >= 0 && parts.size() >= limit ? 0 : skipBack(text, end, false);
                parts.addFirst(text.substring(start, end));
                end = skipBack(text, start, true);
            }
            return new ArrayList<>(parts);
        }
        checkSeparator(separator);
        int to = text.length();
        int start;
        while ((limit < 0 || parts.size() < limit)
                && (start = text.lastIndexOf(separator, to - separator.length())) >= 0) {
            parts.addFirst(text.substring(start + separator.length(), to));
            to = start;
        }
        parts.addFirst(text.substring(0, to));
        return new ArrayList<>(parts);
    }

    private static int skipBack(String text, int from, boolean space) {
        int at = from;
        while (at > 0 && isSpace(text.codePointBefore(at)) == space) {
            at -= Character.charCount(text.codePointBefore(at));
        }
        return at;
    }

    static void checkSeparator(String separator) {
        if (separator.isEmpty()) {
            throw new Fault("a string cannot be split at an empty separator");
        }
    }

    static List<Object> lines(String text, boolean keepEnds) {
        List<Object> lines = new ArrayList<>();
        java.util.regex.Matcher ends = LINE_BREAK.matcher(text);
        int from = 0;
        while (ends.find()) {
            lines.add(text.substring(from, keepEnds ? ends.end() : ends.start()));
            from = ends.end();
        }
        if (from < text.length()) {
            lines.add(text.substring(from));
        }
        return lines;
    }

    /**
     * Replaces a part wherever it occurs.
     *
     * @param limit replacements at most, negative for all
     */
    static String replace(String text, String old, String replacement, long limit) {
        StringBuilder out = new StringBuilder();
        int from = 0;
        long count = 0;
        while (limit < 0 || count < limit) {
            int found = text.indexOf(old, from);
            boolean between = old.isEmpty() && count > 0;
            if (found < 0 || (between && from >= text.length())) {
                break;
            }
            // An empty part occurs before every character and at the end.
            int end = between ? text.offsetByCodePoints(from, 1) : found;
            out.append(text, from, end).append(replacement);
            from = end + old.length();
            count++;
            Budget.room(out.length());
        }
        return out.append(text, from, text.length()).toString();
    }

    static String upper(String text) {
        return text.toUpperCase(Locale.ROOT);
    }

    static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /** Lower case for comparisons, of which the sharp s is the only letter in wide use that differs. */
    static String casefold(String text) {
        return lower(text.replace("ß", "ss").replace("ẞ", "ss").replace('ς', 'σ'));
    }

    static String swapCase(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            String letter = Character.toString(c);
            out.append(Character.isUpperCase(c) ? lower(letter) : Character.isLowerCase(c) ? upper(letter) : letter);
        });
        return out.toString();
    }

    static String capitalize(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int first = text.offsetByCodePoints(0, 1);
        return title(text.substring(0, first)) + lower(text.substring(first));
    }

    /** Words start with an upper-case letter; a word is a run of letters. */
    static String title(String text) {
        StringBuilder out = new StringBuilder(text.length());
        boolean inWord = false;
        for (int c : text.codePoints().toArray()) {
            out.append(inWord ? lower(Character.toString(c)) : titleCase(c));
            inWord = StringKinds.isCased(c);
        }
        return out.toString();
    }

    private static String titleCase(int c) {
        String upper = upper(Character.toString(c));
        return Character.toTitleCase(c) == c && upper.length() > 1
                ? upper.charAt(0) + lower(upper.substring(1))
                : Character.toString(Character.toTitleCase(c));
    }

    static String indent(String text, String indention, boolean first, boolean blank) {
        List<Object> lines = lines(text + "\n", false);
        StringBuilder out = new StringBuilder(first ? indention : "");
        for (int i = 0; i < lines.size(); i++) {
            String line = (String) lines.get(i);
            if (i > 0) {
                out.append('\n').append(blank || !line.isEmpty() ? indention : "");
            }
            out.append(line);
            Budget.room(out.length());
        }
        return out.toString();
    }
}
