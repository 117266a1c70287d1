package io.trainer4j.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerFilesTest {
    private static final Path FOLDER = Path.of("m");

    @TempDir
    private Path folder;

    @Test
    void aLineEndsWithALineFeedAlone() {
        assertThat(lines("")).isEmpty();
        assertThat(lines("a")).containsExactly("a");
        assertThat(lines("a\n")).containsExactly("a");
        assertThat(lines("a\n\n")).containsExactly("a", "");
        assertThat(lines("a\r\nb\r\n")).containsExactly("a", "b");
        assertThat(lines("a\rb\n")).containsExactly("a\rb");
        assertThat(lines(" a \n\tb")).containsExactly(" a ", "\tb");
        assertThat(lines("a\u2028b")).containsExactly("a\u2028b");
    }

    private static List<String> lines(String text) {
        return files("vocab.txt", text).lines("vocab.txt");
    }

    @Test
    void linesAreUtf8() {
        TokenizerFiles files = new TokenizerFiles(FOLDER, Map.of("vocab.txt", new byte[] {'a', '\n', -1}));

        assertThatThrownBy(() -> files.lines("vocab.txt"))
                .isExactlyInstanceOf(TrainerException.class)
                .hasMessage("m/vocab.txt is not UTF-8; copy the file again.");
    }

    @Test
    void aFileThatIsNeededIsNamedWhereItIsMissing() {
        assertThatThrownBy(() -> files("vocab.json", "{}").lines("merges.txt"))
                .isExactlyInstanceOf(TrainerException.class)
                .hasMessage("There is no tokenizer.json in m and no merges.txt, from which it could be made;"
                        + " copy the missing file from the model's folder.");
    }

    /** A token may be spelled as the field is, and what is empty stays. */
    @Test
    void onlyTheMergesAreLeftOut() {
        String rest =
                "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"merges\":0,\"model\":1}},\"added_tokens\":[],\"merges\":{}}";
        String whole = rest.replace("}},\"added", "},\"merges\":[[\"a\",\"b\"],\"c d\"]},\"added");
        assertThat(files(TokenizerFiles.TOKENIZER, whole).withoutMerges().toString())
                .isEqualTo(rest);
        assertThat(files(TokenizerFiles.TOKENIZER, rest).withoutMerges().toString())
                .isEqualTo(rest);
        assertThatThrownBy(() -> files(TokenizerFiles.TOKENIZER, whole.substring(0, whole.indexOf("c d")))
                        .withoutMerges())
                .isExactlyInstanceOf(TrainerException.class)
                .hasMessageContaining("m/tokenizer.json is broken at line 1, column ");
        assertThatThrownBy(() -> files(TokenizerFiles.TOKENIZER, "").withoutMerges())
                .isExactlyInstanceOf(TrainerException.class)
                .hasMessageContaining("m/tokenizer.json does not hold a JSON object");
    }

    /** The tokenizer that runs has the merges again where the configuration adds a token. */
    @Test
    void aTokenizerThatIsChangedKeepsItsMerges() {
        TokenizerFiles files = files(
                        TokenizerFiles.TOKENIZER,
                        "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0,\"b\":1,\"ab\":2},\"merges\":[\"a b\"]},"
                                + "\"added_tokens\":[]}")
                .with(
                        TokenizerFiles.CONFIG,
                        "{\"pad_token\":\"<pad>\",\"tokenizer_class\":\"GPT2Tokenizer\"}"
                                .getBytes(StandardCharsets.UTF_8));
        assertThat(TokenizerDefinition.of(files).json()).contains("<pad>", "\"merges\":[\"a b\"]");
    }

    @Test
    void aJsonFileThatIsMissingIsEmpty() {
        assertThat(files("vocab.json", "{}").json("added_tokens.json")).isEmpty();
        assertThat(files("vocab.json", "{}").text("chat_template.jinja")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
            `{"a": 1,\\n "b" 2}` | ^m/tokenizer_config.json is broken at line 2, column \\d+ \\(.+\\); copy the file again\\.$
            `{"a": `             | ^m/tokenizer_config.json is broken at line 1, column \\d+ \\(.+\\); copy the file again\\.$
            `{"a": 1} x`         | ^m/tokenizer_config.json is broken at line 1, column \\d+ \\(.+\\); copy the file again\\.$
            `["a"]`              | ^m/tokenizer_config.json does not hold a JSON object; copy the file again\\.$
            `3`                  | ^m/tokenizer_config.json does not hold a JSON object; copy the file again\\.$
            ``                   | ^m/tokenizer_config.json does not hold a JSON object; copy the file again\\.$
            """)
    void aJsonFileThatIsBrokenIsNamedWithItsPlace(String content, String message) {
        TokenizerFiles files = files("tokenizer_config.json", content.translateEscapes());

        assertThatThrownBy(() -> files.json("tokenizer_config.json"))
                .isExactlyInstanceOf(TrainerException.class)
                .message()
                .matches("(?s)" + message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"config.json", "vocab.txt", "chat_template.jinja", "additional_chat_templates/a.jinja"})
    void aGitLfsPointerIsRecognisedInEveryFile(String name) throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), "{}");
        Files.createDirectories(folder.resolve("additional_chat_templates"));
        Path file = Files.writeString(folder.resolve(name), "version https://git-lfs.github.com/spec/v1\n");

        assertThatThrownBy(() -> TokenizerFiles.read(folder).modelConfig())
                .isExactlyInstanceOf(TrainerException.class)
                .hasMessage(file + " is a Git LFS pointer, not the file itself; run \"git lfs pull\" or copy the real"
                        + " file.");
    }

    @Test
    void aFolderInPlaceOfAFileCannotBeRead() throws IOException {
        Path inTheWay = Files.createDirectories(folder.resolve("tokenizer.json"));

        assertThatThrownBy(() -> TokenizerFiles.read(folder))
                .isExactlyInstanceOf(TrainerException.class)
                .hasMessageStartingWith(inTheWay + " cannot be read (")
                .hasMessageEndingWith("); check the file and its permissions.");
    }

    @Test
    void templatesAreNamedAfterTheirFiles() throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), "{}");
        Path more = Files.createDirectories(folder.resolve("additional_chat_templates"));
        Files.writeString(more.resolve("tool_use.jinja"), "t");
        Files.writeString(more.resolve("rag.v2.jinja"), "r");
        Files.writeString(more.resolve("README.md"), "no template");

        assertThat(TokenizerFiles.read(folder).chatTemplates())
                .isEqualTo(Map.of(
                        "rag.v2", "additional_chat_templates/rag.v2.jinja",
                        "tool_use", "additional_chat_templates/tool_use.jinja"));
    }

    @Test
    void oneMoreFileLeavesTheOthersAsTheyAre() {
        TokenizerFiles before = files("vocab.txt", "a");
        TokenizerFiles after = before.with("tokenizer.json", new byte[] {'{', '}'});

        assertThat(before.contents()).containsOnlyKeys("vocab.txt");
        assertThat(after.contents()).containsOnlyKeys("vocab.txt", "tokenizer.json");
        after.save(folder);
        assertThat(List.of(folder.resolve("vocab.txt"), folder.resolve("tokenizer.json")))
                .allSatisfy(file -> assertThat(file).exists());
    }

    @Test
    void theVocabularyOfBertHasATokenInEachLine() {
        TokenizerFiles files = files("vocab.txt", "[UNK]\na \r\n\nb\u3000\na");

        assertThat(VocabularyFiles.wordPiece(files, files.json("tokenizer_config.json"), "[UNK]")
                        .path("model")
                        .path("vocab")
                        .toString())
                .isEqualTo("{\"[UNK]\":0,\"a\":4,\"\":2,\"b\":3}");
    }

    @Test
    void mergesMayStartWithAVersionAndHoldEmptyLines() {
        TokenizerFiles files = files("vocab.json", "{\"a\":0,\"#\":1,\"a#\":2,\"##\":3}")
                .with("merges.txt", "#version: 0.2\n\na #\n# #\n".getBytes(StandardCharsets.UTF_8));

        assertThat(VocabularyFiles.bytePairs(files, TokenizerClass.GPT2, files.json("tokenizer_config.json"))
                        .path("model")
                        .path("merges")
                        .toString())
                .isEqualTo("[[\"a\",\"#\"],[\"#\",\"#\"]]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            `a b c`   | `line 1, is "a b c" instead of two tokens with a space between; copy the file again.`
            `ab`      | `line 1, is "ab" instead of two tokens with a space between; copy the file again.`
            `a  b`    | `line 1, is "a  b" instead of two tokens with a space between; copy the file again.`
            `a x`     | `line 1, names the token "x", which is not in vocab.json; copy both files from the same model.`
            `b a`     | `line 1, names the token "ba", which is not in vocab.json; copy both files from the same model.`
            """)
    void aMergeThatIsNoneIsNamedWithItsLine(String merge, String message) {
        TokenizerFiles files = files("vocab.json", "{\"a\":0,\"b\":1,\"ab\":2}")
                .with("merges.txt", merge.getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() ->
                        VocabularyFiles.bytePairs(files, TokenizerClass.GPT2, files.json("tokenizer_config.json")))
                .isExactlyInstanceOf(TrainerException.class)
                .hasMessage("m/merges.txt, " + message);
    }

    private static TokenizerFiles files(String name, String content) {
        return new TokenizerFiles(FOLDER, Map.of(name, content.getBytes(StandardCharsets.UTF_8)));
    }
}
