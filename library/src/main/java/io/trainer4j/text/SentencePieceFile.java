package io.trainer4j.text;

import io.trainer4j.TrainerException;
import io.trainer4j.text.SentencePieceModel.Algorithm;
import io.trainer4j.text.SentencePieceModel.Piece;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A SentencePiece model in the form of {@code tokenizer.json}, with the changes that the class of a model makes to it
 * (transformers: convert_slow_tokenizer.py and models/&lt;name&gt;/tokenization_&lt;name&gt;.py).
 */
final class SentencePieceFile {
    /** Tokens that T5 appends to its pieces unless the configuration tells another {@code extra_ids}. */
    private static final int T5_EXTRA_IDS = 100;

    private final SentencePieceModel model;
    private final Path file;

    SentencePieceFile(SentencePieceModel model, Path file) {
        this.model = model;
        this.file = file;
    }

    /** Control pieces and the user's own, which are found in a text before the model sees it. */
    List<AddedToken> addedTokens(TokenizerClass type, JsonNode config) {
        List<AddedToken> tokens = new ArrayList<>();
        for (Piece piece : model.pieces()) {
            if (piece.isControl()) {
                tokens.add(AddedToken.special(piece.text()));
            } else if (piece.isUserDefined()) {
                tokens.add(AddedToken.plain(piece.text()));
            }
        }
        if (type == TokenizerClass.T5) {
            extraIds(config).forEach(token -> tokens.add(AddedToken.special(token)));
        }
        return tokens;
    }

    /** The special tokens that the model itself tells, by role. */
    Map<String, String> specialTokens() {
        Map<String, String> tokens = new LinkedHashMap<>();
        tokens.put("unk_token", model.trainer().unkPiece());
        if (model.trainer().bosId() >= 0) {
            tokens.put("bos_token", model.trainer().bosPiece());
        }
        if (model.trainer().eosId() >= 0) {
            tokens.put("eos_token", model.trainer().eosPiece());
        }
        return tokens;
    }

    /** The vocabulary's model and its steps. */
    ObjectNode tokenizer(TokenizerClass type, JsonNode config) {
        return switch (type) {
            case LLAMA -> llama(config);
            case GEMMA -> gemma();
            case T5 -> wordwise(t5Pieces(config), model.trainer().unkId(), true);
            case XLM_ROBERTA ->
                wordwise(xlmRobertaPieces(), 3, TokenizerConversion.flag(config, "add_prefix_space", true));
            default -> asTrained();
        };
    }

    private ObjectNode llama(JsonNode config) {
        require(Algorithm.BPE, TokenizerClass.LLAMA);
        boolean addPrefixSpace = TokenizerConversion.flag(config, "add_prefix_space", true);
        String always = TokenizerConversion.flag(config, "legacy", false) ? "always" : "first";
        ObjectNode tokenizer = JsonMapper.shared().createObjectNode();
        tokenizer.putNull("normalizer");
        tokenizer.set("pre_tokenizer", Steps.metaspace(addPrefixSpace ? always : "never", false));
        tokenizer.set("decoder", Steps.pieceDecoder(addPrefixSpace));
        describeBytePairs(tokenizer.putObject("model").put("type", "BPE").putNull("unk_token"), true);
        return tokenizer;
    }

    private ObjectNode gemma() {
        require(Algorithm.BPE, TokenizerClass.GEMMA);
        ObjectNode tokenizer = JsonMapper.shared().createObjectNode();
        tokenizer.set("normalizer", Steps.replace(" ", Steps.SPACE));
        ObjectNode split = Steps.step("Split");
        split.putObject("pattern").put("String", " ");
        tokenizer.set(
                "pre_tokenizer", split.put("behavior", "MergedWithPrevious").put("invert", false));
        tokenizer.set("decoder", Steps.pieceDecoder(false));
        describeBytePairs(tokenizer.putObject("model").put("type", "BPE").put("unk_token", unkPiece()), true);
        return tokenizer;
    }

    /** T5 and XLM-RoBERTa: the model sees word by word, each with a space in front. */
    private ObjectNode wordwise(List<Piece> pieces, int unkId, boolean addPrefixSpace) {
        ObjectNode tokenizer = JsonMapper.shared().createObjectNode();
        ObjectNode metaspace = Steps.metaspace(addPrefixSpace ? "always" : "never", true);
        if (model.normalizer().charsMap().isEmpty()) {
            tokenizer.putNull("normalizer");
        } else {
            tokenizer.set("normalizer", charsMap());
        }
        tokenizer.set("pre_tokenizer", Steps.sequence("pretokenizers", Steps.step("WhitespaceSplit"), metaspace));
        tokenizer.set("decoder", metaspace.deepCopy());
        describeUnigram(tokenizer.putObject("model"), pieces, unkId, false);
        return tokenizer;
    }

