package io.trainer4j.text;

import io.trainer4j.testing.SharedDir;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Texts with the ids that a real tokenizer gave them, without special tokens around. */
record ReferenceIds(List<String> texts, List<List<Integer>> ids) {
    static ReferenceIds read(String name) throws IOException {
        List<String> texts = new ArrayList<>();
        List<List<Integer>> ids = new ArrayList<>();
        for (String line : Files.readAllLines(SharedDir.require("data/tokenizers/ids/" + name + ".jsonl"))) {
            JsonNode row = JsonMapper.shared().readTree(line);
            texts.add(row.path("text").asString());
            ids.add(row.path("ids").values().stream().map(JsonNode::asInt).toList());
        }
        return new ReferenceIds(texts, ids);
    }
}
