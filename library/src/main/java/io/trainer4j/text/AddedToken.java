package io.trainer4j.text;

import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/**
 * A token that is looked for in a text before the vocabulary's model sees it, as {@code tokenizer.json} lists it.
 *
 * @param leftStrip whether it takes the spaces before it, {@code lstrip}
 * @param rightStrip whether it takes the spaces after it, {@code rstrip}
 * @param normalized whether it is looked for in the normalized text
 * @param special whether decoding may leave it out
 */
record AddedToken(
        String content,
        boolean singleWord,
        boolean leftStrip,
        boolean rightStrip,
        boolean normalized,
        boolean special) {

    /** A special token that is found wherever it is spelled. */
    static AddedToken special(String content) {
        return new AddedToken(content, false, false, false, false, true);
    }

    /** A token that is no special one and found wherever it is spelled. */
    static AddedToken plain(String content) {
        return new AddedToken(content, false, false, false, false, false);
    }

    /** A special token of a configuration, which writes it as a string or as an object; empty if it is neither. */
    static Optional<AddedToken> special(JsonNode token) {
        return token.isObject()
                ? of(token).map(AddedToken::asSpecial)
                : token.stringValueOpt().map(AddedToken::special);
    }

    /** A token written as an object, which is special only if it says so. */
    static Optional<AddedToken> of(JsonNode token) {
        boolean special = token.path("special").asBoolean(false);
        return token.path("content")
                .stringValueOpt()
                .map(content -> new AddedToken(
                        content,
                        token.path("single_word").asBoolean(false),
                        token.path("lstrip").asBoolean(false),
                        token.path("rstrip").asBoolean(false),
                        token.path("normalized").asBoolean(!special),
                        special));
    }

    AddedToken asSpecial() {
        return new AddedToken(content, singleWord, leftStrip, rightStrip, normalized, true);
    }

    void appendTo(ArrayNode addedTokens, int id) {
        addedTokens
                .addObject()
                .put("id", id)
                .put("content", content)
                .put("single_word", singleWord)
                .put("lstrip", leftStrip)
                .put("rstrip", rightStrip)
                .put("normalized", normalized)
                .put("special", special);
    }
}
