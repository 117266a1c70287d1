package io.trainer4j.data;

/** Why {@link Cleaning} removes a row; a row counts under the first rule, in this order, that holds for it. */
public enum CleaningRule {
    /** A required cell is empty, as pandas {@code dropna} finds it. */
    EMPTY_CELL("a required cell is empty"),
    /** A required cell is text of white space alone, for which Python's {@code strip()} returns nothing. */
    BLANK_TEXT("a required cell is only white space"),
    /** The key was that of an earlier row that is kept, as pandas {@code drop_duplicates} finds it. */
    DUPLICATE_KEY("the first required cell repeats that of an earlier row");

    private final String description;

    CleaningRule(String description) {
        this.description = description;
    }

    /** What the rows have in common, in words. */
    String description() {
        return description;
    }
}
