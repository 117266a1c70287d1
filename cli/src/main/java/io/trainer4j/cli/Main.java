package io.trainer4j.cli;

import io.trainer4j.TrainerException;
import io.trainer4j.UsageException;
import io.trainer4j.option.NearestName;
import io.trainer4j.tensor.Engine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The command line: finds the command, runs it, and turns a failure into one sentence and an exit status. */
public final class Main {
    private static final List<Command> COMMANDS = List.of(
            new DemoCommand(),
            new InitCommand(),
            new FinetuneCommand(),
            new SearchCommand(),
            new EvaluateCommand(),
            new MergeCommand(),
            new QuantizeCommand(),
            new PruneCommand(),
            new GenerateCommand(),
            new ChatCommand());

    private Main() {}

    /** Exits with 0, with 1 after a failure, or with 2 when the request could not be started as written. */
    public static void main(String[] args) {
        Locale.setDefault(Locale.ROOT); // figures and messages are written alike everywhere
        System.exit(run(Arrays.asList(args), Terminal.system()));
    }

    static int run(List<String> args, Terminal terminal) {
        List<String> words = new ArrayList<>(args);
        boolean debug = words.removeIf("--debug"::equals);
        try {
            dispatch(words, terminal);
            return 0;
        } catch (TrainerException e) {
            return fail(terminal, debug, e, e.getMessage(), e.exitStatus());
        } catch (RuntimeException | Error e) {
            return fail(terminal, debug, e, sentence(e), 1);
        }
    }

    /** What a failure nobody foresaw is told as. */
    static String sentence(Throwable error) {
        String what = error.getClass().getSimpleName() + ": "
                + String.valueOf(error.getMessage()).lines().findFirst().orElse("");
        if (what.contains("Java heap space")) {
            return "The rows do not fit into the Java heap (" + what
                    + "); give it more with the environment variable TRAINER4J_HEAP, such as TRAINER4J_HEAP=4g.";
        }
        if (Engine.isOutOfMemory(error)) {
            return "Memory ran out (" + what
                    + "); use a smaller batch, a lower --max-length or a smaller model, or close other programs.";
        }
        return "Something failed that should not (" + what
                + "); run the command again with --debug and report what it prints.";
    }

    private static int fail(Terminal terminal, boolean debug, Throwable error, String sentence, int status) {
        terminal.tell(sentence);
        if (debug) {
            error.printStackTrace(terminal.err());
        }
        return status;
    }

    private static void dispatch(List<String> words, Terminal terminal) {
        boolean help = !words.isEmpty() && (isHelp(words.get(0)) || words.get(0).equals("help"));
        if (words.isEmpty() || (help && words.size() == 1)) {
            terminal.out().print(overview());
            return;
        }
        if (help) {
            terminal.out().print(Arguments.help(find(words.get(1))));
            return;
        }
        Command command = find(words.get(0));
        List<String> rest = words.subList(1, words.size());
        if (rest.stream().anyMatch(Main::isHelp)) {
            terminal.out().print(Arguments.help(command));
            return;
        }
        command.run(Arguments.parse(command, rest), terminal);
    }

    /** What the user calls this program, for commands that are printed to be copied. */
    static String program() {
        return System.getProperty("trainer4j.program", "./trainer4j");
    }

    private static boolean isHelp(String word) {
        return word.equals("--help") || word.equals("-h");
    }

    private static Command find(String name) {
        return COMMANDS.stream()
                .filter(command -> command.name().equals(name))
                .findFirst()
                .orElseThrow(() -> {
                    List<String> names = COMMANDS.stream().map(Command::name).toList();
                    String hint = NearestName.nearest(name, names)
                            .map(nearest -> "; did you mean " + nearest + "?")
                            .orElse("; the commands are " + String.join(", ", names) + ".");
                    return new UsageException("There is no command \"" + name + "\"" + hint);
                });
    }

    private static String overview() {
        StringBuilder text = new StringBuilder();
        text.append("trainer4j fine-tunes a local language model on your own questions and answers, and asks it.\n\n");
        text.append("Usage: trainer4j COMMAND [OPTIONS]\n\nCommands:\n");
        COMMANDS.forEach(command -> text.append("  %-10s %s%n".formatted(command.name(), command.summary())));
        text.append("\ntrainer4j COMMAND --help explains one. --debug adds the stack trace to an error.\n");
        text.append(
                "Nothing leaves this machine; only a model named like Qwen/Qwen2.5-0.5B is downloaded, unless --offline.\n");
        return text.toString();
    }
}
