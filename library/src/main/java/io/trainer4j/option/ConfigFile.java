package io.trainer4j.option;

import io.trainer4j.AtomicFile;
import io.trainer4j.TrainerException;
import io.trainer4j.UsageException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLParser;

/**
 * Options in a file: JSON if its name ends in {@code .json}, else YAML; UTF-8, one flat object of names and values. Keys
 * are written {@code learning_rate}, {@code learning-rate} or {@code learningRate}; values as on the command line, a list
 * for a list option, {@code null} or YAML's {@code ~} for the default, as in files that Python wrote.
 */
public final class ConfigFile {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigFile.class);

    /** Reads a value out of the middle of a file. */
    private static final JsonMapper STRUCTURES = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Path file;
    private final OptionSet options;
    private final Map<OptionSpec, Object> values = new LinkedHashMap<>();
    private final Map<ForeignOption.Successor, String> successors = new LinkedHashMap<>();

    private final Consumer<String> note;

    private ConfigFile(Path file, OptionSet options, Consumer<String> note) {
        this.file = file;
        this.options = options;
        this.note = note;
    }

    /**
     * Reads options.
     *
     * @param options the options the file may set
     * @return checked values in the order of the file
     * @throws UsageException if the file is missing or malformed, or has a key that is unknown, repeated or nested, or a
     *     value its option does not take; the message names the line
     */
    public static Map<OptionSpec, Object> read(Path file, OptionSet options) {
        return read(file, options, LOG::warn);
    }

    /**
     * As {@link #read(Path, OptionSet)}, where the log is told.
     *
     * @param note told of each option in the file that changes nothing here, or is called differently now
     */
    public static Map<OptionSpec, Object> read(Path file, OptionSet options, Consumer<String> note) {
        ConfigFile config = new ConfigFile(file, options, note);
        try (JsonParser parser = mapper(file).createParser(content(file))) {
            config.readObject(parser);
            config.successors.forEach(config::putSuccessor);
        } catch (JacksonException e) {
            throw malformed(file, e);
        }
        return config.values;
    }

    /**
     * Writes all options of the holders, also those that have their default, so that the file tells the whole run.
     *
     * @param holders values of classes without a common option
     */
    public static void write(Path file, Options<?>... holders) {
        Map<String, Object> all = new LinkedHashMap<>();
        for (Options<?> holder : holders) {
            all.putAll(holder.toMap());
        }
        AtomicFile.writeString(
                file, mapper(file).writerWithDefaultPrettyPrinter().writeValueAsString(all));
    }

    private static ObjectMapper mapper(Path file) {
        return file.toString().endsWith(".json") ? new JsonMapper() : new YAMLMapper();
    }

    private static String content(Path file) {
        try {
            String text = Files.readString(file);
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (NoSuchFileException e) {
            throw new UsageException("There is no file " + file + "; check the path.");
        } catch (CharacterCodingException e) {
            throw new UsageException(file + " is not UTF-8 text; save it as UTF-8.");
        } catch (IOException e) {
            throw new TrainerException("Cannot read " + file + ": " + e + "; check the path and its permissions.", e);
        }
    }

    private static UsageException malformed(Path file, JacksonException e) {
        // The place Jackson gives for YAML is that of the last token that was right.
        if (e.getCause() instanceof MarkedYamlEngineException yaml
                && yaml.getProblemMark().isPresent()) {
            int line = yaml.getProblemMark().get().getLine() + 1;
            return malformed(file, line, yaml.getProblem());
        }
        return malformed(file, e.getLocation().getLineNr(), e.getOriginalMessage());
    }

    private static UsageException malformed(Path file, int line, String reason) {
        return new UsageException("%s, line %d is malformed (%s); correct it.".formatted(file, line, reason));
    }

    private void readObject(JsonParser parser) {
        JsonToken first = parser.nextToken();
        if (first == null) {
            return; // an empty file, or only comments
        }
        if (first != JsonToken.START_OBJECT) {
            throw new UsageException(file + " must hold options as lines such as learning_rate: 2e-5.");
        }
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            readOption(parser);
        }
        if (parser.nextToken() != null) {
            throw new UsageException(file + " must hold one object or document; remove what follows line "
                    + parser.currentTokenLocation().getLineNr() + ".");
        }
    }

    private void readOption(JsonParser parser) {
        String key = parser.currentName();
        String writtenAs = "%s (%s, line %d)"
                .formatted(key, file, parser.currentTokenLocation().getLineNr());
        Optional<ForeignOption> foreign = options.foreign(key);
        if (foreign.isPresent()) {
            foreign.get()
                    .accept(writtenAs, foreignText(parser), note)
                    .ifPresent(found -> successors.put(found, writtenAs));
            return;
        }
        OptionSpec option = options.get(key, writtenAs);
        if (values.containsKey(option)) {
            throw new UsageException("Option " + writtenAs + " is set twice; remove one of them.");
        }
        values.put(option, readValue(parser, option, writtenAs));
    }

    private static String foreignText(JsonParser parser) {
        JsonToken token = parser.nextToken();
        if (isNull(parser)) {
            return null;
        }
        return token.isScalarValue()
                ? parser.getString()
                : STRUCTURES.readTree(parser).toString();
    }

    /** Files of transformers 4 hold the earlier and the new name, one of them with its default. */
    private void putSuccessor(ForeignOption.Successor successor, String writtenAs) {
        OptionSpec option = options.get(successor.name());
        Object value = option.parse(writtenAs, successor.text());
        Object present = values.getOrDefault(option, option.defaultValue());
        if (Objects.equals(present, option.defaultValue())) {
            values.put(option, value);
        } else if (!present.equals(value)) {
            throw new UsageException(
                    "Option %s and %s are the same; remove one of them.".formatted(writtenAs, option.snakeName()));
        }
    }

    /** Jackson takes YAML's tilde for a text. */
    private static boolean isNull(JsonParser parser) {
        return parser.currentToken() == JsonToken.VALUE_NULL
                || (parser instanceof YAMLParser
                        && parser.currentToken() == JsonToken.VALUE_STRING
                        && parser.getString().equals("~"));
    }

    private static Object readValue(JsonParser parser, OptionSpec option, String writtenAs) {
        JsonToken token = parser.nextToken();
        if (isNull(parser)) {
            return option.defaultValue();
        }
        if (token == JsonToken.START_OBJECT && option.type() == Map.class) {
            return option.parse(writtenAs, STRUCTURES.readTree(parser).toString());
        }
        if (token != JsonToken.START_ARRAY) {
            return option.parse(writtenAs, scalar(parser, option, writtenAs));
        }
        List<String> texts = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            texts.add(scalar(parser, option, writtenAs));
        }
        return option.parse(writtenAs, texts);
    }

    /** The text as it stands in the file: whether YAML takes {@code no} or {@code 1e-5} for a text does not matter. */
    private static String scalar(JsonParser parser, OptionSpec option, String writtenAs) {
        if (!parser.currentToken().isScalarValue()) {
            throw new UsageException(
                    "Option %s has nested values but must be %s.".formatted(writtenAs, option.expected()));
        }
        if (parser instanceof YAMLParser yaml && yaml.isCurrentAlias()) {
            throw new UsageException("Option %s is a YAML alias; write the value out.".formatted(writtenAs));
        }
        return parser.getString();
    }
}
