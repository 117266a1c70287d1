package io.trainer4j.text.jinja;

import io.trainer4j.text.jinja.Statement.Target;
import io.trainer4j.text.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads statements, as Jinja's parser.py with the tags that transformers adds. */
final class Parser {
    private static final Set<String> EXTRAS = Set.of("varargs", "kwargs", "caller");

    private final TokenStream tokens;
    private final ExpressionParser expressions;

    /** Loops around the current tag that a jump can leave. */
    private int loops;

    private Parser(List<Token> tokens) {
        this.tokens = new TokenStream(tokens);
        this.expressions = new ExpressionParser(this.tokens);
    }

    static List<Statement> parse(String template) {
        Parser parser = new Parser(Lexer.tokens(template));
        List<Statement> body = parser.statements();
        if (!parser.tokens.at(Kind.END)) {
            throw parser.misplaced();
        }
        return body;
    }

    /** Reads up to the end or to a tag that belongs to the construct around; the stream stands at that tag's name. */
    private List<Statement> statements(String... ends) {
        tokens.enter();
        List<Statement> body = new ArrayList<>();
        while (!tokens.at(Kind.END)) {
            Token token = tokens.next();
            switch (token.kind()) {
                case DATA -> body.add(new Statement.Data(token.text(), token.at()));
                case OUTPUT_BEGIN -> {
                    body.add(new Statement.Output(expressions.tuple(true), token.at()));
                    tokens.expect(Kind.OUTPUT_END);
                }
                default -> {
                    for (String end : ends) {
                        if (tokens.atName(end)) {
                            tokens.leave();
                            return body;
                        }
                    }
                    body.add(statement());
                    tokens.expect(Kind.BLOCK_END);
                }
            }
        }
        tokens.leave();
        return body;
    }

    /** The body of a construct, from the end of its opening tag up to the name of a tag that ends it. */
    private List<Statement> body(int at, String... ends) {
        tokens.skipOperator(":");
        tokens.expect(Kind.BLOCK_END);
        List<Statement> body = statements(ends);
        if (tokens.at(Kind.END)) {
            throw new Fault("the block that starts here has no {% " + ends[ends.length - 1] + " %}", at);
        }
        return body;
    }

    private List<Statement> bodyAndEnd(int at, String end) {
        List<Statement> body = body(at, end);
        tokens.next();
        return body;
    }

    /** As {@link #bodyAndEnd}, of a construct that a jump cannot leave. */
    private List<Statement> closedBodyAndEnd(int at, String end) {
        int outer = loops;
        loops = 0;
        List<Statement> body = bodyAndEnd(at, end);
        loops = outer;
        return body;
    }

    private Macro.Definition definition(String name, List<Macro.Parameter> parameters, int at, String end) {
        int start = tokens.position();
        List<Statement> body = closedBodyAndEnd(at, end);
        return new Macro.Definition(name, parameters, body, tokens.namesSince(start, EXTRAS), at);
    }

    private Statement jump(Flow flow, int at) {
        tokens.next();
        if (loops == 0) {
            throw new Fault("break and continue must stand in a loop", at);
        }
        return new Statement.Jump(flow, at);
    }

    private Fault misplaced() {
        Token token = tokens.current();
        return new Fault("the tag " + token.words() + " is not one that can stand here", token.at());
    }

    private Statement statement() {
        int at = tokens.current().at();
        if (!tokens.at(Kind.NAME)) {
            throw new Fault(
                    "expected the name of a tag and found " + tokens.current().words(), at);
        }
        return switch (tokens.current().text()) {
            case "set" -> set(at);
            case "if" -> choice(at);
            case "for" -> loop(at);
            case "macro" -> macro(at);
            case "call" -> callBlock(at);
            case "filter" -> filterBlock(at);
            case "with" -> with(at);
            case "generation" -> {
                tokens.next();
                yield new Statement.Generation(closedBodyAndEnd(at, "endgeneration"), at);
            }
            case "break" -> jump(Flow.BREAK, at);
            case "continue" -> jump(Flow.CONTINUE, at);
            default -> throw misplaced();
        };
    }

    private Statement set(int at) {
        tokens.expectName("set");
        Target target = target();
        if (tokens.skipOperator("=")) {
            return new Statement.Assignment(target, expressions.tuple(true), at);
        }
        Optional<Access.Filter> filter = filterChain();
        return new Statement.BlockAssignment(target, filter, bodyAndEnd(at, "endset"), at);
    }

    private Statement filterBlock(int at) {
        tokens.expectName("filter");
        Access.Filter filter = expressions.filter(Optional.empty());
        while (tokens.atOperator("|")) {
            filter = expressions.filter(Optional.of(filter));
        }
        return new Statement.FilterBlock(filter, bodyAndEnd(at, "endfilter"), at);
    }

