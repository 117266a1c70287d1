package io.trainer4j.text.jinja;

/**
 * A piece of a template.
 *
 * @param text the text, name or operator as written; of strings the content
 * @param value of literals
 * @param at offset in the template
 */
record Token(Kind kind, String text, Object value, int at) {
    enum Kind {
        DATA("text"),
        OUTPUT_BEGIN("'{{'"),
        OUTPUT_END("'}}'"),
        BLOCK_BEGIN("'{%'"),
        BLOCK_END("'%}'"),
        NAME("a name"),
        STRING("a string"),
        INTEGER("an integer"),
        FLOAT("a number"),
        OPERATOR("an operator"),
        END("the end of the template");

        private final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    static Token of(Kind kind, String text, int at) {
        return new Token(kind, text, text, at);
    }

    boolean isName(String name) {
        return kind == Kind.NAME && text.equals(name);
    }

    boolean isOperator(String operator) {
        return kind == Kind.OPERATOR && text.equals(operator);
    }

    /** For messages. */
    String words() {
        return kind == Kind.NAME || kind == Kind.OPERATOR ? "'" + text + "'" : kind.words;
    }
}
