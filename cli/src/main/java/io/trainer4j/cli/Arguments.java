package io.trainer4j.cli;

import io.trainer4j.UsageException;
import io.trainer4j.option.ConfigFile;
import io.trainer4j.option.ForeignOption;
import io.trainer4j.option.NearestName;
import io.trainer4j.option.OptionSet;
import io.trainer4j.option.OptionSpec;
import io.trainer4j.option.Options;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The options given to a command: those of its {@code --config} file, and over them those of the command line. picocli
 * does the splitting and the help; names, values and defaults are the declared options'.
 */
final class Arguments {
    private static final String CONFIG = "--config";

    private final Map<OptionSpec, Object> values;
    private final Set<String> onCommandLine;
    private final List<String> notes;

    private Arguments(Map<OptionSpec, Object> values, Set<String> onCommandLine, List<String> notes) {
        this.values = values;
        this.onCommandLine = onCommandLine;
        this.notes = notes;
    }

    /** One sentence for each option of another version or of Python that changes nothing or has another name now. */
    List<String> notes() {
        return notes;
    }

    /** Whether the option, named as in files, was written by hand on the command line. */
    boolean isOnCommandLine(String name) {
        return onCommandLine.contains(name);
    }

    /** The options one class declares, with what was given; required ones are present. */
    <T extends Options<T>> T as(T defaults) {
        T options = defaults.with(values);
        options.requireComplete();
        return options;
    }

    /**
     * Reads a command line.
     *
     * @throws UsageException for an unknown option with the nearest name, a value out of range, a missing value
     */
    static Arguments parse(Command command, List<String> words) {
        OptionSet options = command.options();
        ParseResult parsed = split(command, options, words);
        Map<OptionSpec, Object> values = new LinkedHashMap<>();
        List<String> notes = new ArrayList<>();
        if (parsed.hasMatchedOption(CONFIG)) {
            values.putAll(ConfigFile.read(Path.of(parsed.matchedOptionValue(CONFIG, "")), options, notes::add));
        }
        for (ForeignOption foreign : options.foreignOptions()) {
            String flag = flag(foreign);
            if (parsed.hasMatchedOption(flag)) {
                foreign.accept(flag, parsed.matchedOptionValue(flag, ""), notes::add)
                        .ifPresent(found -> {
                            OptionSpec option = options.get(found.name());
                            values.put(option, option.parse(flag, found.text()));
                        });
            }
        }
        Set<String> onCommandLine = new HashSet<>();
        for (OptionSpec option : options.options()) {
            if (parsed.hasMatchedOption(option.flag())) {
                List<String> texts = parsed.matchedOptionValue(option.flag(), List.of());
                values.put(option, option.parse(option.flag(), texts));
                onCommandLine.add(option.snakeName());
            }
        }
        return new Arguments(values, onCommandLine, List.copyOf(notes));
    }

    private static String flag(ForeignOption option) {
        return "--" + option.name().replace('_', '-');
    }

    private static ParseResult split(Command command, OptionSet options, List<String> words) {
        try {
            return new CommandLine(spec(command))
                    .setExpandAtFiles(false) // a question may begin with @
                    .parseArgs(words.stream().map(Arguments::withHyphens).toArray(String[]::new));
        } catch (UnmatchedArgumentException e) {
            throw unknown(command, options, e.getUnmatched().get(0));
        } catch (ParameterException e) {
            throw new UsageException(e.getMessage() + "; trainer4j " + command.name() + " --help explains it.");
        }
    }

    private static UsageException unknown(Command command, OptionSet options, String word) {
        String helpLists = "; trainer4j " + command.name() + " --help lists the options of " + command.name() + ".";
        if (!word.startsWith("-")) {
            return new UsageException("The value \"" + word + "\" belongs to no option" + helpLists);
        }
        String name = word.replaceFirst("=.*", "");
        List<String> flags = new ArrayList<>(List.of(CONFIG, "--help", "--debug"));
        options.options().forEach(option -> flags.add(option.flag()));
        return new UsageException("There is no option " + name
                + NearestName.nearest("--" + name.replaceFirst("^-+", ""), flags)
                        .map(nearest -> "; did you mean " + nearest + "?")
                        .orElse(helpLists));
    }

    /** Python's spelling of an option, {@code --learning_rate}, is the same option. */
    private static String withHyphens(String word) {
        int end = word.indexOf('=') < 0 ? word.length() : word.indexOf('=');
        return word.startsWith("--") ? word.substring(0, end).replace('_', '-') + word.substring(end) : word;
    }

    /** The help of one command. */
    static String help(Command command) {
        return new CommandLine(spec(command))
                .setUsageHelpWidth(110)
                .setUsageHelpAutoWidth(false)
                .getUsageMessage(CommandLine.Help.Ansi.OFF);
    }

    private static CommandSpec spec(Command command) {
        CommandSpec spec = CommandSpec.create().name("trainer4j " + command.name());
        spec.usageMessage()
                .description(command.summary(), "", command.details(), "")
                .abbreviateSynopsis(true)
                .sortOptions(false);
        spec.parser().overwrittenOptionsAllowed(false);
        for (Class<?> group : command.optionClasses()) {
            ArgGroupSpec.Builder section = ArgGroupSpec.builder()
                    .heading("%n" + heading(group) + "%n")
                    .validate(false)
                    .multiplicity("0..1");
            OptionSet.of(group).options().forEach(option -> section.addArg(argument(option)));
            spec.addArgGroup(section.build());
        }
        for (ForeignOption option : command.options().foreignOptions()) {
            spec.addOption(CommandLine.Model.OptionSpec.builder(flag(option))
                    .type(String.class)
                    .arity("0..1")
                    .fallbackValue("true")
                    .hidden(true)
                    .build());
        }
        spec.addOption(CommandLine.Model.OptionSpec.builder(CONFIG)
                .paramLabel("FILE")
                .type(String.class)
                .description("YAML or JSON file with any of these options, named as in Python (learning_rate); the"
                        + " command line wins, where --learning-rate and --learning_rate are the same.")
                .build());
        return spec;
    }

    /** "TrainingArguments" is read as "Training arguments". */
    private static String heading(Class<?> group) {
        String spaced =
                group.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(java.util.Locale.ROOT);
        return Character.toUpperCase(spaced.charAt(0)) + spaced.substring(1);
    }

    private static CommandLine.Model.OptionSpec argument(OptionSpec option) {
        boolean isBoolean = option.type() == boolean.class || option.type() == Boolean.class;
        boolean isList = option.type() == List.class;
        String suffix = option.defaultText()
                .map(text -> " Default: " + (option.type().isEnum() ? text.replace('_', '-') : text) + ".")
                .orElse(option.required() ? " Required." : "");
        return CommandLine.Model.OptionSpec.builder(option.flag())
                .paramLabel(label(option))
                .description((option.help() + suffix).replace("%", "%%"))
                .type(List.class)
                .auxiliaryTypes(String.class)
                .arity(isBoolean ? "0..1" : isList ? "1..*" : "1")
                .fallbackValue(isBoolean ? "true" : CommandLine.Option.NULL_VALUE)
                .build();
    }

    private static String label(OptionSpec option) {
        if (!option.allowedValues().isEmpty()) {
            return String.join("|", option.allowedValues()).replace('_', '-');
        }
        if (option.type() == Path.class || option.snakeName().endsWith("_file")) {
            return "PATH";
        }
        if (option.type() == Map.class) {
            return "JSON";
        }
        if (option.snakeName().equals("model")) {
            return "REF";
        }
        return option.type() == String.class || option.type() == List.class ? "TEXT" : "N";
    }
}
