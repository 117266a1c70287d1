package io.trainer4j.data;

/** Why {@link Cleaning} removes a row; a row counts under the first rule, in this order, that holds for it. */
public enum CleaningRule {
    /** A required cell is empty, as pandas {@code dropna} finds it. */
    EMPTY_CELL("a required cell is empty"),
    /** A required cell is text of white space alone, for which Python's {@code strip()} returns nothing. */
    BLANK_TEXT("a required cell is only white space"),
    /** Every cell, of columns that are not required too, is that of an earlier row, as pandas {@code duplicated()}. */
    DUPLICATE_ROW("all cells repeat an earlier row"),
    /** The key alone is that of an earlier row that is kept, as pandas {@code drop_duplicates(subset=key)} finds it. */
    DUPLICATE_KEY("the first required cell repeats that of an earlier row, other cells differ");

    private final String description;

    CleaningRule(String description) {
        this.description = description;
    }

    /** What the rows have in common, in words. */
    String description() {
        return description;
    }
}
