package io.trainer4j.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import io.trainer4j.UsageException;
import io.trainer4j.model.CausalLM;
import io.trainer4j.model.GenerationConfig;
import io.trainer4j.model.KeyValueCache;
import io.trainer4j.tensor.RandomState;
import io.trainer4j.testing.TinyModels;
import io.trainer4j.text.AutoTokenizer;
import io.trainer4j.text.ChatMessage;
import io.trainer4j.text.ChatTemplateInput;
import io.trainer4j.text.GenerationPrompt;
import io.trainer4j.text.PromptStyle;
import io.trainer4j.text.SpecialTokens;
import io.trainer4j.text.TinyTokenizers;
import io.trainer4j.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextGeneratorTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(
            value = PromptStyle.class,
            names = {"AUTO", "CHAT"})
    void aQuestionIsWrittenInTheChatTemplate(PromptStyle style) {
        try (TinyChat chat = TinyChat.open(folder, style)) {
            int[] ids = chat.generator().promptIds(List.of(ChatMessage.user("你好 <b>")));
            assertThat(chat.tokenizer().decode(ids, SpecialTokens.KEEP))
                    .isEqualTo("<|im_start|>user\n你好 <b><|im_end|>\n<|im_start|>assistant\n");
            assertThat(ids).containsOnlyOnce(chat.tokenizer().eosTokenId().getAsInt());
        }
    }

    @Test
    void aSystemMessageComesFirst() {
        try (TinyChat chat = TinyChat.open(folder, PromptStyle.CHAT)) {
            List<ChatMessage> turns = List.of(
                    ChatMessage.system("Be short."),
                    ChatMessage.user("a"),
                    ChatMessage.assistant("b"),
                    ChatMessage.user("c"));
            int[] ids = chat.generator().promptIds(turns);
            assertThat(chat.tokenizer().decode(ids, SpecialTokens.KEEP)).isEqualTo("""
                            <|im_start|>system
                            Be short.<|im_end|>
                            <|im_start|>user
                            a<|im_end|>
                            <|im_start|>assistant
                            b<|im_end|>
                            <|im_start|>user
                            c<|im_end|>
                            <|im_start|>assistant
                            """);
            assertThat(ids).isEqualTo(chat.tokenizer().applyChatTemplate(turns, GenerationPrompt.ADD));
        }
    }

    @Test
    void aConversationIsAnsweredFromAllItsTurns() {
        List<ChatMessage> turns =
                List.of(ChatMessage.user("the cat"), ChatMessage.assistant("hat"), ChatMessage.user("春天"));
        ChatTemplateInput asked = ChatTemplateInput.of(turns, GenerationPrompt.OMIT);
        try (TinyChat chat = TinyChat.open(folder, PromptStyle.AUTO)) {
            assertThat(chat.generator().answer(asked, TinyChat.TEN_TOKENS))
                    .isEqualTo(chat.anew(turns, TinyChat.TEN_TOKENS))
                    .isNotEqualTo(chat.generator().answer("春天", TinyChat.TEN_TOKENS));
        }
        try (TinyChat chat = TinyChat.open(folder, PromptStyle.TEXT)) {
            assertThatThrownBy(() -> chat.generator().answer(asked, TinyChat.TEN_TOKENS))
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining("leave --prompt-style out");
        }
    }

    @Test
    void textIsTakenAsItIsThoughThereIsATemplate() {
        try (TinyChat chat = TinyChat.open(folder, PromptStyle.TEXT)) {
            int[] ids = chat.generator().promptIds(List.of(ChatMessage.user("the cat")));
            assertThat(ids).isEqualTo(chat.tokenizer().encode("the cat"));
        }
    }

    @Test
    void withoutATemplateTheTextIsTakenAsItIs() {
        try (TinyChat chat = TinyChat.open(folder, PromptStyle.AUTO, null)) {
            assertThat(chat.generator().promptIds(List.of(ChatMessage.user("the cat"))))
                    .isEqualTo(chat.tokenizer().encode("the cat"));
            assertThatThrownBy(() -> TextGenerator.of(chat.model(), chat.tokenizer(), PromptStyle.CHAT))
                    .isInstanceOf(UsageException.class)
                    .hasMessage("The tokenizer has no chat template; use --prompt-style text.");
        }
    }

    /** A template writes the special tokens itself; a plain text gets those the tokenizer adds. */
    @Test
    void noSpecialTokenIsAddedToATemplate() throws IOException {
        TinyTokenizers.bert(folder, """
                {'tokenizer_class':'BertTokenizer','cls_token':'[CLS]','sep_token':'[SEP]',
                 'chat_template':'{% for m in messages %}[CLS]{{ m.content }}{% endfor %}'}""");
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(folder);
                CausalLM model = TinyModels.causalLM(1)) {
            List<ChatMessage> hello = List.of(ChatMessage.user("hello"));
            assertThat(TextGenerator.of(model, tokenizer, PromptStyle.CHAT).promptIds(hello))
                    .containsExactly(2, 5);
            assertThat(TextGenerator.of(model, tokenizer, PromptStyle.TEXT).promptIds(hello))
                    .containsExactly(2, 5, 3);
        }
    }

    @Test
    void theAnswerIsTheDecodedContinuation() {
        try (TinyChat chat = TinyChat.open(folder, PromptStyle.CHAT)) {
            int[] prompt = chat.generator().promptIds(List.of(ChatMessage.user("你好")));
            int[] tokens = chat.model().generate(prompt, TinyChat.TEN_TOKENS);
            assertThat(tokens).hasSize(10);
            assertThat(chat.generator().answer("你好", TinyChat.TEN_TOKENS))
                    .isEqualTo(streamed(chat.tokenizer(), tokens))
                    .isNotEmpty();
        }
    }

    private static String streamed(Tokenizer tokenizer, int[] tokens) {
        var decoder = tokenizer.streamingDecoder(SpecialTokens.SKIP);
        StringBuilder text = new StringBuilder();
        for (int token : tokens) {
            text.append(decoder.put(token));
        }
        return text.append(decoder.end()).toString();
    }

    @Test
    void theModelEndsAlsoAtTheTokenizersEndToken() {
        try (TinyChat chat = TinyChat.open(folder, PromptStyle.CHAT)) {
            int end = chat.tokenizer().eosTokenId().getAsInt();
            assertThat(chat.model().generationConfig().eosTokenIds()).isEmpty();
            assertThat(chat.generator().defaults().eosTokenIds()).containsExactly(end);
        }
    }

    @Test
    void aTokenizerWithoutAnEndTokenAddsNone() throws IOException {
        TinyTokenizers.bert(folder, "{'tokenizer_class':'Unknown'}");
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(folder);
                CausalLM model = TinyModels.causalLM(1, json -> json.put("eos_token_id", 9))) {
            assertThat(TextGenerator.of(model, tokenizer, PromptStyle.TEXT)
                            .defaults()
                            .eosTokenIds())
                    .containsExactly(9);
        }
    }

    @Test
    void theEndTokenEndsTheAnswerAndIsNotShown() {
        try (TinyChat chat = TinyChat.open(folder, PromptStyle.TEXT)) {
            int[] tokens = chat.model().generate(chat.tokenizer().encode("the cat"), TinyChat.TEN_TOKENS);
            int end = chat.tokenizer().eosTokenId().getAsInt();
            assertThat(tokens).doesNotContain(end);
            GenerationConfig ending = TinyChat.TEN_TOKENS.withEosTokenId(tokens[4]);
            List<Integer> heard = new ArrayList<>();
            try (KeyValueCache cache = chat.model().newCache()) {
                chat.generator().complete(chat.tokenizer().encode("the cat"), ending, cache, text -> {}, heard::add);
            }
            assertThat(heard.get(heard.size() - 1)).isEqualTo(tokens[4]);
            assertThat(heard).hasSizeLessThanOrEqualTo(5);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"你好", "the cat's hat", "😀", "\n", "<|im_start|>"})
    void theStreamedPiecesAreTheAnswer(String question) {
        try (TinyChat chat = TinyChat.open(folder, PromptStyle.CHAT);
                KeyValueCache cache = chat.model().newCache()) {
            GenerationConfig options = TinyChat.TEN_TOKENS.withMaxNewTokens(40);
            int[] prompt = chat.generator().promptIds(List.of(ChatMessage.user(question)));
            List<String> pieces = new ArrayList<>();
            String whole = chat.generator().complete(prompt, options, cache, pieces::add, id -> true);
            assertThat(String.join("", pieces))
                    .isEqualTo(whole)
                    .isEqualTo(chat.generator().answer(question, options));
            assertThat(pieces).doesNotContain("").hasSizeGreaterThan(1);
            assertThat(pieces).noneMatch(piece -> Character.isHighSurrogate(piece.charAt(piece.length() - 1)));
        }
    }

    @Test
    void answersAreDrawnFromTheRandomStream() {
        GenerationConfig drawing = new GenerationConfig(20, true, 1.5, 0, 1, 1, Set.of());
        try (TinyChat chat = TinyChat.open(folder, PromptStyle.CHAT)) {
            RandomState.manualSeed(5);
            String once = chat.generator().answer("你好", drawing);
            String again = chat.generator().answer("你好", drawing);
            RandomState.manualSeed(5);
            assertThat(chat.generator().answer("你好", drawing)).isEqualTo(once);
            assertThat(again).isNotEqualTo(once);
        }
    }

    @Test
    void questionsDoNotSeeEachOther() {
        try (TinyChat chat = TinyChat.open(folder, PromptStyle.CHAT)) {
            String first = chat.generator().answer("春天", TinyChat.TEN_TOKENS);
            chat.generator().answer("the cat's hat", TinyChat.TEN_TOKENS);
            assertThat(chat.generator().answer("春天", TinyChat.TEN_TOKENS)).isEqualTo(first);
        }
    }

    @Test
    void anEmptyTextHasNothingToContinue() {
        try (TinyChat chat = TinyChat.open(folder, PromptStyle.TEXT)) {
            assertThatThrownBy(() -> chat.generator().answer("", TinyChat.TEN_TOKENS))
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining("give it at least one token");
        }
    }

    @Test
    void aTemplateThatRefusesIsTheAnswersFailure() {
        String refusing = "{{ raise_exception('Only two turns!') }}";
        try (TinyChat chat = TinyChat.open(folder, PromptStyle.CHAT, refusing)) {
            assertThatThrownBy(() -> chat.generator().answer("你好", TinyChat.TEN_TOKENS))
                    .isInstanceOf(TrainerException.class)
                    .hasMessageContaining("Only two turns!");
        }
    }

    @Test
    void aTokenizerOfAnotherModelIsFoundOut() {
        TinyChat.writeTokenizer(folder);
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(folder);
                CausalLM model = TinyModels.causalLM(1)) {
            TextGenerator generator = TextGenerator.of(model, tokenizer, PromptStyle.CHAT);
            assertThatThrownBy(() -> generator.answer("你好", TinyChat.TEN_TOKENS))
                    .isInstanceOf(TrainerException.class)
                    .hasMessageContaining("is outside the model's vocabulary of 64 ids");
        }
    }
}
