package io.trainer4j.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import io.trainer4j.UsageException;
import io.trainer4j.model.AutoModelForCausalLM;
import io.trainer4j.model.CausalLM;
import io.trainer4j.model.ModelConfig;
import io.trainer4j.text.AutoTokenizer;
import io.trainer4j.text.ChatMessage;
import io.trainer4j.text.PromptStyle;
import io.trainer4j.text.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class ConversationTest {
    /** Refuses a conversation whose turns do not alternate, as those of Gemma and Mistral do. */
    private static final String ALTERNATING = "{% for m in messages %}"
            + "{% if (m.role == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('roles must alternate') }}{% endif %}"
            + "{{ m.role }}: {{ m.content }}\n{% endfor %}{% if add_generation_prompt %}assistant: {% endif %}";

    @TempDir
    private Path folder;

    @Test
    void everyTurnIsAnsweredAsIfAllWereReadAnew() {
        try (TinyChat chat = TinyChat.open(folder, PromptStyle.CHAT);
                Conversation conversation = chat.generator().converse(TinyChat.TEN_TOKENS)) {
            List<ChatMessage> turns = new ArrayList<>();
            for (String text : List.of("春天来了", "the cat's hat", "a", "花谢了。")) {
                turns.add(ChatMessage.user(text));
                String answer = conversation.say(text, piece -> {});
                assertThat(answer).isEqualTo(chat.anew(turns, TinyChat.TEN_TOKENS));
                turns.add(ChatMessage.assistant(answer));
            }
            assertThat(conversation.messages()).isEqualTo(turns);
        }
    }

    @Test
    void thePiecesAreTheAnswer() {
        try (TinyChat chat = TinyChat.open(folder, PromptStyle.CHAT);
                Conversation conversation = chat.generator().converse(TinyChat.TEN_TOKENS.withMaxNewTokens(30))) {
            for (String text : List.of("春天", "ab")) {
                List<String> pieces = new ArrayList<>();
                assertThat(conversation.say(text, pieces::add)).isEqualTo(String.join("", pieces));
                assertThat(pieces).doesNotContain("");
            }
        }
    }

    @Test
    void anAnswerCutShortIsRememberedAsFarAsItCame() {
        try (TinyChat chat = TinyChat.open(folder, PromptStyle.CHAT);
                Conversation conversation = chat.generator().converse(TinyChat.TEN_TOKENS)) {
            int[] asked = {0};
            String cut = conversation.say("春天", piece -> {}, () -> ++asked[0] < 3);
            assertThat(asked[0]).isEqualTo(3);
            assertThat(cut)
                    .isEqualTo(chat.anew(List.of(ChatMessage.user("春天")), TinyChat.TEN_TOKENS.withMaxNewTokens(3)));
            List<ChatMessage> turns =
                    List.of(ChatMessage.user("春天"), ChatMessage.assistant(cut), ChatMessage.user("花"));
            assertThat(conversation.say("花", piece -> {})).isEqualTo(chat.anew(turns, TinyChat.TEN_TOKENS));
        }
    }

    @Test
    void clearingForgetsEverything() {
        try (TinyChat chat = TinyChat.open(folder, PromptStyle.CHAT);
                Conversation conversation = chat.generator().converse(TinyChat.TEN_TOKENS)) {
            String first = conversation.say("春天", piece -> {});
            conversation.say("the cat", piece -> {});
            conversation.clear();
            assertThat(conversation.messages()).isEmpty();
            assertThat(conversation.say("春天", piece -> {})).isEqualTo(first);
            assertThat(conversation.messages()).hasSize(2);
        }
    }

    @Test
    void theListOfTurnsIsACopy() {
        try (TinyChat chat = TinyChat.open(folder, PromptStyle.CHAT);
                Conversation conversation = chat.generator().converse(TinyChat.TEN_TOKENS)) {
            List<ChatMessage> before = conversation.messages();
            conversation.say("a", piece -> {});
            assertThat(before).isEmpty();
            assertThatThrownBy(() -> conversation.messages().clear()).isInstanceOf(UnsupportedOperationException.class);
        }
    }

    @Test
    void conversationsWithOneModelDoNotSeeEachOther() {
        try (TinyChat chat = TinyChat.open(folder, PromptStyle.CHAT);
                Conversation one = chat.generator().converse(TinyChat.TEN_TOKENS);
                Conversation other = chat.generator().converse(TinyChat.TEN_TOKENS)) {
            one.say("春天", piece -> {});
            String first = other.say("花", piece -> {});
            one.say("the cat", piece -> {});
            assertThat(first).isEqualTo(chat.anew(List.of(ChatMessage.user("花")), TinyChat.TEN_TOKENS));
            assertThat(one.messages()).hasSize(4);
            assertThat(other.messages()).hasSize(2);
        }
    }

    @Test
    void aTemplateMayWriteEarlierTurnsAnew() {
        String lastTurnFirst = "{{ messages | length }} {{ messages[-1].content }}"
                + "{% for m in messages %}|{{ m.content | upper }}{% endfor %}:";
        try (TinyChat chat = TinyChat.open(folder, PromptStyle.CHAT, lastTurnFirst);
                Conversation conversation = chat.generator().converse(TinyChat.TEN_TOKENS)) {
            List<ChatMessage> turns = new ArrayList<>();
            for (String text : List.of("abab", "the cat", "the cat's hat")) {
                turns.add(ChatMessage.user(text));
                String answer = conversation.say(text, piece -> {});
                assertThat(answer).isEqualTo(chat.anew(turns, TinyChat.TEN_TOKENS));
                turns.add(ChatMessage.assistant(answer));
            }
        }
    }

    @Test
    void aTemplatesOwnSystemMessageIsInEveryTurn() {
        String helpful = "system: help. {% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}";
        try (TinyChat chat = TinyChat.open(folder, PromptStyle.CHAT, helpful);
                Conversation conversation = chat.generator().converse(TinyChat.TEN_TOKENS)) {
            conversation.say("a", piece -> {});
            conversation.say("b", piece -> {});
            assertThat(chat.generator().promptIds(conversation.messages()))
                    .startsWith(chat.tokenizer().encode("system: help. user: a\n"));
            assertThat(conversation.messages())
                    .extracting(ChatMessage::role)
                    .containsExactly("user", "assistant", "user", "assistant");
        }
    }

    @Test
    void theSameQuestionAgainIsReadAgain() {
        try (TinyChat chat = TinyChat.open(folder, PromptStyle.TEXT);
                Conversation conversation = chat.generator().converse(TinyChat.TEN_TOKENS)) {
            String first = conversation.say("the cat", piece -> {});
            assertThat(conversation.say("the cat", piece -> {})).isEqualTo(first);
            assertThat(conversation.say("the", piece -> {}))
                    .isEqualTo(chat.generator().answer("the", TinyChat.TEN_TOKENS));
        }
    }

    /** The listener of the second turn fails: the turn is as if it had not been. */
    @Test
    void aTurnThatFailsIsForgotten() {
        try (TinyChat chat = TinyChat.open(folder, PromptStyle.CHAT, ALTERNATING);
                Conversation conversation = chat.generator().converse(TinyChat.TEN_TOKENS)) {
            String first = conversation.say("春天", piece -> {});
            List<ChatMessage> before = conversation.messages();
            assertThatThrownBy(() -> conversation.say("花", ConversationTest::fail))
                    .hasMessage("window closed");
            assertThat(conversation.messages()).isEqualTo(before);
            List<ChatMessage> turns =
                    List.of(ChatMessage.user("春天"), ChatMessage.assistant(first), ChatMessage.user("走了"));
            assertThat(conversation.say("走了", piece -> {})).isEqualTo(chat.anew(turns, TinyChat.TEN_TOKENS));
        }
    }

    private static void fail(String piece) {
        throw new IllegalStateException("window closed");
    }

    /** The failed turn has overwritten what the cache held of the one before; the third must not take it for that. */
    @Test
    void aTurnThatFailsLeavesNoTokensBehind() {
        try (TinyChat chat = TinyChat.open(folder, PromptStyle.TEXT);
                Conversation conversation = chat.generator().converse(TinyChat.TEN_TOKENS)) {
            String text = "the cat's hat, the cat's mat; abab";
            String first = conversation.say(text, piece -> {});
            assertThatThrownBy(() -> conversation.say("the 春天来了，花开了。春天走了，花谢了。", ConversationTest::fail))
                    .hasMessage("window closed");
            assertThat(conversation.say(text, piece -> {})).isEqualTo(first);
        }
    }

    @Test
    void anEmptyTextIsRefusedAndTheConversationGoesOn() {
        try (TinyChat chat = TinyChat.open(folder, PromptStyle.TEXT);
                Conversation conversation = chat.generator().converse(TinyChat.TEN_TOKENS)) {
            assertEmptyIsRefused(conversation);
            String first = conversation.say("the cat", piece -> {});
            assertEmptyIsRefused(conversation);
            assertThat(conversation.messages()).hasSize(2);
            assertThat(conversation.say("the cat", piece -> {})).isEqualTo(first);
        }
    }

    private static void assertEmptyIsRefused(Conversation conversation) {
        assertThatThrownBy(() -> conversation.say("", piece -> {}))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("give it at least one token");
    }

    /** A model with learned positions has no place for more; cleared, the conversation begins again. */
    @Test
    void aConversationThatOutgrowsTheModelSaysSo() {
        TinyChat.writeTokenizer(folder);
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(folder);
                CausalLM model = AutoModelForCausalLM.fromConfig(ModelConfig.of(JsonMapper.shared()
                        .createObjectNode()
                        .put("model_type", "gpt2")
                        .put("vocab_size", tokenizer.vocabSize())
                        .put("n_embd", 16)
                        .put("n_head", 2)
                        .put("n_layer", 1)
                        .put("n_positions", 60)));
                Conversation conversation =
                        TextGenerator.of(model, tokenizer, PromptStyle.CHAT).converse(TinyChat.TEN_TOKENS)) {
            String first = conversation.say("ab", piece -> {});
            assertThatThrownBy(() -> conversation.say("abcdefgh".repeat(9), piece -> {}))
                    .isInstanceOf(TrainerException.class)
                    .hasMessageContaining("the model has positions for 60");
            assertThat(conversation.messages()).hasSize(2);
            conversation.clear();
            assertThat(conversation.say("ab", piece -> {})).isEqualTo(first);
        }
    }

    @Test
    void oneModelServesSeveralGenerators() {
        try (TinyChat chat = TinyChat.open(folder, PromptStyle.CHAT)) {
            TextGenerator plain = TextGenerator.of(chat.model(), chat.tokenizer(), PromptStyle.TEXT);
            assertThat(plain.answer("ab", TinyChat.TEN_TOKENS))
                    .isNotEqualTo(chat.generator().answer("ab", TinyChat.TEN_TOKENS));
        }
    }
}
