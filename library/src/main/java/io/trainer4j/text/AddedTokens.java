package io.trainer4j.text;

import io.trainer4j.TrainerException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The added tokens of a folder without {@code tokenizer.json}: first those whose ids the files tell, then the special
 * ones, then those of the vocabulary's own file. A token that the vocabulary lacks gets the next id.
 *
 * @param stated the tokens whose ids are told, by id
 * @param all every token by its spelling, in the order in which they are added
 */
record AddedTokens(Path source, Map<Integer, String> stated, Map<String, AddedToken> all) {
    private static final String ADDED_TOKENS = "added_tokens.json";

    static AddedTokens of(
            TokenizerFiles files, JsonNode config, Map<String, AddedToken> named, List<AddedToken> pieces) {
        Map<String, AddedToken> special = new LinkedHashMap<>();
        named.values().forEach(token -> special.putIfAbsent(token.content(), token));
        ConfiguredTokens.extra(config, files.json(TokenizerFiles.SPECIAL_TOKENS_MAP))
                .forEach(token -> special.putIfAbsent(token.content(), token));
        boolean decoder = config.path("added_tokens_decoder").isObject();
        Map<Integer, AddedToken> stated = decoder
                ? decoder(files.file(TokenizerFiles.CONFIG), config.path("added_tokens_decoder"))
                : encoder(files.file(ADDED_TOKENS), files.json(ADDED_TOKENS), special);
        Map<String, AddedToken> all = new LinkedHashMap<>();
        for (Collection<AddedToken> tokens : List.of(stated.values(), special.values(), pieces)) {
            tokens.forEach(token ->
                    all.merge(token.content(), token, (first, again) -> again.special() ? first.asSpecial() : first));
        }
        Map<Integer, String> spellings = new TreeMap<>();
        stated.forEach((id, token) -> spellings.put(id, token.content()));
        return new AddedTokens(files.file(decoder ? TokenizerFiles.CONFIG : ADDED_TOKENS), spellings, all);
    }

    /** {@code added_tokens_decoder}: token by id. */
    private static Map<Integer, AddedToken> decoder(Path file, JsonNode entries) {
        Map<Integer, AddedToken> tokens = new TreeMap<>();
        entries.properties().forEach(entry -> {
            if (!entry.getKey().matches("[0-9]{1,9}")) {
                throw new TrainerException(
                        file + " has the added token \"" + entry.getKey() + "\"; an id is a whole number from 0 on.");
            }
            AddedToken token = AddedToken.of(entry.getValue())
                    .orElseThrow(() -> new TrainerException(file + " tells no content of the added token "
                            + entry.getKey() + "; copy the file again."));
            tokens.put(Integer.valueOf(entry.getKey()), token);
        });
        return tokens;
    }

    /** {@code added_tokens.json}: id by token. */
    private static Map<Integer, AddedToken> encoder(Path file, JsonNode entries, Map<String, AddedToken> special) {
        Map<Integer, AddedToken> tokens = new TreeMap<>();
        entries.properties().forEach(entry -> {
            if (!entry.getValue().isInt() || entry.getValue().asInt() < 0) {
                throw new TrainerException(file + " gives the token \"" + entry.getKey() + "\" the id "
                        + entry.getValue() + "; an id is a whole number from 0 on.");
            }
            String content = entry.getKey();
            tokens.put(
                    entry.getValue().asInt(),
                    special.containsKey(content)
                            ? AddedToken.special(content)
                            : new AddedToken(content, false, false, false, true, false));
        });
        return tokens;
    }

    /** Writes {@code added_tokens} by id, each with the id it has in the vocabulary of the model or the next one. */
    void writeTo(ObjectNode tokenizer, ObjectNode model) {
        Vocabulary vocabulary = Vocabulary.of(model, source);
        Map<String, Integer> ids = new LinkedHashMap<>();
        int nextId = vocabulary.size();
        for (String content : all.keySet()) {
            int id = vocabulary.id(content).orElse(nextId);
            ids.put(content, id);
            nextId += id == nextId ? 1 : 0;
        }
        stated.forEach((id, content) -> {
            if (!id.equals(ids.get(content))) {
                throw new TrainerException(source + " gives the token \"" + content + "\" the id " + id
                        + ", but it follows a vocabulary in which it has the id " + ids.get(content)
                        + "; copy all files from the same model.");
            }
        });
        List<Map.Entry<String, Integer>> ordered = new ArrayList<>(ids.entrySet());
        ordered.sort(Comparator.comparingInt(Map.Entry::getValue));
        ArrayNode added = tokenizer.putArray("added_tokens");
        ordered.forEach(entry -> all.get(entry.getKey()).appendTo(added, entry.getValue()));
    }
}
