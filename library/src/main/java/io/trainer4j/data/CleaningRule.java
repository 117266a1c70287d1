package io.trainer4j.data;

/** Why {@link Cleaning} removes a row; a row counts under the first rule, in this order, that holds for it. */
public enum CleaningRule {
    /** A required cell is empty, as pandas {@code dropna} finds it. */
    EMPTY_CELL("with an empty cell"),
    /** A required cell is text of white space alone, for which Python's {@code strip()} returns nothing. */
    BLANK_TEXT("with nothing but white space in a cell"),
    /** The key was that of an earlier row that is kept, as pandas {@code drop_duplicates} finds it. */
    DUPLICATE_KEY("whose text in the first of these columns occurred before");

    private final String description;

    CleaningRule(String description) {
        this.description = description;
    }

    /** What the rows have in common, to follow "removed 3 rows ". */
    String description() {
        return description;
    }
}