    private Optional<Access.Filter> filterChain() {
        Optional<Access.Filter> chain = Optional.empty();
        while (tokens.atOperator("|")) {
            chain = Optional.of(expressions.filter(chain.map(filter -> filter)));
        }
        return chain;
    }

    private Target target() {
        List<Target> targets = new ArrayList<>(List.of(singleTarget()));
        boolean comma = false;
        while (tokens.skipOperator(",")) {
            comma = true;
            if (tokens.atOperator("=") || tokens.atOperator(")") || tokens.atName("in")) {
                break;
            }
            targets.add(singleTarget());
        }
        return comma ? new Target.Several(targets) : targets.get(0);
    }

    private Target singleTarget() {
        if (tokens.skipOperator("(")) {
            tokens.enter();
            Target inner = target();
            tokens.leave();
            tokens.expectOperator(")");
            return inner;
        }
        Token token = tokens.current();
        String name = tokens.expectName();
        switch (name) {
            case "true", "false", "none", "True", "False", "None" ->
                throw new Fault("'" + name + "' cannot be assigned to", token.at());
            default -> {
                return tokens.skipOperator(".")
                        ? new Target.Attribute(name, tokens.expectName())
                        : new Target.Variable(name);
            }
        }
    }

    private Statement choice(int at) {
        List<Statement.Choice.Branch> branches = new ArrayList<>();
        while (tokens.skipName("if") || tokens.skipName("elif")) {
            Expression test = expressions.tuple(false);
            branches.add(new Statement.Choice.Branch(test, body(at, "elif", "else", "endif")));
        }
        List<Statement> otherwise = tokens.skipName("else") ? body(at, "endif") : List.of();
        tokens.expectName("endif");
        return new Statement.Choice(branches, otherwise, at);
    }

    private Statement loop(int at) {
        tokens.expectName("for");
        Target target = target();
        tokens.expectName("in");
        Expression items = expressions.tuple(false);
        Optional<Expression> test = tokens.skipName("if") ? Optional.of(expressions.expression()) : Optional.empty();
        if (tokens.atName("recursive")) {
            throw new Fault(
                    "recursive loops are not supported", tokens.current().at());
        }
        loops++;
        List<Statement> body = body(at, "else", "endfor");
        loops--;
        List<Statement> otherwise = tokens.skipName("else") ? body(at, "endfor") : List.of();
        tokens.expectName("endfor");
        return new Statement.Loop(target, items, test, body, otherwise, at);
    }

    private Statement macro(int at) {
        tokens.expectName("macro");
        String name = tokens.expectName();
        List<Macro.Parameter> parameters = signature();
        return new Statement.MacroDefinition(definition(name, parameters, at, "endmacro"), at);
    }

    private Statement callBlock(int at) {
        tokens.expectName("call");
        List<Macro.Parameter> parameters = tokens.atOperator("(") ? signature() : List.of();
        if (!(expressions.expression() instanceof Access.Call call)) {
            throw new Fault("a call block needs a call", at);
        }
        return new Statement.CallBlock(call, definition("caller", parameters, at, "endcall"), at);
    }

    private List<Macro.Parameter> signature() {
        tokens.expectOperator("(");
        List<Macro.Parameter> parameters = new ArrayList<>();
        while (!tokens.atOperator(")")) {
            int at = tokens.current().at();
            String name = tokens.expectName();
            if (parameters.stream().anyMatch(parameter -> parameter.name().equals(name))) {
                throw new Fault("the parameter '" + name + "' is there twice", at);
            }
            Optional<Expression> standard =
                    tokens.skipOperator("=") ? Optional.of(expressions.expression()) : Optional.empty();
            if (standard.isEmpty()
                    && !parameters.isEmpty()
                    && parameters.get(parameters.size() - 1).standard().isPresent()) {
                throw new Fault("a parameter without a default follows one with a default", at);
            }
            parameters.add(new Macro.Parameter(name, standard));
            if (!tokens.skipOperator(",")) {
                break;
            }
        }
        tokens.expectOperator(")");
        return parameters;
    }

    private Statement with(int at) {
        tokens.expectName("with");
        List<Statement.Assignment> assignments = new ArrayList<>();
        while (!tokens.at(Kind.BLOCK_END)) {
            int start = tokens.current().at();
            Target target = singleTarget();
            tokens.expectOperator("=");
            assignments.add(new Statement.Assignment(target, expressions.expression(), start));
            if (!tokens.skipOperator(",")) {
                break;
            }
        }
        return new Statement.With(assignments, bodyAndEnd(at, "endwith"), at);
    }
}
