package io.trainer4j.data;

/** What a data file is read as. */
enum FileFormat {
    CSV,
    /** An array of objects, or JSON Lines. */
    JSON,
    /** JSON when the first character that is not white space opens an array or an object, else CSV. */
    BY_CONTENT
}
