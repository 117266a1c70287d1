package io.trainer4j.text.jinja;

import io.trainer4j.text.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads expressions; each method is one level of precedence, from loose to tight, as in Jinja's parser.py. */
final class ExpressionParser {
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

    private final TokenStream tokens;
    private final OperandParser operandParser;

    ExpressionParser(TokenStream tokens) {
        this.tokens = tokens;
        this.operandParser = new OperandParser(tokens, this);
    }

    /** {@code name} or {@code name(arguments)} behind a bar; without a value in front of it for filter blocks. */
    Access.Filter filter(Optional<Expression> value) {
        return operandParser.filter(value);
    }

    /** One expression, or several with commas between them as a tuple. */
    Expression tuple(boolean conditional) {
        Token start = tokens.current();
        List<Expression> items = new ArrayList<>();
        boolean comma = false;
        while (!endsTuple()) {
            items.add(conditional ? expression() : or());
            if (!tokens.skipOperator(",")) {
                break;
            }
            comma = true;
        }
        if (comma) {
            return new Expression.TupleLiteral(items, start.at());
        }
        if (items.isEmpty()) {
            throw new Fault("expected an expression and found " + start.words(), start.at());
        }
        return items.get(0);
    }

    private boolean endsTuple() {
        return tokens.at(Kind.OUTPUT_END) || tokens.at(Kind.BLOCK_END) || tokens.atOperator(")");
    }

    Expression expression() {
        tokens.enter();
        Expression result = or();
        while (tokens.atName("if")) {
            int at = tokens.next().at();
            Expression test = or();
            Optional<Expression> otherwise = tokens.skipName("else") ? Optional.of(expression()) : Optional.empty();
            result = new Expression.Conditional(test, result, otherwise, at);
        }
        tokens.leave();
        return result;
    }

    private Expression or() {
        Expression left = and();
        while (tokens.atName("or")) {
            int at = tokens.next().at();
            left = new Expression.Or(left, and(), at);
        }
        return left;
    }

    private Expression and() {
        Expression left = not();
        while (tokens.atName("and")) {
            int at = tokens.next().at();
            left = new Expression.And(left, not(), at);
        }
        return left;
    }

    private Expression not() {
        if (!tokens.atName("not")) {
            return comparison();
        }
        int at = tokens.next().at();
        tokens.enter();
        Expression operand = not();
        tokens.leave();
        return new Expression.Not(operand, at);
    }

    private Expression comparison() {
        Expression first = sum();
        List<Expression.Comparison.Operand> operands = new ArrayList<>();
        int at = tokens.current().at();
        while (true) {
            if (tokens.at(Kind.OPERATOR)
                    && COMPARISONS.contains(tokens.current().text())) {
                operands.add(new Expression.Comparison.Operand(tokens.next().text(), sum()));
            } else if (tokens.skipName("in")) {
                operands.add(new Expression.Comparison.Operand("in", sum()));
            } else if (tokens.atName("not") && tokens.look().isName("in")) {
                tokens.next();
                tokens.next();
                operands.add(new Expression.Comparison.Operand("not in", sum()));
            } else {
                return operands.isEmpty() ? first : new Expression.Comparison(first, operands, at);
            }
        }
    }

    private Expression sum() {
        Expression left = concatenation();
        while (tokens.atOperator("+") || tokens.atOperator("-")) {
            Token operator = tokens.next();
            left = new Expression.Arithmetic(operator.text(), left, concatenation(), operator.at());
        }
        return left;
    }

    private Expression concatenation() {
        Expression first = product();
        if (!tokens.atOperator("~")) {
            return first;
        }
        int at = tokens.current().at();
        List<Expression> parts = new ArrayList<>(List.of(first));
        while (tokens.skipOperator("~")) {
            parts.add(product());
        }
        return new Expression.Concatenation(parts, at);
    }

    private Expression product() {
        Expression left = power();
        while (tokens.atOperator("*") || tokens.atOperator("/") || tokens.atOperator("//") || tokens.atOperator("%")) {
            Token operator = tokens.next();
            left = new Expression.Arithmetic(operator.text(), left, power(), operator.at());
        }
        return left;
    }

    private Expression power() {
        Expression left = unary(true);
        while (tokens.atOperator("**")) {
            int at = tokens.next().at();
            left = new Expression.Arithmetic("**", left, unary(true), at);
        }
        return left;
    }

    private Expression unary(boolean withFilter) {
        Expression result;
        if (tokens.atOperator("-") || tokens.atOperator("+")) {
            Token sign = tokens.next();
            tokens.enter();
            result = new Expression.Signed(sign.text().equals("-"), unary(false), sign.at());
            tokens.leave();
        } else {
            result = operandParser.primary();
        }
        result = operandParser.postfix(result);
        return withFilter ? operandParser.filters(result) : result;
    }
}
