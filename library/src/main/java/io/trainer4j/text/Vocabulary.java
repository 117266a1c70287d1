package io.trainer4j.text;

import io.trainer4j.TrainerException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Every token of a {@code tokenizer.json} with its id, added tokens included. */
final class Vocabulary {
    private final Map<String, Integer> ids;
    private final Map<Integer, String> tokens;
    private final Set<Integer> specialIds;
    private final int size;

    private Vocabulary(Map<String, Integer> ids, Set<Integer> specialIds, int size) {
        this.ids = ids;
        this.tokens = new HashMap<>(ids.size() * 2);
        ids.forEach((token, id) -> tokens.put(id, token));
        this.specialIds = specialIds;
        this.size = size;
    }

    /**
     * Reads {@code model.vocab} and {@code added_tokens}.
     *
     * @param file where the tree comes from, for messages
     */
    static Vocabulary of(JsonNode tokenizer, Path file) {
        Map<String, Integer> ids = new HashMap<>();
        int repeated = 0;
        JsonNode vocab = tokenizer.path("model").path("vocab");
        if (vocab.isObject()) {
            vocab.properties()
                    .forEach(entry -> ids.put(entry.getKey(), entry.getValue().asInt()));
        } else if (vocab.isArray()) {
            for (int id = 0; id < vocab.size(); id++) {
                ids.put(vocab.path(id).path(0).asString(), id);
            }
            repeated = vocab.size() - ids.size();
        } else {
            throw new TrainerException(file + " has no vocabulary under model.vocab; copy the file again.");
        }
        Set<Integer> specialIds = new HashSet<>();
        for (JsonNode added : tokenizer.path("added_tokens").values()) {
            int id = added.path("id").asInt();
            ids.put(added.path("content").asString(), id);
            if (added.path("special").asBoolean(false)) {
                specialIds.add(id);
            }
        }
        return new Vocabulary(ids, specialIds, ids.size() + repeated);
    }

    OptionalInt id(String token) {
        Integer id = ids.get(token);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    Optional<String> token(int id) {
        return Optional.ofNullable(tokens.get(id));
    }

    boolean isSpecial(int id) {
        return specialIds.contains(id);
    }

    /** Number of tokens; one that stands twice in a list counts twice, as its places are ids. */
    int size() {
        return size;
    }
}
