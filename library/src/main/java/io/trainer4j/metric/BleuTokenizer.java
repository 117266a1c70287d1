package io.trainer4j.metric;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** How a text is cut into words before they are compared, as the tokenizers of sacrebleu 2.6 of the same names. */
public enum BleuTokenizer {
    /** Every character is a word. */
    CHAR {
        @Override
        String spaced(String text) {
            StringBuilder spaced = new StringBuilder();
            text.codePoints().forEach(c -> spaced.appendCodePoint(c).append(' '));
            return spaced.toString();
        }
    },
    /** Chinese characters are words, the rest is cut as in {@link #V13A}. */
    ZH {
        @Override
        String spaced(String text) {
            return Words.punctuated(Words.chineseApart(text));
        }
    },
    /** Words by spaces and punctuation, as mteval-v13a of WMT ({@code 13a}). */
    V13A {
        @Override
        String spaced(String text) {
            return Words.punctuated(" " + Words.unescaped(text) + " ");
        }
    };

    /** The text with white space between its words. */
    abstract String spaced(String text);

    /** The words of a text. */
    public List<String> tokenize(String text) {
        return Stream.of(Words.SPACE.split(spaced(Words.trimmed(text))))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    /** What sacrebleu advises for a text: {@link #ZH} if it has Chinese characters, else {@link #V13A}. */
    public static BleuTokenizer of(String text) {
        return text.codePoints().anyMatch(c -> Character.UnicodeScript.of(c) == Character.UnicodeScript.HAN)
                ? ZH
                : V13A;
    }

    private static final class Words {
        /** What Python's {@code str.split} takes for white space. */
        private static final Pattern SPACE = Pattern.compile(
                "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+");

        private static final Pattern OUTER_SPACE =
                Pattern.compile("\\A" + SPACE.pattern() + "|" + SPACE.pattern() + "\\z");
        private static final Pattern PUNCTUATION = Pattern.compile("([{-~\\[-` -&(-+:-@/])");
        private static final Pattern POINT_AFTER_OTHER = Pattern.compile("([^0-9])([.,])");
        private static final Pattern POINT_BEFORE_OTHER = Pattern.compile("([.,])([^0-9])");
        private static final Pattern DASH_AFTER_DIGIT = Pattern.compile("([0-9])(-)");

        /**
         * First and last code points sacrebleu takes for Chinese. 2001 to 2a6d, with much punctuation, is what becomes of
         * its extension B, written there with an escape of four digits where eight are needed; its figures have it.
         */
        private static final int[][] CHINESE = {
            {0x3400, 0x4db5},
            {0x4e00, 0x9fbb},
            {0xf900, 0xfa2d},
            {0xfa30, 0xfa6a},
            {0xfa70, 0xfad9},
            {0x2001, 0x2a6d},
            {0xff00, 0xffef},
            {0x2e80, 0x2eff},
            {0x3000, 0x303f},
            {0x31c0, 0x31ef},
            {0x2f00, 0x2fdf},
            {0x2ff0, 0x2fff},
            {0x3100, 0x312f},
            {0x31a0, 0x31bf},
            {0xfe10, 0xfe1f},
            {0xfe30, 0xfe4f},
            {0x3200, 0x33ff}
        };

        private Words() {}

        static String trimmed(String text) {
            return OUTER_SPACE.matcher(text).replaceAll("");
        }

        static String chineseApart(String text) {
            StringBuilder spaced = new StringBuilder();
            text.codePoints().forEach(c -> {
                if (isChinese(c)) {
                    spaced.append(' ').appendCodePoint(c).append(' ');
                } else {
                    spaced.appendCodePoint(c);
                }
            });
            return spaced.toString();
        }

        private static boolean isChinese(int c) {
            return Stream.of(CHINESE).anyMatch(range -> range[0] <= c && c <= range[1]);
        }

        static String unescaped(String text) {
            return text.replace("<skipped>", "")
                    .replace("-\n", "")
                    .replace('\n', ' ')
                    .replace("&quot;", "\"")
                    .replace("&amp;", "&")
                    .replace("&lt;", "<")
                    .replace("&gt;", ">");
        }

        static String punctuated(String text) {
            String apart = PUNCTUATION.matcher(text).replaceAll(" $1 ");
            apart = POINT_AFTER_OTHER.matcher(apart).replaceAll("$1 $2 ");
            apart = POINT_BEFORE_OTHER.matcher(apart).replaceAll(" $1 $2");
            return DASH_AFTER_DIGIT.matcher(apart).replaceAll("$1 $2 ");
        }
    }
}
