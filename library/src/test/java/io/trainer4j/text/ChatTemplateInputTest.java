package io.trainer4j.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.UsageException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChatTemplateInputTest {
    private static final List<ChatMessage> MESSAGES = List.of(ChatMessage.system("s"), ChatMessage.user("u"));

    @Test
    void aMessageHoldsItsRoleBeforeItsContent() {
        ChatTemplateInput input = ChatTemplateInput.of(MESSAGES, GenerationPrompt.ADD);

        assertThat(input.messages()).hasToString("[{role=system, content=s}, {role=user, content=u}]");
        assertThat(input.variables()).isEmpty();
        assertThat(input.hasTools()).isFalse();
    }

    @Test
    void aConversationNeedsAMessageAndAMessageBothParts() {
        assertThatThrownBy(() -> ChatTemplateInput.of(List.of(), GenerationPrompt.OMIT))
                .isInstanceOf(UsageException.class)
                .hasMessage("A conversation without messages cannot be rendered; give at least one message.");
        assertThatThrownBy(() -> ChatMessage.assistant(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("content");
        assertThatThrownBy(() -> new ChatMessage(null, "x"))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("role");
    }

    @Test
    void aVariableGivesACopyAndReplacesOneOfItsName() {
        ChatTemplateInput input = ChatTemplateInput.of(MESSAGES, GenerationPrompt.ADD);
        ChatTemplateInput more =
                input.with("enable_thinking", true).with("date", "today").with("enable_thinking", false);

        assertThat(input.variables()).isEmpty();
        assertThat(more.variables()).isEqualTo(Map.of("enable_thinking", false, "date", "today"));
        assertThat(more.messages()).isEqualTo(input.messages());
        assertThat(more.generationPrompt()).isEqualTo(GenerationPrompt.ADD);
    }

    @Test
    void toolsAreThereWhereTheListIsEvenIfItIsEmpty() {
        ChatTemplateInput input = ChatTemplateInput.of(MESSAGES, GenerationPrompt.OMIT);

        assertThat(input.withTools(List.of()).hasTools()).isTrue();
        assertThat(input.withTools(null).hasTools()).isFalse();
        assertThat(input.withDocuments(List.of(Map.of("text", "d"))).variables())
                .isEqualTo(Map.of("documents", List.of(Map.of("text", "d"))));
    }

    @Test
    void doesNotFollowLaterChanges() {
        List<Map<String, Object>> messages = new ArrayList<>(List.of(Map.of("role", "user")));
        Map<String, Object> variables = new HashMap<>();
        ChatTemplateInput input = new ChatTemplateInput(messages, GenerationPrompt.OMIT, variables);

        messages.clear();
        variables.put("x", 1);

        assertThat(input.messages()).hasSize(1);
        assertThat(input.variables()).isEmpty();
        assertThatThrownBy(() -> input.variables().put("x", 1)).isInstanceOf(UnsupportedOperationException.class);
    }
}
