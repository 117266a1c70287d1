package io.trainer4j.text.jinja;

import java.util.Optional;

/** An expression that asks a value for something: a part of it, or what a function, filter or test makes of it. */
sealed interface Access extends Expression {
    record Attribute(Expression target, String name, int at) implements Access {
        @Override
        public Object evaluate(Frame frame) {
            return Members.attribute(target.value(frame), name);
        }
    }

    record Item(Expression target, Expression index, int at) implements Access {
        @Override
        public Object evaluate(Frame frame) {
            return Members.item(target.value(frame), index.value(frame));
        }
    }

    record Slice(
            Expression target, Optional<Expression> start, Optional<Expression> stop, Optional<Expression> step, int at)
            implements Access {
        @Override
        public Object evaluate(Frame frame) {
            return Members.slice(target.value(frame), bound(start, frame), bound(stop, frame), bound(step, frame));
        }

        private static Object bound(Optional<Expression> bound, Frame frame) {
            return bound.isPresent() ? bound.get().value(frame) : null;
        }
    }

    record Call(Expression target, ArgumentList arguments, int at) implements Access {
        @Override
        public Object evaluate(Frame frame) {
            return call(frame, arguments.evaluate(frame));
        }

        /** Calls with arguments that are computed already. */
        Object call(Frame frame, Arguments given) {
            Object function = target.value(frame);
            if (function instanceof Callable callable) {
                return callable.call(given, frame.rendering());
            }
            throw Values.unusable(function, "cannot be called");
        }
    }

    record Filter(Optional<Expression> target, String name, ArgumentList arguments, int at) implements Access {
        @Override
        public Object evaluate(Frame frame) {
            return apply(target.orElseThrow().value(frame), frame);
        }

        /** Filters a given value: that of a filter block, or of the filter further in. */
        Object apply(Object value, Frame frame) {
            Object input = value;
            if (target.isPresent() && target.get() instanceof Filter inner && inner.isOpen()) {
                input = inner.apply(value, frame);
            }
            return Filters.apply(name, input, arguments.evaluate(frame), frame.rendering());
        }

        /** Whether the value comes from outside: the chain of a filter block. */
        private boolean isOpen() {
            return target.isEmpty() || (target.get() instanceof Filter inner && inner.isOpen());
        }
    }

    record Test(Expression target, String name, ArgumentList arguments, int at) implements Access {
        @Override
        public Object evaluate(Frame frame) {
            return Tests.apply(name, target.value(frame), arguments.evaluate(frame));
        }
    }
}
