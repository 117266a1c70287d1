package io.trainer4j.text.jinja;

/** A string that the filter {@code safe} marked: text added to it is escaped for HTML, as Python's Markup does. */
record SafeText(String text) {
    SafeText plus(Object other) {
        return new SafeText(text + escape(other));
    }

    static String escape(Object value) {
        return value instanceof SafeText safe
                ? safe.text
                : Text.of(value)
                        .replace("&", "&amp;")
                        .replace(">", "&gt;")
                        .replace("<", "&lt;")
                        .replace("'", "&#39;")
                        .replace("\"", "&#34;");
    }
}
