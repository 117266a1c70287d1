package io.trainer4j.text;

import io.trainer4j.TrainerException;
import io.trainer4j.text.PostProcessor.Part;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes the {@code tokenizer.json} of a folder that has none from the files of older tokenizers, so that ids are those
 * transformers gives for the same folder (convert_slow_tokenizer.py, tokenization_utils_tokenizers.py).
 */
final class TokenizerConversion {
    private static final List<String> MODELS = List.of("tokenizer.model", "spiece.model", "sentencepiece.bpe.model");

    /** Classes that leave the vocabulary as it is; the first one is written where no class is named. */
    private static final String PLAIN = "PreTrainedTokenizerFast";

    private static final Set<String> PLAIN_CLASSES = Set.of("", PLAIN, "PreTrainedTokenizer", "TokenizersBackend");

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final TokenizerFiles files;
    private final ObjectNode config;
    private final TokenizerClass type;
    private final String className;

    private TokenizerConversion(TokenizerFiles files) {
        this.files = files;
        this.config = (ObjectNode) files.json(TokenizerFiles.CONFIG);
        this.type = TokenizerClass.of(config, files.modelConfig());
        this.className = TokenizerClass.name(config, files.modelConfig());
    }

    /**
     * The files with {@code tokenizer.json}; {@code tokenizer_config.json} names the class and the special tokens too where
     * only other files told them.
     *
     * @throws TrainerException if no file of a tokenizer is there, one is missing or broken, or the class is unknown
     */
    static TokenizerFiles convert(TokenizerFiles files) {
        return new TokenizerConversion(files).converted();
    }

    /** A truth value of a configuration, which writes null where the default counts. */
    static boolean flag(JsonNode config, String key, boolean fallback) {
        JsonNode value = config.path(key);
        return value.isBoolean() ? value.asBoolean() : fallback;
    }

    private TokenizerFiles converted() {
        return switch (type) {
            case BERT, DISTILBERT -> {
                Map<String, AddedToken> named = named();
                yield finish(VocabularyFiles.wordPiece(files, config, content(named, "unk_token")), named, List.of());
            }
            case GPT2, ROBERTA, QWEN2 -> finish(VocabularyFiles.bytePairs(files, type, config), named(), List.of());
            case LLAMA, GEMMA, T5, XLM_ROBERTA, OTHER -> fromModelFile();
        };
    }

    private TokenizerFiles fromModelFile() {
        String name = MODELS.stream()
                .filter(files.contents()::containsKey)
                .findFirst()
                .orElse("");
        if (type == TokenizerClass.OTHER && (name.isEmpty() || !PLAIN_CLASSES.contains(className))) {
            throw unknown();
        }
        if (name.isEmpty()) {
            files.require(MODELS.get(0));
        }
        byte[] content = files.require(name);
        if (TiktokenFile.isTiktoken(content)) {
            return finish(TiktokenFile.tokenizer(files, name), named(), List.of());
        }
        SentencePieceFile model =
                new SentencePieceFile(SentencePieceModel.parse(content, files.file(name)), files.file(name));
        if (type == TokenizerClass.OTHER) {
            assume(model.specialTokens());
        }
        return finish(model.tokenizer(type, config), named(), model.addedTokens(type, config));
    }

    private TrainerException unknown() {
        boolean any = files.contents().containsKey("vocab.json")
                || files.contents().containsKey("vocab.txt")
                || MODELS.stream().anyMatch(files.contents()::containsKey);
        if (!any) {
            return new TrainerException("There is no tokenizer.json in " + files.folder()
                    + ", nor vocab.json with merges.txt, vocab.txt, tokenizer.model, spiece.model or"
                    + " sentencepiece.bpe.model, from which it could be made; give the folder of a tokenizer.");
        }
        return new TrainerException("The tokenizer in " + files.folder() + " has no tokenizer.json and "
                + (className.isEmpty() ? "names no tokenizer_class" : "is a " + className)
                + ", which this version cannot convert; open it once with transformers and save it with"
                + " save_pretrained, or name its tokenizer_class in " + TokenizerFiles.CONFIG + ".");
    }

    /** Writes special tokens that no file names into the configuration, as transformers does when it saves. */
    private void assume(Map<String, String> tokens) {
        JsonNode specialTokensMap = files.json(TokenizerFiles.SPECIAL_TOKENS_MAP);
        new TreeMap<>(tokens).forEach((role, token) -> {
            if (!config.has(role) && !specialTokensMap.has(role)) {
                config.put(role, token);
            }
        });
    }

