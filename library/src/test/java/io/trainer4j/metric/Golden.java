package io.trainer4j.metric;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Figures of Python libraries, written by src/test/golden/metrics.py. */
final class Golden {
    private Golden() {}

    static List<JsonNode> cases(String name) {
        try (InputStream file = Golden.class.getResourceAsStream("/golden/metrics/" + name + ".json")) {
            return List.copyOf(JsonMapper.shared().readTree(file).values());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
