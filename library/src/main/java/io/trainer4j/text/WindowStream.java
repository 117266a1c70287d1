package io.trainer4j.text;

import java.util.Arrays;
import java.util.function.Function;

/**
 * For tokens that spell characters, some of them single bytes: decodes a window of the tokens that were returned last and
 * those that were not yet, so that a token's text can depend on the one before it (a leading space, for example).
 */
final class WindowStream implements StreamingDecoder {
    private static final String REPLACEMENT = "\uFFFD";

    /** So many single bytes make up a character at most; more of them are not going to become one. */
    private static final int LONGEST_CHARACTER = 4;

    private final Function<int[], String> decode;
    private int[] window = new int[0];
    private int returned;

    WindowStream(Function<int[], String> decode) {
        this.decode = decode;
    }

    @Override
    public String put(int id) {
        window = Arrays.copyOf(window, window.length + 1);
        window[window.length - 1] = id;
        String text = decode.apply(window);
        if (text.endsWith(REPLACEMENT) && window.length - returned < LONGEST_CHARACTER) {
            return "";
        }
        String before = decode.apply(Arrays.copyOf(window, returned));
        if (text.length() <= before.length()) {
            return "";
        }
        window = Arrays.copyOfRange(window, returned, window.length);
        returned = window.length;
        return text.substring(before.length());
    }

    @Override
    public String end() {
        String before = decode.apply(Arrays.copyOf(window, returned));
        String text = decode.apply(window);
        window = new int[0];
        returned = 0;
        return text.length() <= before.length()
                ? ""
                : text.substring(before.length()).replaceFirst(REPLACEMENT + "+$", "");
    }
}