    /**
     * No class of a model: what the file's own {@code NormalizerSpec} asks for. transformers leaves out the space in
     * front, which SentencePiece itself writes.
     */
    private ObjectNode asTrained() {
        ObjectNode tokenizer = JsonMapper.shared().createObjectNode();
        boolean dummyPrefix = model.normalizer().addDummyPrefix();
        ObjectNode normalizer = Steps.sequence("normalizers");
        ArrayNode normalizers = (ArrayNode) normalizer.path("normalizers");
        if (!model.normalizer().charsMap().isEmpty()) {
            normalizers.add(charsMap());
        }
        if (model.normalizer().removeExtraWhitespaces()) {
            normalizers.add(Steps.step("Strip").put("strip_left", !dummyPrefix).put("strip_right", true));
            ObjectNode several = Steps.step("Replace");
            several.putObject("pattern").put("Regex", " {2,}");
            normalizers.add(several.put("content", " "));
        }
        normalizers.add(Steps.replace(" ", Steps.SPACE));
        tokenizer.set("normalizer", normalizer);
        if (dummyPrefix) {
            tokenizer.set("pre_tokenizer", Steps.metaspace("first", false));
        } else {
            tokenizer.putNull("pre_tokenizer");
        }
        tokenizer.set("decoder", Steps.pieceDecoder(dummyPrefix));
        boolean byteFallback = model.trainer().byteFallback();
        ObjectNode target = tokenizer.putObject("model");
        switch (model.trainer().algorithm()) {
            case BPE -> describeBytePairs(target.put("type", "BPE").put("unk_token", unkPiece()), byteFallback);
            case UNIGRAM ->
                describeUnigram(target, model.pieces(), model.trainer().unkId(), byteFallback);
        }
        return tokenizer;
    }

    private void describeBytePairs(ObjectNode target, boolean byteFallback) {
        target.putNull("dropout").putNull("continuing_subword_prefix").putNull("end_of_word_suffix");
        target.put("fuse_unk", true).put("byte_fallback", byteFallback).put("ignore_merges", false);
        Map<String, Integer> ids = new LinkedHashMap<>();
        for (int id = 0; id < model.pieces().size(); id++) {
            ids.put(model.pieces().get(id).text(), id);
        }
        ObjectNode vocabulary = target.putObject("vocab");
        ids.forEach(vocabulary::put);
        MergeList.writeForPieces(ids, target.putArray("merges"));
    }

    private static void describeUnigram(ObjectNode target, List<Piece> pieces, int unkId, boolean byteFallback) {
        target.put("type", "Unigram").put("unk_id", unkId).put("byte_fallback", byteFallback);
        ArrayNode vocabulary = target.putArray("vocab");
        pieces.forEach(piece -> vocabulary.addArray().add(piece.text()).add((double) piece.score()));
    }

    private List<Piece> t5Pieces(JsonNode config) {
        require(Algorithm.UNIGRAM, TokenizerClass.T5);
        List<Piece> pieces = new ArrayList<>(model.pieces());
        extraIds(config).forEach(token -> pieces.add(new Piece(token, 0, 1)));
        return pieces;
    }

    private static List<String> extraIds(JsonNode config) {
        int count = config.path("extra_ids").asInt(T5_EXTRA_IDS);
        return IntStream.range(0, count)
                .mapToObj(i -> "<extra_id_" + (count - 1 - i) + ">")
                .toList();
    }

    /** fairseq's order of the first tokens, and the mask at the end. */
    private List<Piece> xlmRobertaPieces() {
        require(Algorithm.UNIGRAM, TokenizerClass.XLM_ROBERTA);
        List<Piece> pieces = new ArrayList<>();
        List.of("<s>", "<pad>", "</s>", "<unk>").forEach(token -> pieces.add(new Piece(token, 0, 1)));
        pieces.addAll(model.pieces()
                .subList(Math.min(3, model.pieces().size()), model.pieces().size()));
        pieces.add(new Piece("<mask>", 0, 1));
        return pieces;
    }

    private ObjectNode charsMap() {
        return Steps.step("Precompiled")
                .put("precompiled_charsmap", model.normalizer().charsMap());
    }

    private String unkPiece() {
        return model.pieces().get(model.trainer().unkId()).text();
    }

    private void require(Algorithm algorithm, TokenizerClass type) {
        if (model.trainer().algorithm() != algorithm) {
            throw new TrainerException(file + " is a " + model.trainer().algorithm() + " model, but "
                    + type.className() + " needs " + algorithm + "; write \"tokenizer_class\": "
                    + "\"PreTrainedTokenizerFast\" in " + TokenizerFiles.CONFIG + " to use the file as it is.");
        }
    }
}
