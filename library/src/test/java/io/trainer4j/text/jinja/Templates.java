package io.trainer4j.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.trainer4j.TrainerException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Renders templates without values. */
final class Templates {
    private static final Pattern MESSAGE =
            Pattern.compile("(?s)The template cannot be rendered, line (\\d+), column (\\d+): (.+)\\.");

    private Templates() {}

    static RenderedTemplate render(String template) {
        return JinjaTemplate.parse(template, "The template").render(Map.of(), References.CLOCK);
    }

    static String text(String template) {
        return render(template).text();
    }

    /** The value of an expression as Python's {@code repr} writes it. */
    static String value(String expression) {
        String list = text("{{ [" + expression + "] }}");
        return list.substring(1, list.length() - 1);
    }

    /** What is wrong with an expression. */
    static String fault(String expression) {
        return failure("{{ " + expression + " }}").group(3);
    }

    /** Line, column and what is wrong with a template. */
    static String placedFault(String template) {
        Matcher message = failure(template);
        return message.group(1) + ":" + message.group(2) + " " + message.group(3);
    }

    private static Matcher failure(String template) {
        TrainerException failure = catchThrowableOfType(TrainerException.class, () -> text(template));
        assertThat(failure).as("no fault in %s", template).isNotNull();
        Matcher message = MESSAGE.matcher(failure.getMessage());
        assertThat(message.matches()).as(failure.getMessage()).isTrue();
        return message;
    }
}
