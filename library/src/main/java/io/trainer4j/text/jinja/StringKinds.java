package io.trainer4j.text.jinja;

import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/** The methods that ask what a string consists of. */
final class StringKinds {
    private static final Set<Character.UnicodeBlock> NUMERIC_BLOCKS = Set.of(
            Character.UnicodeBlock.NUMBER_FORMS,
            Character.UnicodeBlock.KANBUN,
            Character.UnicodeBlock.ENCLOSED_CJK_LETTERS_AND_MONTHS);

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

    /** Digits of numbers, and single digits that are raised, lowered or within a circle, brackets or a dot. */
    @SuppressWarnings("CharacterGetNumericValue") // circled digits have no other method
    private static boolean isDigit(int c) {
        if (Character.getType(c) != Character.OTHER_NUMBER) {
            return Character.isDigit(c);
        }
        int value = Character.getNumericValue(c);
        return value >= 0 && value <= 9 && !isFractionOrIdeograph(c);
    }

    /** Numbers of these blocks are numeric, but no digits. */
    private static boolean isFractionOrIdeograph(int c) {
        return NUMERIC_BLOCKS.contains(Character.UnicodeBlock.of(c));
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
