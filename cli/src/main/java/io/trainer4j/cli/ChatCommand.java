package io.trainer4j.cli;

import io.trainer4j.generate.Conversation;
import io.trainer4j.generate.TextGenerator;
import io.trainer4j.model.AutoModelForCausalLM;
import io.trainer4j.model.CausalLM;
import io.trainer4j.tensor.RandomState;
import io.trainer4j.text.AutoTokenizer;
import io.trainer4j.text.Tokenizer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
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
        return new Class<?>[] {GenerateOptions.class};
    }

    @Override
    public void run(Arguments given, Terminal terminal) {
        GenerateOptions options = given.as(new GenerateOptions());
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(options.model());
                CausalLM model = AutoModelForCausalLM.fromPretrained(options.model())) {
            RandomState.manualSeed(options.seed());
            TextGenerator generator = TextGenerator.of(model, tokenizer, options.promptStyle());
            try (Conversation conversation = generator.converse(options.over(generator.defaults()))) {
                talk(conversation, lines(terminal), terminal);
            }
        }
    }

    private static void talk(Conversation conversation, Lines lines, Terminal terminal) {
        for (String line = lines.next(); line != null && !line.equals("/bye"); line = lines.next()) {
            if (line.equals("/clear")) {
                conversation.clear();
            } else if (!line.isBlank()) {
                conversation.say(line, text -> {
                    terminal.out().print(text);
                    terminal.out().flush();
                });
                terminal.out().println();
            }
        }
    }

    /** What the user types, line by line; null at the end. */
    @FunctionalInterface
    private interface Lines {
        String next();
    }

    private static Lines lines(Terminal terminal) {
        if (!terminal.interactive()) {
            BufferedReader reader = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            return () -> {
                try {
                    return reader.readLine();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            };
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
