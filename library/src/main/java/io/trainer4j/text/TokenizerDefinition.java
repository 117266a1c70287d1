package io.trainer4j.text;

import io.trainer4j.TrainerException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the files of a tokenizer say, put together as transformers does when it opens them.
 *
 * @param specialTokens token by role, for example {@code eos_token}
 * @param byteLevel whether tokens spell bytes, see {@link ByteAlphabet}
 * @param markers added tokens that are found wherever a text spells them and touch nothing around them
 * @param cleanUpSpaces whether decoding ends with transformers' {@code clean_up_tokenization}
 */
record TokenizerDefinition(
        Vocabulary vocabulary,
        Map<String, String> specialTokens,
        boolean tokenTypeIds,
        boolean byteLevel,
        boolean cleanUpSpaces,
        Side paddingSide,
        Side truncationSide,
        List<String> markers,
        ChatTemplates chatTemplates) {

    /**
     * What the files say, and what the native library is to read.
     *
     * @param json the {@code tokenizer.json} to run, with the changes the configuration asks for
     */
    record Parsed(TokenizerDefinition definition, String json) {}

    static Parsed of(TokenizerFiles files) {
        ObjectNode tokenizer = (ObjectNode) files.withoutMerges();
        JsonNode config = files.json(TokenizerFiles.CONFIG);
        JsonNode specialTokensMap = files.json(TokenizerFiles.SPECIAL_TOKENS_MAP);
        TokenizerClass type = TokenizerClass.of(config, files.modelConfig());
        Vocabulary plain = Vocabulary.of(tokenizer, files.file(TokenizerFiles.TOKENIZER));
        Map<String, AddedToken> specialTokens = ConfiguredTokens.named(
                config, specialTokensMap, type, token -> plain.id(token).isPresent());
        boolean changed = ConfiguredTokens.addMissing(
                tokenizer, specialTokens, ConfiguredTokens.extra(config, specialTokensMap), plain);
        changed |= type.isWordPiece() && BertNormalizer.configure(tokenizer, config);
        boolean bpe = tokenizer.path("model").path("type").asString("").equals("BPE");
        TokenizerDefinition definition = new TokenizerDefinition(
                changed ? Vocabulary.of(tokenizer, files.file(TokenizerFiles.TOKENIZER)) : plain,
                contents(specialTokens),
                returnsTokenTypeIds(config, type),
                tokenizer.path("decoder").path("type").asString("").equals("ByteLevel"),
                config.path("clean_up_tokenization_spaces").asBoolean(false) && !bpe,
                side(files, config, "padding_side"),
                side(files, config, "truncation_side"),
                markers(tokenizer),
                ChatTemplates.of(files, config, contents(specialTokens)));
        return new Parsed(
                definition,
                changed
                        ? JsonMapper.shared().writeValueAsString(withMerges(tokenizer, files))
                        : files.text(TokenizerFiles.TOKENIZER).orElseThrow());
    }

    private static JsonNode withMerges(ObjectNode tokenizer, TokenizerFiles files) {
        JsonNode merges = files.json(TokenizerFiles.TOKENIZER).path("model").path("merges");
        if (tokenizer.path("model") instanceof ObjectNode model && !merges.isMissingNode()) {
            model.set("merges", merges);
        }
        return tokenizer;
    }

    private static Map<String, String> contents(Map<String, AddedToken> tokens) {
        Map<String, String> contents = new LinkedHashMap<>();
        tokens.forEach((role, token) -> contents.put(role, token.content()));
        return contents;
    }

    private static List<String> markers(JsonNode tokenizer) {
        return tokenizer.path("added_tokens").values().stream()
                .flatMap(token -> AddedToken.of(token).stream())
                .filter(token ->
                        !token.normalized() && !token.singleWord() && !token.leftStrip() && !token.rightStrip())
                .map(AddedToken::content)
                .filter(content -> !content.isEmpty())
                .toList();
    }

    OptionalInt specialId(String role) {
        String token = specialTokens.get(role);
        return token == null ? OptionalInt.empty() : vocabulary.id(token);
    }

    private static boolean returnsTokenTypeIds(JsonNode config, TokenizerClass type) {
        JsonNode names = config.path("model_input_names");
        return names.isArray()
                ? names.values().stream().anyMatch(name -> name.asString().equals("token_type_ids"))
                : type == TokenizerClass.BERT;
    }

    private static Side side(TokenizerFiles files, JsonNode config, String key) {
        String side = config.path(key).asString("right");
        return switch (side) {
            case "left" -> Side.LEFT;
            case "right" -> Side.RIGHT;
            default ->
                throw new TrainerException(files.file(TokenizerFiles.CONFIG) + " has the " + key + " \"" + side
                        + "\"; write left or right.");
        };
    }
}