    private Map<String, AddedToken> named() {
        assume(type.defaultTokens());
        return ConfiguredTokens.named(config, files.json(TokenizerFiles.SPECIAL_TOKENS_MAP), type, assumed -> true);
    }

    private TokenizerFiles finish(ObjectNode model, Map<String, AddedToken> named, List<AddedToken> pieces) {
        ObjectNode tokenizer = JSON.createObjectNode();
        tokenizer.put("version", "1.0").putNull("truncation").putNull("padding");
        AddedTokens.of(files, config, named, pieces).writeTo(tokenizer, model);
        tokenizer.set("normalizer", model.path("normalizer"));
        tokenizer.set("pre_tokenizer", model.path("pre_tokenizer"));
        tokenizer.set("model", model.path("model"));
        tokenizer.set("post_processor", postProcessor(tokenizer, named));
        tokenizer.set("decoder", model.path("decoder"));
        TokenizerFiles result = files.with(TokenizerFiles.TOKENIZER, bytes(tokenizer));
        if (!config.has("tokenizer_class")) {
            config.put("tokenizer_class", className());
        }
        return config.equals(files.json(TokenizerFiles.CONFIG))
                ? result
                : result.with(TokenizerFiles.CONFIG, bytes(config));
    }

    private String className() {
        if (!className.isEmpty()) {
            return className;
        }
        return type == TokenizerClass.OTHER ? PLAIN : type.className();
    }

    private ObjectNode postProcessor(ObjectNode tokenizer, Map<String, AddedToken> named) {
        Vocabulary vocabulary = Vocabulary.of(tokenizer, files.file(TokenizerFiles.TOKENIZER));
        return switch (type) {
            case BERT, DISTILBERT -> {
                Part first = Part.token(content(named, "cls_token"), 0);
                String end = content(named, "sep_token");
                List<Part> single = List.of(first, Part.text("A", 0), Part.token(end, 0));
                yield new PostProcessor(
                                single,
                                List.of(
                                        first,
                                        Part.text("A", 0),
                                        Part.token(end, 0),
                                        Part.text("B", 1),
                                        Part.token(end, 1)))
                        .json(vocabulary);
            }
            case ROBERTA -> {
                ObjectNode roberta = Steps.step("RobertaProcessing");
                for (String role : List.of("sep", "cls")) {
                    String token = content(named, role + "_token");
                    roberta.putArray(role).add(token).add(vocabulary.id(token).orElseThrow());
                }
                yield roberta.put("trim_offsets", flag(config, "trim_offsets", true))
                        .put("add_prefix_space", flag(config, "add_prefix_space", false));
            }
            case T5 -> {
                Part end = Part.token(content(named, "eos_token"), 0);
                Part text = Part.text("A", 0);
                yield new PostProcessor(List.of(text, end), List.of(text, end, Part.text("B", 0), end))
                        .json(vocabulary);
            }
            case XLM_ROBERTA -> {
                Part start = Part.token(content(named, "bos_token"), 0);
                Part end = Part.token(content(named, "eos_token"), 0);
                Part text = Part.text("A", 0);
                yield new PostProcessor(
                                List.of(start, text, end), List.of(start, text, end, end, Part.text("B", 0), end))
                        .json(vocabulary);
            }
            case GPT2, QWEN2, LLAMA, GEMMA, OTHER ->
                PostProcessor.around(configured(named, "bos_token"), configured(named, "eos_token"))
                        .json(vocabulary);
        };
    }

    /** The token a text starts or ends with, if the configuration asks for it: {@code add_bos_token}. */
    private Optional<String> configured(Map<String, AddedToken> named, String role) {
        return flag(config, "add_" + role, false)
                ? Optional.ofNullable(named.get(role)).map(AddedToken::content)
                : Optional.empty();
    }

    private String content(Map<String, AddedToken> named, String role) {
        AddedToken token = named.get(role);
        if (token == null) {
            throw new TrainerException(files.file(TokenizerFiles.CONFIG) + " says that there is no " + role + ", but "
                    + type.className() + " needs one; name it there.");
        }
        return token.content();
    }

    private static byte[] bytes(ObjectNode tree) {
        return JSON.writeValueAsString(tree).getBytes(StandardCharsets.UTF_8);
    }
}
