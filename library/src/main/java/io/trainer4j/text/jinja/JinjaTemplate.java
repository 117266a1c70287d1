package io.trainer4j.text.jinja;

import io.trainer4j.TrainerException;
import java.time.Clock;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A parsed template. It can be rendered any number of times, by any number of threads. A rendering reaches nothing but the
 * values it is given and the time; it may take 10 million steps and write 16 million characters.
 */
public final class JinjaTemplate {
    private final String name;
    private final String template;
    private final List<Statement> statements;

    private JinjaTemplate(String name, String template, List<Statement> statements) {
        this.name = name;
        this.template = template;
        this.statements = statements;
    }

    /**
     * Parses a template.
     *
     * @param name what it is, at the start of a sentence, for messages
     * @throws TrainerException if it is not a template this interpreter knows; names line, column and construct
     */
    public static JinjaTemplate parse(String source, String name) {
        String template = Lexer.normalize(source);
        try {
            return new JinjaTemplate(name, template, Parser.parse(template));
        } catch (Fault fault) {
            throw failure(name, template, fault);
        } catch (StackOverflowError e) {
            throw failure(name, template, tooDeep());
        }
    }

    /**
     * Renders the template.
     *
     * @param variables by name: {@code null}, Boolean, Number, String, Map, Iterable of such; they are copied
     * @throws TrainerException if the template fails on these values; names line and column
     */
    public RenderedTemplate render(Map<String, ?> variables) {
        return render(variables, Clock.system(ZoneId.systemDefault()));
    }

    /** Renders at the time of a clock. */
    RenderedTemplate render(Map<String, ?> variables, Clock clock) {
        Rendering rendering = new Rendering(clock);
        Map<String, Object> given = new HashMap<>(Globals.ALL);
        try {
            variables.forEach((variable, value) -> given.put(variable, GivenValue.of(value)));
            Statement.run(statements, Frame.of(given, rendering), rendering.out());
            return rendering.result();
        } catch (Fault fault) {
            throw failure(name, template, fault);
        } catch (StackOverflowError e) {
            throw failure(name, template, tooDeep());
        }
    }

    private static Fault tooDeep() {
        return new Fault("values, expressions or calls are nested too deeply", 0);
    }

    private static TrainerException failure(String name, String template, Fault fault) {
        int at = Math.max(0, Math.min(fault.at(), template.length()));
        String before = template.substring(0, at);
        long line = before.chars().filter(c -> c == '\n').count() + 1;
        int column = before.codePointCount(before.lastIndexOf('\n') + 1, at) + 1;
        return new TrainerException(
                name + " cannot be rendered, line " + line + ", column " + column + ": " + fault.getMessage() + ".",
                fault);
    }
}
