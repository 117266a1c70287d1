package io.trainer4j.text;

import java.util.Objects;

/**
 * One turn of a conversation.
 *
 * @param role {@code system}, {@code user} or {@code assistant}
 * @param content the text of the turn, used as it is
 */
public record ChatMessage(String role, String content) {
    /** Checks that both parts are given. */
    public ChatMessage {
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(content, "content");
    }

    /** Instructions that hold for the whole conversation. */
    public static ChatMessage system(String content) {
        return new ChatMessage("system", content);
    }

    /** What the user says. */
    public static ChatMessage user(String content) {
        return new ChatMessage("user", content);
    }

    /** What the model said. */
    public static ChatMessage assistant(String content) {
        return new ChatMessage("assistant", content);
    }
}
