package io.trainer4j.report;

import java.util.Map;

/** The letters and digits a chart of losses needs, in dots. */
final class Glyphs {
    static final int WIDTH = 5;
    static final int HEIGHT = 7;

    /** Five columns of two hexadecimal digits each, the lowest bit on top; other characters are blank. */
    private static final Map<Character, String> COLUMNS = Map.ofEntries(
            Map.entry('0', "3E5149453E"),
            Map.entry('1', "00427F4000"),
            Map.entry('2', "4261514946"),
            Map.entry('3', "2141454B31"),
            Map.entry('4', "1814127F10"),
            Map.entry('5', "2745454539"),
            Map.entry('6', "3C4A494930"),
            Map.entry('7', "0171090503"),
            Map.entry('8', "3649494936"),
            Map.entry('9', "064949291E"),
            Map.entry('.', "0060600000"),
            Map.entry('-', "0808080808"),
            Map.entry('+', "08083E0808"),
            Map.entry('a', "2054545478"),
            Map.entry('e', "3854545418"),
            Map.entry('g', "0C5252523E"),
            Map.entry('i', "00447D4000"),
            Map.entry('l', "00417F4000"),
            Map.entry('n', "7C08040478"),
            Map.entry('o', "3844444438"),
            Map.entry('p', "7C14141408"),
            Map.entry('r', "7C08040408"),
            Map.entry('s', "4854545420"),
            Map.entry('t', "043F444020"),
            Map.entry('u', "3C4040207C"),
            Map.entry('v', "1C2040201C"));

    private Glyphs() {}

    static boolean isInk(char character, int column, int row) {
        String columns = COLUMNS.getOrDefault(character, "0000000000");
        return (Integer.parseInt(columns.substring(column * 2, column * 2 + 2), 16) >> row & 1) == 1;
    }
}
