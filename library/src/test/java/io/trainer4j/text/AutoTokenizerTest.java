package io.trainer4j.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AutoTokenizerTest {
    @TempDir
    private Path folder;

    @Test
    void namesTheFolderWithoutTokenizer() {
        assertThatThrownBy(() -> AutoTokenizer.fromPretrained(folder.toString()))
                .isInstanceOf(TrainerException.class)
                .hasMessageContaining("no tokenizer.json in " + folder
                        + ", nor vocab.json with merges.txt, vocab.txt, tokenizer.model, spiece.model or"
                        + " sentencepiece.bpe.model");
    }

    @Test
    void recognisesAGitLfsPointer() throws IOException {
        Files.writeString(
                folder.resolve("tokenizer.json"), "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 9\n");
        assertThatThrownBy(() -> AutoTokenizer.fromPretrained(folder))
                .isInstanceOf(TrainerException.class)
                .hasMessageContaining("tokenizer.json is a Git LFS pointer");
    }

    @Test
    void saysWhereAFileIsBroken() throws IOException {
        TinyTokenizers.bert(folder, "{\n'tokenizer_class': }");
        assertThatThrownBy(() -> AutoTokenizer.fromPretrained(folder))
                .isInstanceOf(TrainerException.class)
                .hasMessageContaining("tokenizer_config.json is broken at line 2, column");
    }

    @Test
    void refusesATokenizerTheLibraryCannotRun() throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), "{\"model\":{\"type\":\"Nothing\",\"vocab\":{\"a\":0}}}");
        assertThatThrownBy(() -> AutoTokenizer.fromPretrained(folder))
                .isInstanceOf(TrainerException.class)
                .hasMessageContaining("is not a tokenizer this version can run");
    }

    @Test
    void refusesATokenizerWithoutVocabulary() throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), "{\"model\":{\"type\":\"BPE\"}}");
        assertThatThrownBy(() -> AutoTokenizer.fromPretrained(folder))
                .isInstanceOf(TrainerException.class)
                .hasMessageContaining("no vocabulary under model.vocab");
    }

    /** Ids: transformers 5.17 for the same files. */
    @Test
    void configurationDecidesOnLowerCaseOfBert() throws IOException {
        TinyTokenizers.bert(folder, "{'tokenizer_class':'BertTokenizer','do_lower_case':false}");
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(folder)) {
            assertThat(tokenizer.encode("Hello hello")).containsExactly(2, 10, 5, 3);
        }
    }

    /** Ids: transformers 5.17 for the same files. */
    @Test
    void configuredTokensMissingInTheVocabularyAreAdded() throws IOException {
        TinyTokenizers.bert(
                folder,
                "{'tokenizer_class':'BertTokenizer','extra_special_tokens':['<x>'],'clean_up_tokenization_spaces':true,"
                        + "'pad_token':{'__type':'AddedToken','content':'[FILL]'}}");
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(folder)) {
            assertThat(tokenizer.encode("hello <x>hello[FILL] !")).containsExactly(2, 5, 17, 5, 16, 12, 3);
            assertThat(tokenizer.vocabSize()).isEqualTo(18);
            assertThat(tokenizer.padTokenId()).isEqualTo(OptionalInt.of(16));
            assertThat(tokenizer.decode(new int[] {5, 12, 13, 6}, SpecialTokens.KEEP))
                    .isEqualTo("hello! a world");
        }
    }

    @Test
    void refusesAnUnknownSide() throws IOException {
        TinyTokenizers.bert(folder, "{'padding_side':'middle'}");
        assertThatThrownBy(() -> AutoTokenizer.fromPretrained(folder))
                .isInstanceOf(TrainerException.class)
                .hasMessageContaining("padding_side \"middle\"; write left or right");
    }

    @Test
    void modelTypeStandsForAMissingTokenizerClass() throws IOException {
        TinyTokenizers.bert(folder, "{}");
        Files.writeString(folder.resolve("config.json"), "{\"model_type\":\"bert\"}");
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(folder)) {
            assertThat(tokenizer.padTokenId()).isEqualTo(OptionalInt.of(0));
        }
    }

    @Test
    void specialTokensMapCountsOnlyBesideAnOldConfiguration() throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("special_tokens_map.json"), "{\"pad_token\":{\"content\":\"a\"}}");
        TinyTokenizers.bert(folder, "{'pad_token':'b'}");
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(folder)) {
            assertThat(tokenizer.padTokenId()).isEqualTo(OptionalInt.of(13));
        }
        TinyTokenizers.bert(folder, "{'pad_token':'b','added_tokens_decoder':{}}");
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(folder)) {
            assertThat(tokenizer.padTokenId()).isEqualTo(OptionalInt.of(14));
        }
    }

    @Test
    void templateFileComesBeforeTheConfiguration() throws IOException {
        TinyTokenizers.byteLevel(folder);
        Files.writeString(folder.resolve("chat_template.jinja"), "{{ messages }}");
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(folder)) {
            ChatTemplate template = tokenizer.chatTemplate().orElseThrow();
            assertThat(template.render(List.of(ChatMessage.user("hi")), GenerationPrompt.ADD))
                    .isEqualTo("[{'role': 'user', 'content': 'hi'}]");
        }
    }

    @Test
    void ofSeveralTemplatesTheDefaultCounts() throws IOException {
        TinyTokenizers.bert(
                folder,
                "{'chat_template':[{'name':'tool_use','template':'x'},{'name':'default','template':'"
                        + ChatTemplates.CHATML.replace("\\", "\\\\").replace('\'', '~') + "'}]}");
        Path config = folder.resolve("tokenizer_config.json");
        Files.writeString(config, Files.readString(config).replace('~', '\''));
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(folder)) {
            assertThat(tokenizer
                            .chatTemplate()
                            .orElseThrow()
                            .render(List.of(ChatMessage.user("hi")), GenerationPrompt.OMIT))
                    .isEqualTo("<|im_start|>user\nhi<|im_end|>\n");
        }
    }
}
