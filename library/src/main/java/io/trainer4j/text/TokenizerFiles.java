package io.trainer4j.text;

import io.trainer4j.AtomicFile;
import io.trainer4j.TrainerException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.filter.FilteringParserDelegate;
import tools.jackson.core.filter.TokenFilter;
import tools.jackson.core.filter.TokenFilter.Inclusion;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The files of one tokenizer, kept byte for byte so that saving writes what was loaded, and {@code tokenizer.json} where
 * it was made from the others.
 *
 * @param folder where they were read, for messages
 * @param contents bytes by file name
 */
record TokenizerFiles(Path folder, Map<String, byte[]> contents) {
    static final String TOKENIZER = "tokenizer.json";
    static final String CONFIG = "tokenizer_config.json";
    static final String SPECIAL_TOKENS_MAP = "special_tokens_map.json";
    static final String CHAT_TEMPLATE = "chat_template.jinja";

    private static final List<String> NAMES = List.of(
            TOKENIZER,
            CONFIG,
            SPECIAL_TOKENS_MAP,
            CHAT_TEMPLATE,
            "added_tokens.json",
            "vocab.txt",
            "vocab.json",
            "merges.txt",
            "tokenizer.model",
            "spiece.model",
            "sentencepiece.bpe.model");

    /** Further chat templates, one file each, named after the template. */
    private static final String MORE_CHAT_TEMPLATES = "additional_chat_templates/";

    private static final String JINJA = ".jinja";

    private static final TokenFilter WITHOUT_MERGES = without("model", without("merges", null));

    private static final byte[] LFS_POINTER = "version https://git-lfs".getBytes(StandardCharsets.US_ASCII);

    /** Everything but what the field's own filter leaves out; of the field itself nothing where that is null. */
    private static TokenFilter without(String field, TokenFilter ofField) {
        return new TokenFilter() {
            @Override
            public TokenFilter includeProperty(String name) {
                return name.equals(field) ? ofField : INCLUDE_ALL;
            }
        };
    }

    /** Reads a folder; {@code tokenizer.json} is made from the files of older tokenizers where it is missing. */
    static TokenizerFiles read(Path folder) {
        Map<String, byte[]> contents = new LinkedHashMap<>();
        for (String name : NAMES) {
            Path file = folder.resolve(name);
            if (Files.exists(file)) {
                contents.put(name, readFile(file));
            }
        }
        for (Path file : moreChatTemplates(folder)) {
            contents.put(MORE_CHAT_TEMPLATES + file.getFileName(), readFile(file));
        }
        TokenizerFiles files = new TokenizerFiles(folder, contents);
        return contents.containsKey(TOKENIZER) ? files : TokenizerConversion.convert(files);
    }

    private static List<Path> moreChatTemplates(Path folder) {
        Path more = folder.resolve(MORE_CHAT_TEMPLATES);
        if (!Files.isDirectory(more)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(more)) {
            return files.filter(file -> file.getFileName().toString().endsWith(JINJA))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new TrainerException(more + " cannot be read (" + e + "); check the folder and its permissions.", e);
        }
    }

    private static byte[] readFile(Path file) {
        byte[] content;
        try {
            content = Files.readAllBytes(file);
        } catch (IOException e) {
            throw new TrainerException(file + " cannot be read (" + e + "); check the file and its permissions.", e);
        }
        if (startsWith(content, LFS_POINTER)) {
            throw new TrainerException(
                    file + " is a Git LFS pointer, not the file itself; run \"git lfs pull\" or copy the real file.");
        }
        return content;
    }

    private static boolean startsWith(byte[] content, byte[] start) {
        return content.length >= start.length && Arrays.equals(content, 0, start.length, start, 0, start.length);
    }

    /** A JSON file as a tree; an empty object if there is no such file. */
    JsonNode json(String name) {
        if (!contents.containsKey(name)) {
            return JsonMapper.shared().createObjectNode();
        }
        return parse(file(name), () -> JsonMapper.shared().readTree(contents.get(name)));
    }

    /** {@code tokenizer.json} without {@code model.merges}, which are most of it and of no use to us. */
    JsonNode withoutMerges() {
        return parse(file(TOKENIZER), () -> {
            try (JsonParser all = JsonMapper.shared().createParser(require(TOKENIZER));
                    JsonParser parser =
                            new FilteringParserDelegate(all, WITHOUT_MERGES, Inclusion.INCLUDE_ALL_AND_PATH, true)) {
                return JsonMapper.shared().readTree(parser);
            }
        });
    }

    /** The model's {@code config.json}, which names the tokenizer class where the tokenizer does not. */
    JsonNode modelConfig() {
        Path file = file("config.json");
        return Files.exists(file)
                ? parse(file, () -> JsonMapper.shared().readTree(readFile(file)))
                : JsonMapper.shared().createObjectNode();
    }

    private static JsonNode parse(Path file, Supplier<JsonNode> reading) {
        JsonNode tree;
        try {
            tree = reading.get();
        } catch (JacksonException e) {
            throw new TrainerException(
                    file + " is broken at line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr() + " (" + e.getOriginalMessage() + "); copy the file again.",
                    e);
        }
        if (tree == null || !tree.isObject()) {
            throw new TrainerException(file + " does not hold a JSON object; copy the file again.");
        }
        return tree;
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(contents.get(name)).map(content -> new String(content, StandardCharsets.UTF_8));
    }

    /** The lines of a text file without their ends; the file has to be there. */
    List<String> lines(String name) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(require(name)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new TrainerException(file(name) + " is not UTF-8; copy the file again.", e);
        }
        List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
        if (lines.get(lines.size() - 1).isEmpty()) {
            lines.remove(lines.size() - 1);
        }
        lines.replaceAll(line -> line.endsWith("\r") ? line.substring(0, line.length() - 1) : line);
        return lines;
    }

    /** The content of a file that a tokenizer of this kind cannot do without. */
    byte[] require(String name) {
        byte[] content = contents.get(name);
        if (content == null) {
            throw new TrainerException("There is no " + TOKENIZER + " in " + folder + " and no " + name
                    + ", from which it could be made; copy the missing file from the model's folder.");
        }
        return content;
    }

    /** These files and one more, or another content of one. */
    TokenizerFiles with(String name, byte[] content) {
        Map<String, byte[]> more = new LinkedHashMap<>(contents);
        more.put(name, content);
        return new TokenizerFiles(folder, more);
    }

    /** Names of the chat templates that have files of their own, with the names of these files. */
    Map<String, String> chatTemplates() {
        Map<String, String> files = new LinkedHashMap<>();
        for (String file : contents.keySet()) {
            if (file.equals(CHAT_TEMPLATE)) {
                files.put("default", file);
            } else if (file.startsWith(MORE_CHAT_TEMPLATES)) {
                files.put(file.substring(MORE_CHAT_TEMPLATES.length(), file.length() - JINJA.length()), file);
            }
        }
        return files;
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    /** Writes every file beside its target first and moves it there when complete. */
    void save(Path target) {
        contents.forEach((name, content) -> write(target, name, content));
    }

    static void write(Path folder, String name, byte[] content) {
        AtomicFile.write(folder.resolve(name), temporary -> Files.write(temporary, content));
    }
}
