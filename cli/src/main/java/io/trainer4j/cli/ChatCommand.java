package io.trainer4j.cli;

import io.trainer4j.TrainerException;
import io.trainer4j.generate.Conversation;
import io.trainer4j.model.ContextLengthException;
import io.trainer4j.model.LoadOptions;
import java.util.function.Supplier;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;

/** A conversation in the terminal; the answer appears as it is generated. */
final class ChatCommand implements Command {
    @Override
    public String name() {
        return "chat";
    }

    @Override
    public String summary() {
        return "Talks with a model in the terminal.";
    }

    @Override
    public String details() {
        return "Example: trainer4j chat --model out\n/clear forgets the conversation; /bye, Ctrl-D or an empty Ctrl-C ends it.";
    }

    @Override
    public Class<?>[] optionClasses() {
        return new Class<?>[] {ModelOptions.class, LoadOptions.class, GenerateOptions.class};
    }

    @Override
    public void run(Arguments given, Terminal terminal) {
        ModelSource source = given.as(new ModelOptions()).source(terminal);
        OpenModel.use(source, given, (generator, settings) -> {
            try (Conversation conversation = generator.converse(settings)) {
                talk(conversation, lines(terminal), terminal);
            }
        });
    }

    static void talk(Conversation conversation, Supplier<String> lines, Terminal terminal) {
        for (String line = lines.get(); line != null && !line.strip().equals("/bye"); line = lines.get()) {
            if (line.strip().equals("/clear")) {
                conversation.clear();
            } else if (!line.isBlank()) {
                answer(conversation, line, terminal);
            }
        }
    }

    /** A conversation that has become too long fails, but a person may clear it and go on. */
    private static void answer(Conversation conversation, String line, Terminal terminal) {
        try {
            conversation.say(line, text -> {
                terminal.out().print(text);
                terminal.out().flush();
            });
        } catch (ContextLengthException e) {
            String sentence =
                    "The conversation has %d tokens but the model has positions for %d; forget it with /clear,"
                                    .formatted(e.tokens(), e.positions())
                            + " or say less and lower --max-new-tokens.";
            if (!terminal.interactive()) {
                throw new TrainerException(sentence, e);
            }
            terminal.out().println();
            terminal.tell(sentence);
            return;
        }
        terminal.out().println();
    }

    /** What the user types, line by line; null at the end. */
    private static Supplier<String> lines(Terminal terminal) {
        if (!terminal.interactive()) {
            return new StandardInput(terminal.in())::line;
        }
        LineReader reader = LineReaderBuilder.builder().build();
        return () -> {
            try {
                return reader.readLine("> ");
            } catch (EndOfFileException | UserInterruptException e) {
                return null;
            }
        };
    }
}
