package io.trainer4j.text.jinja;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** What {@code src/test/golden/chat_templates.py} reads and writes. */
final class References {
    /** The script's time. */
    static final Clock CLOCK = Clock.fixed(Instant.parse("2025-03-07T09:05:04Z"), ZoneOffset.UTC);

    private static final JsonMapper JSON = JsonMapper.shared();

    private References() {}

    static List<String> lines(String name) {
        return text(name).lines().toList();
    }

    static Map<String, Object> json(String name) {
        return parse(text(name));
    }

    static Map<String, Object> parse(String json) {
        return JSON.readValue(json, new TypeReference<>() {});
    }

    private static String text(String name) {
        try (InputStream in = References.class.getResourceAsStream("/golden/chat-templates/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
