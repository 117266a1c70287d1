package io.trainer4j.text.jinja;

import io.trainer4j.text.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads names and literals and what follows them: attributes, items, calls, filters and tests. */
final class OperandParser {
    private static final Set<String> NO_TEST_ARGUMENT = Set.of("else", "or", "and");

    private final TokenStream tokens;
    private final ExpressionParser expressions;

    OperandParser(TokenStream tokens, ExpressionParser expressions) {
        this.tokens = tokens;
        this.expressions = expressions;
    }

    Expression primary() {
        Token token = tokens.next();
        return switch (token.kind()) {
            case NAME -> name(token);
            case STRING -> {
                StringBuilder text = new StringBuilder(token.text());
                while (tokens.at(Kind.STRING)) {
                    text.append(tokens.next().text());
                }
                yield new Expression.Literal(text.toString(), token.at());
            }
            case INTEGER, FLOAT -> new Expression.Literal(token.value(), token.at());
            case OPERATOR -> bracketed(token);
            default -> throw new Fault(token.words() + " is not expected here", token.at());
        };
    }

    private static Expression name(Token token) {
        return switch (token.text()) {
            case "true", "True" -> new Expression.Literal(true, token.at());
            case "false", "False" -> new Expression.Literal(false, token.at());
            case "none", "None" -> new Expression.Literal(null, token.at());
            default -> new Expression.Name(token.text(), token.at());
        };
    }

    private Expression bracketed(Token token) {
        switch (token.text()) {
            case "(" -> {
                Expression inner = tokens.atOperator(")")
                        ? new Expression.TupleLiteral(List.of(), token.at())
                        : expressions.tuple(true);
                tokens.expectOperator(")");
                return inner;
            }
            case "[" -> {
                List<Expression> items = new ArrayList<>();
                while (!tokens.atOperator("]")) {
                    items.add(expressions.expression());
                    if (!tokens.skipOperator(",")) {
                        break;
                    }
                }
                tokens.expectOperator("]");
                return new Expression.ListLiteral(items, token.at());
            }
            case "{" -> {
                return mapping(token.at());
            }
            default -> throw new Fault(token.words() + " is not expected here", token.at());
        }
    }

    private Expression mapping(int at) {
        List<Map.Entry<Expression, Expression>> entries = new ArrayList<>();
        while (!tokens.atOperator("}")) {
            Expression key = expressions.expression();
            tokens.expectOperator(":");
            entries.add(Map.entry(key, expressions.expression()));
            if (!tokens.skipOperator(",")) {
                break;
            }
        }
        tokens.expectOperator("}");
        return new Expression.MapLiteral(entries, at);
    }

    Expression postfix(Expression start) {
        Expression result = start;
        while (true) {
            if (tokens.atOperator(".") || tokens.atOperator("[")) {
                result = subscript(result);
            } else if (tokens.atOperator("(")) {
                result = call(result);
            } else {
                return result;
            }
        }
    }

    Expression filters(Expression start) {
        Expression result = start;
        while (true) {
            if (tokens.atOperator("|")) {
                result = filter(Optional.of(result));
            } else if (tokens.atName("is")) {
                result = test(result);
            } else if (tokens.atOperator("(")) {
                result = call(result);
            } else {
                return result;
            }
        }
    }

    private Expression subscript(Expression target) {
        Token token = tokens.next();
        if (token.text().equals(".")) {
            Token name = tokens.next();
            if (name.kind() == Kind.INTEGER) {
                return new Access.Item(target, new Expression.Literal(name.value(), name.at()), token.at());
            }
            if (name.kind() != Kind.NAME) {
                throw new Fault("expected a name or an integer and found " + name.words(), name.at());
            }
            return new Access.Attribute(target, name.text(), token.at());
        }
        Optional<Expression> start = tokens.atOperator(":") ? Optional.empty() : Optional.of(expressions.expression());
        Expression result;
        if (tokens.skipOperator(":")) {
            Optional<Expression> stop = bound();
            Optional<Expression> step = tokens.skipOperator(":") ? bound() : Optional.empty();
            result = new Access.Slice(target, start, stop, step, token.at());
        } else {
            result = new Access.Item(target, index(start.orElseThrow(), token.at()), token.at());
        }
        tokens.expectOperator("]");
        return result;
    }

