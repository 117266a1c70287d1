package io.trainer4j.text.jinja;

import io.trainer4j.text.jinja.Token.Kind;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The tokens of a template, read from front to back. */
final class TokenStream {
    /** Deeper than any template; the interpreter needs the thread's stack for it. */
    private static final int DEEPEST = 100;

    private final List<Token> tokens;
    private int position;
    private int depth;

    TokenStream(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token current() {
        return tokens.get(position);
    }

    Token look() {
        return tokens.get(Math.min(position + 1, tokens.size() - 1));
    }

    Token next() {
        Token token = current();
        if (token.kind() != Kind.END) {
            position++;
        }
        return token;
    }

    boolean at(Kind kind) {
        return current().kind() == kind;
    }

    boolean atName(String name) {
        return current().isName(name);
    }

    boolean atOperator(String operator) {
        return current().isOperator(operator);
    }

    /** How many tokens have been read. */
    int position() {
        return position;
    }

    /** Those of some names that occur from a position up to here. */
    Set<String> namesSince(int start, Set<String> names) {
        return tokens.subList(start, position).stream()
                .filter(token -> token.kind() == Kind.NAME && names.contains(token.text()))
                .map(Token::text)
                .collect(Collectors.toUnmodifiableSet());
    }

    boolean skipName(String name) {
        return skip(atName(name));
    }

    boolean skipOperator(String operator) {
        return skip(atOperator(operator));
    }

    private boolean skip(boolean matches) {
        if (matches) {
            next();
        }
        return matches;
    }

    String expectName() {
        return expect(at(Kind.NAME), "a name").text();
    }

    Token expectName(String name) {
        return expect(atName(name), "'" + name + "'");
    }

    Token expectOperator(String operator) {
        return expect(atOperator(operator), "'" + operator + "'");
    }

    Token expect(Kind kind) {
        return expect(at(kind), Token.of(kind, "", 0).words());
    }

    private Token expect(boolean matches, String words) {
        if (!matches) {
            throw new Fault(
                    "expected " + words + " and found " + current().words(),
                    current().at());
        }
        return next();
    }

    /** Counts a nested construct; {@link #leave()} when it is read. */
    void enter() {
        if (++depth > DEEPEST) {
            throw new Fault(
                    "more than " + DEEPEST + " constructs are nested", current().at());
        }
    }

    void leave() {
        depth--;
    }
}
