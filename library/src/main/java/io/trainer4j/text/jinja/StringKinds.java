package io.trainer4j.text.jinja;

import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** The methods that ask what a string consists of. */
final class StringKinds {
    static final Map<String, StringMethods.Method> ALL = Map.ofEntries(
            kind("isupper", text -> isCase(text, true)),
            kind("islower", text -> isCase(text, false)),
            kind("istitle", StringKinds::isTitle),
            kind("isspace", text -> all(text, PythonStrings::isSpace)),
            kind("isdecimal", text -> all(text, Character::isDigit)),
            kind("isdigit", text -> all(text, StringKinds::isDigit)),
            kind("isnumeric", text -> all(text, StringKinds::isNumeric)),
            kind("isalpha", text -> all(text, Character::isLetter)),
            kind("isalnum", text -> all(text, c -> Character.isLetter(c) || isNumeric(c))),
            kind("isascii", text -> text.chars().allMatch(c -> c < 0x80)),
            kind("isprintable", text -> text.codePoints().allMatch(Text::isPrintable)),
            kind("isidentifier", StringKinds::isIdentifier));

    /** Digits that are raised, lowered, or within a circle, brackets or a dot, and those of scripts without a zero. */
    private static final Predicate<String> FORMED_DIGIT = Pattern.compile(
                    "[²³¹\\u1369-\\u1371\\u19da⁰⁴-⁹₀-₉①-⑨⑴-⑼⒈-⒐⓪⓵-⓽⓿❶-❾➀-➈➊-➒\\x{10a40}-\\x{10a43}"
                            + "\\x{10e60}-\\x{10e68}\\x{11052}-\\x{1105a}\\x{1f100}-\\x{1f10a}]")
            .asMatchPredicate();

    private StringKinds() {}

    private static Map.Entry<String, StringMethods.Method> kind(String name, Predicate<String> condition) {
        return Map.entry(name, (text, arguments) -> {
            arguments.bind(name);
            return condition.test(text);
        });
    }

    private static boolean all(String text, IntPredicate condition) {
        return !text.isEmpty() && text.codePoints().allMatch(condition);
    }

    static boolean isCased(int c) {
        return Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
    }

    static boolean isCase(String text, boolean upper) {
        int[] cased = text.codePoints().filter(StringKinds::isCased).toArray();
        for (int c : cased) {
            if (upper ? !Character.isUpperCase(c) : !Character.isLowerCase(c)) {
                return false;
            }
        }
        return cased.length > 0;
    }

    private static boolean isTitle(String text) {
        boolean inWord = false;
        boolean found = false;
        for (int c : text.codePoints().toArray()) {
            if (isCased(c) && Character.isLowerCase(c) != inWord) {
                return false;
            }
            inWord = isCased(c);
            found |= inWord;
        }
        return found;
    }

    private static boolean isDigit(int c) {
        return Character.isDigit(c) || FORMED_DIGIT.test(Character.toString(c));
    }

    private static boolean isNumeric(int c) {
        int type = Character.getType(c);
        return type == Character.DECIMAL_DIGIT_NUMBER
                || type == Character.LETTER_NUMBER
                || type == Character.OTHER_NUMBER
                || (type == Character.OTHER_LETTER && "一二三四五六七八九十百千万億〇零".indexOf(c) >= 0);
    }

    private static boolean isIdentifier(String text) {
        return !text.isEmpty()
                && (text.codePointAt(0) == '_' || Character.isLetter(text.codePointAt(0)))
                && text.codePoints().allMatch(c -> c == '_' || Character.isUnicodeIdentifierPart(c));
    }
}