    /** One expression, or several with commas between them as a tuple. */
    private Expression index(Expression first, int at) {
        List<Expression> items = new ArrayList<>(List.of(first));
        while (tokens.skipOperator(",") && !tokens.atOperator("]")) {
            items.add(expressions.expression());
        }
        return items.size() == 1 ? first : new Expression.TupleLiteral(items, at);
    }

    private Optional<Expression> bound() {
        return tokens.atOperator(":") || tokens.atOperator("]")
                ? Optional.empty()
                : Optional.of(expressions.expression());
    }

    Access.Call call(Expression target) {
        int at = tokens.current().at();
        return new Access.Call(target, arguments(), at);
    }

    /** {@code name} or {@code name(arguments)} behind a bar; without a value in front of it for filter blocks. */
    Access.Filter filter(Optional<Expression> value) {
        Token bar = tokens.current();
        if (value.isPresent() || bar.isOperator("|")) {
            tokens.expectOperator("|");
        }
        String name = dottedName();
        ArgumentList arguments = tokens.atOperator("(") ? arguments() : ArgumentList.NONE;
        return new Access.Filter(value, name, arguments, bar.at());
    }

    private Expression test(Expression value) {
        int at = tokens.expectName("is").at();
        boolean negated = tokens.skipName("not");
        String name = dottedName();
        ArgumentList arguments = ArgumentList.NONE;
        if (tokens.atOperator("(")) {
            arguments = arguments();
        } else if (startsTestArgument()) {
            if (tokens.atName("is")) {
                throw new Fault(
                        "tests with 'is' cannot be chained", tokens.current().at());
            }
            arguments = new ArgumentList(List.of(postfix(primary())), List.of(), Optional.empty(), Optional.empty());
        }
        Expression test = new Access.Test(value, name, arguments, at);
        return negated ? new Expression.Not(test, at) : test;
    }

    private boolean startsTestArgument() {
        Token token = tokens.current();
        return switch (token.kind()) {
            case NAME -> !NO_TEST_ARGUMENT.contains(token.text());
            case STRING, INTEGER, FLOAT -> true;
            case OPERATOR -> token.text().equals("[") || token.text().equals("{");
            default -> false;
        };
    }

    private String dottedName() {
        StringBuilder name = new StringBuilder(tokens.expectName());
        while (tokens.skipOperator(".")) {
            name.append('.').append(tokens.expectName());
        }
        return name.toString();
    }

    private ArgumentList arguments() {
        Token open = tokens.expectOperator("(");
        List<Expression> positional = new ArrayList<>();
        List<Map.Entry<String, Expression>> named = new ArrayList<>();
        Optional<Expression> spread = Optional.empty();
        Optional<Expression> spreadNamed = Optional.empty();
        while (!tokens.atOperator(")")) {
            if (tokens.skipOperator("*")) {
                check(spread.isEmpty() && spreadNamed.isEmpty(), open);
                spread = Optional.of(expressions.expression());
            } else if (tokens.skipOperator("**")) {
                check(spreadNamed.isEmpty(), open);
                spreadNamed = Optional.of(expressions.expression());
            } else if (tokens.at(Kind.NAME) && tokens.look().isOperator("=")) {
                check(spreadNamed.isEmpty(), open);
                String name = tokens.next().text();
                tokens.next();
                named.add(Map.entry(name, expressions.expression()));
            } else {
                check(spread.isEmpty() && spreadNamed.isEmpty() && named.isEmpty(), open);
                positional.add(expressions.expression());
            }
            if (!tokens.skipOperator(",")) {
                break;
            }
        }
        tokens.expectOperator(")");
        return new ArgumentList(positional, named, spread, spreadNamed);
    }

    private static void check(boolean inOrder, Token open) {
        if (!inOrder) {
            throw new Fault("the arguments of this call are not in order: positional, named, *list, **dict", open.at());
        }
    }
}
