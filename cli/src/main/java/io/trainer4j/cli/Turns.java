package io.trainer4j.cli;

import io.trainer4j.UsageException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The turns of one conversation of a file. */
record Turns(List<Map<String, Object>> list) {
    /**
     * Reads a cell: the turns as JSON holds them, or in a CSV cell the text of such JSON.
     *
     * @param column of the cell, for messages
     * @throws UsageException if the cell is no conversation
     */
    static Turns of(Object cell, String column) {
        try {
            Object json = cell instanceof String text ? JsonMapper.shared().readValue(text, Object.class) : cell;
            List<Map<String, Object>> turns =
                    JsonMapper.shared().convertValue(json, new TypeReference<List<Map<String, Object>>>() {});
            if (turns != null
                    && !turns.isEmpty()
                    && turns.stream().allMatch(turn -> turn.get("role") instanceof String)) {
                return new Turns(turns);
            }
        } catch (JacksonException | IllegalArgumentException e) {
            throw noConversation(cell, column, e);
        }
        throw noConversation(cell, column, null);
    }

    private static UsageException noConversation(Object cell, String column, Exception cause) {
        UsageException refusal = new UsageException("Column \"" + column + "\" holds \""
                + EncodedRows.shortened(String.valueOf(cell))
                + "\" where a conversation is needed; write it as [{\"role\": \"user\", \"content\": \"...\"}, ...].");
        if (cause != null) {
            refusal.initCause(cause);
        }
        return refusal;
    }

    /** Where the assistant speaks last after others have spoken; -1 if nowhere. */
    private int lastAnswer() {
        for (int i = list.size() - 1; i > 0; i--) {
            if ("assistant".equals(list.get(i).get("role"))) {
                return i;
            }
        }
        return -1;
    }

    boolean hasAnswer() {
        return lastAnswer() > 0;
    }

    /** What the assistant says last. */
    String answer() {
        return content(list.get(lastAnswer()));
    }

    /** The turns before it. */
    Turns question() {
        return new Turns(list.subList(0, lastAnswer()));
    }

    /** One turn as it is, several with the role in front of each. */
    String text() {
        return list.size() == 1
                ? content(list.get(0))
                : list.stream()
                        .map(turn -> turn.get("role") + ": " + content(turn))
                        .collect(Collectors.joining("\n"));
    }

    /** A text, or the texts of a list of parts. */
    private static String content(Map<String, Object> turn) {
        Object content = turn.get("content");
        if (content instanceof List<?> parts) {
            return parts.stream()
                    .map(part -> part instanceof Map<?, ?> map && map.get("text") instanceof String text ? text : "")
                    .collect(Collectors.joining());
        }
        return content == null ? "" : content.toString();
    }
}
