package io.trainer4j.text.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A part of a template that has a value. */
sealed interface Expression
        permits Access,
                Expression.Literal,
                Expression.Name,
                Expression.ListLiteral,
                Expression.TupleLiteral,
                Expression.MapLiteral,
                Expression.Conditional,
                Expression.Or,
                Expression.And,
                Expression.Not,
                Expression.Comparison,
                Expression.Arithmetic,
                Expression.Signed,
                Expression.Concatenation {
    /** Offset in the template. */
    int at();

    /** Computes the value; called through {@link #value(Frame)}. */
    Object evaluate(Frame frame);

    /** The value in a frame; what goes wrong gets this expression's position. */
    default Object value(Frame frame) {
        try {
            Object value = evaluate(frame);
            frame.rendering().budget().spend(value);
            return value;
        } catch (Fault fault) {
            throw fault.at(at());
        }
    }

    record Literal(Object constant, int at) implements Expression {
        @Override
        public Object evaluate(Frame frame) {
            return constant;
        }
    }

    record Name(String name, int at) implements Expression {
        @Override
        public Object evaluate(Frame frame) {
            return frame.lookup(name);
        }
    }

    record ListLiteral(List<Expression> items, int at) implements Expression {
        @Override
        public Object evaluate(Frame frame) {
            List<Object> values = new ArrayList<>(items.size());
            items.forEach(item -> values.add(item.value(frame)));
            return values;
        }
    }

    record TupleLiteral(List<Expression> items, int at) implements Expression {
        @Override
        public Object evaluate(Frame frame) {
            return new Tuple(items.stream().map(item -> item.value(frame)).toArray());
        }
    }

    record MapLiteral(List<Map.Entry<Expression, Expression>> entries, int at) implements Expression {
        @Override
        public Object evaluate(Frame frame) {
            Map<Object, Object> values = new LinkedHashMap<>();
            entries.forEach(entry -> {
                Object key = Values.key(entry.getKey().value(frame));
                values.put(MapMethods.held(values, key), entry.getValue().value(frame));
            });
            return values;
        }
    }

    record Conditional(Expression test, Expression then, Optional<Expression> otherwise, int at) implements Expression {
        @Override
        public Object evaluate(Frame frame) {
            if (Values.truth(test.value(frame))) {
                return then.value(frame);
            }
            return otherwise.isPresent()
                    ? otherwise.get().value(frame)
                    : new Undefined("the value of an if without else whose condition is false is undefined");
        }
    }

    record Or(Expression left, Expression right, int at) implements Expression {
        @Override
        public Object evaluate(Frame frame) {
            Object value = left.value(frame);
            return Values.truth(value) ? value : right.value(frame);
        }
    }

    record And(Expression left, Expression right, int at) implements Expression {
        @Override
        public Object evaluate(Frame frame) {
            Object value = left.value(frame);
            return Values.truth(value) ? right.value(frame) : value;
        }
    }

    record Not(Expression operand, int at) implements Expression {
        @Override
        public Object evaluate(Frame frame) {
            return !Values.truth(operand.value(frame));
        }
    }

    /** {@code a < b <= c}: true where every neighbouring pair is in order. */
    record Comparison(Expression first, List<Operand> operands, int at) implements Expression {
        record Operand(String operator, Expression value) {}

        @Override
        public Object evaluate(Frame frame) {
            Object left = first.value(frame);
            for (Operand operand : operands) {
                Object right = operand.value().value(frame);
                if (!Operators.compare(operand.operator(), left, right)) {
                    return false;
                }
                left = right;
            }
            return true;
        }
    }

    record Arithmetic(String operator, Expression left, Expression right, int at) implements Expression {
        @Override
        public Object evaluate(Frame frame) {
            return Operators.apply(operator, left.value(frame), right.value(frame));
        }
    }

    record Signed(boolean negative, Expression operand, int at) implements Expression {
        @Override
        public Object evaluate(Frame frame) {
            return Numbers.signed(negative, operand.value(frame));
        }
    }

    record Concatenation(List<Expression> parts, int at) implements Expression {
        @Override
        public Object evaluate(Frame frame) {
            StringBuilder text = new StringBuilder();
            for (Expression part : parts) {
                text.append(Text.of(part.value(frame)));
                Budget.room(text.length());
            }
            return text.toString();
        }
    }
}
