package io.trainer4j.text.jinja;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** A part of a template that writes text or changes variables. */
sealed interface Statement {
    /** Offset in the template. */
    int at();

    /** Runs; called through {@link #run(List, Frame, StringBuilder)}. */
    Flow execute(Frame frame, StringBuilder out);

    /** Runs statements in order up to the first jump. */
    static Flow run(List<Statement> statements, Frame frame, StringBuilder out) {
        for (Statement statement : statements) {
            try {
                frame.rendering().budget().step();
                Flow flow = statement.execute(frame, out);
                if (flow != Flow.NEXT) {
                    return flow;
                }
                Budget.room(out.length());
            } catch (Fault fault) {
                throw fault.at(statement.at());
            }
        }
        return Flow.NEXT;
    }

    /** Runs the body of a block that no jump leaves. */
    static String text(List<Statement> body, Frame frame) {
        StringBuilder text = new StringBuilder();
        run(body, frame, text);
        return text.toString();
    }

    /** What is assigned to. */
    sealed interface Target {
        void assign(Object value, Frame frame);

        record Variable(String name) implements Target {
            @Override
            public void assign(Object value, Frame frame) {
                frame.set(name, value);
            }
        }

        record Attribute(String name, String attribute) implements Target {
            @Override
            public void assign(Object value, Frame frame) {
                if (!(frame.lookup(name) instanceof Namespace namespace)) {
                    throw new Fault("'" + name + "' is not a namespace whose attributes can be set");
                }
                namespace.attributes().put(attribute, value);
            }
        }

        record Several(List<Target> targets) implements Target {
            @Override
            public void assign(Object value, Frame frame) {
                List<Object> values = Values.list(value);
                if (values.size() != targets.size()) {
                    throw new Fault(values.size() + " values cannot be unpacked to " + targets.size() + " variables");
                }
                for (int i = 0; i < targets.size(); i++) {
                    targets.get(i).assign(values.get(i), frame);
                }
            }
        }
    }

    record Data(String text, int at) implements Statement {
        @Override
        public Flow execute(Frame frame, StringBuilder out) {
            out.append(text);
            return Flow.NEXT;
        }
    }

    record Output(Expression value, int at) implements Statement {
        @Override
        public Flow execute(Frame frame, StringBuilder out) {
            out.append(Text.of(value.value(frame)));
            return Flow.NEXT;
        }
    }

    record Choice(List<Branch> branches, List<Statement> otherwise, int at) implements Statement {
        record Branch(Expression test, List<Statement> body) {}

        @Override
        public Flow execute(Frame frame, StringBuilder out) {
            for (Branch branch : branches) {
                if (Values.truth(branch.test().value(frame))) {
                    return run(branch.body(), frame, out);
                }
            }
            return run(otherwise, frame, out);
        }
    }

    record Loop(
            Target target,
            Expression items,
            Optional<Expression> test,
            List<Statement> body,
            List<Statement> otherwise,
            int at)
            implements Statement {
        @Override
        public Flow execute(Frame frame, StringBuilder out) {
            LoopState loop =
                    new LoopState(selected(Values.iterate(items.value(frame)).iterator(), frame));
            // As Jinja: only a round that no jump cuts short counts against the else block.
            boolean completed = false;
            while (loop.advance()) {
                frame.rendering().budget().step();
                Frame inner = frame.child();
                target.assign(loop.item(), inner);
                inner.set("loop", loop);
                Flow flow = run(body, inner, out);
                completed |= flow == Flow.NEXT;
                if (flow == Flow.BREAK) {
                    break;
                }
            }
            return completed ? Flow.NEXT : run(otherwise, frame.child(), out);
        }

        private Iterator<Object> selected(Iterator<Object> all, Frame frame) {
            return test.isEmpty()
                    ? all
                    : Values.select(all, item -> {
                        Frame inner = frame.child();
                        target.assign(item, inner);
                        return Values.truth(test.get().value(inner));
                    });
        }
    }

    record Assignment(Target target, Expression value, int at) implements Statement {
        @Override
        public Flow execute(Frame frame, StringBuilder out) {
            target.assign(value.value(frame), frame);
            return Flow.NEXT;
        }
    }

    record BlockAssignment(Target target, Optional<Access.Filter> filter, List<Statement> body, int at)
            implements Statement {
        @Override
        public Flow execute(Frame frame, StringBuilder out) {
            StringBuilder written = new StringBuilder();
            Flow flow = run(body, frame.child(), written);
            if (flow != Flow.NEXT) {
                return flow;
            }
            Object text = written.toString();
            target.assign(filter.isPresent() ? filter.get().apply(text, frame) : text, frame);
            return Flow.NEXT;
        }
    }

    record FilterBlock(Access.Filter filter, List<Statement> body, int at) implements Statement {
        @Override
        public Flow execute(Frame frame, StringBuilder out) {
            StringBuilder written = new StringBuilder();
            Flow flow = run(body, frame.child(), written);
            if (flow == Flow.NEXT) {
                out.append(Text.of(filter.apply(written.toString(), frame)));
            }
            return flow;
        }
    }

    record MacroDefinition(Macro.Definition definition, int at) implements Statement {
        @Override
        public Flow execute(Frame frame, StringBuilder out) {
            frame.set(definition.name(), new Macro(definition, frame));
            return Flow.NEXT;
        }
    }

    record CallBlock(Access.Call call, Macro.Definition caller, int at) implements Statement {
        @Override
        public Flow execute(Frame frame, StringBuilder out) {
            Arguments given = call.arguments().evaluate(frame).with("caller", new Macro(caller, frame));
            out.append(Text.of(call.call(frame, given)));
            return Flow.NEXT;
        }
    }

    record With(List<Assignment> assignments, List<Statement> body, int at) implements Statement {
        @Override
        public Flow execute(Frame frame, StringBuilder out) {
            Frame inner = frame.child();
            assignments.forEach(
                    assignment -> assignment.target().assign(assignment.value().value(frame), inner));
            return run(body, inner, out);
        }
    }

    /** What the assistant said: its place in the text is remembered. */
    record Generation(List<Statement> body, int at) implements Statement {
        @Override
        public Flow execute(Frame frame, StringBuilder out) {
            int start = frame.rendering().written();
            String text = text(body, frame.child());
            frame.rendering().generated(start, text.length());
            out.append(text);
            return Flow.NEXT;
        }
    }

    record Jump(Flow flow, int at) implements Statement {
        @Override
        public Flow execute(Frame frame, StringBuilder out) {
            return flow;
        }
    }
}
