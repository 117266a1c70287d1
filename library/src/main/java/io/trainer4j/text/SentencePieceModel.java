package io.trainer4j.text;

import io.trainer4j.TrainerException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * What a SentencePiece model file says about tokenizing, without its training and its self test (field numbers and
 * defaults: sentencepiece_model.proto).
 *
 * @param pieces in the order of their ids
 */
record SentencePieceModel(List<Piece> pieces, Trainer trainer, Normalizer normalizer) {
    /** The algorithm that splits a text, {@code TrainerSpec.model_type}. */
    enum Algorithm {
        UNIGRAM,
        BPE
    }

    /**
     * One entry of the vocabulary.
     *
     * @param score log probability (Unigram) or minus the rank of its merge (BPE)
     * @param type {@code ModelProto.SentencePiece.Type}
     */
    record Piece(String text, float score, int type) {
        private static final int NORMAL = 1;
        private static final int CONTROL = 3;
        private static final int USER_DEFINED = 4;

        /** Stands for no text, such as {@code <s>}. */
        boolean isControl() {
            return type == CONTROL;
        }

        /** Found in a text before any other piece. */
        boolean isUserDefined() {
            return type == USER_DEFINED;
        }
    }

    /**
     * The part of {@code TrainerSpec} that counts after training; a token that the model lacks has the id -1.
     *
     * @param byteFallback whether unknown characters are spelled as bytes, {@code <0x41>}
     */
    record Trainer(
            Algorithm algorithm,
            boolean byteFallback,
            int unkId,
            int bosId,
            int eosId,
            String unkPiece,
            String bosPiece,
            String eosPiece) {}

    /**
     * The part of {@code NormalizerSpec} that counts.
     *
     * @param charsMap compiled rules in SentencePiece's own form, written in Base64; empty if there are none
     * @param addDummyPrefix whether a text gets a space in front
     * @param removeExtraWhitespaces whether spaces at both ends go and several become one
     */
    record Normalizer(String charsMap, boolean addDummyPrefix, boolean removeExtraWhitespaces) {
        private static final Normalizer DEFAULT = new Normalizer("", true, true);
    }

    /**
     * Reads a serialized {@code ModelProto}.
     *
     * @throws TrainerException if it is cut off, no such message, without pieces, or of an algorithm other than Unigram
     *     and BPE
     */
    static SentencePieceModel parse(byte[] content, Path file) {
        List<Piece> pieces = new ArrayList<>();
        Trainer trainer = new TrainerFields().build(file);
        Normalizer normalizer = Normalizer.DEFAULT;
        ProtobufReader reader = new ProtobufReader(ByteBuffer.wrap(content), file);
        for (int field = reader.next(); field != 0; field = reader.next()) {
            switch (field) {
                case 1 -> pieces.add(piece(reader.message(), file));
                case 2 -> trainer = trainer(reader.message(), file);
                case 3 -> normalizer = normalizer(reader.message(), file);
                default -> reader.skip();
            }
        }
        if (pieces.isEmpty()) {
            throw new TrainerException(file + " holds no pieces; copy the file again.");
        }
        if (trainer.unkId() < 0 || trainer.unkId() >= pieces.size()) {
            throw new TrainerException(file + " gives unknown text the id " + trainer.unkId() + ", but holds "
                    + pieces.size() + " pieces; copy the file again.");
        }
        return new SentencePieceModel(List.copyOf(pieces), trainer, normalizer);
    }

    private static Piece piece(ProtobufReader reader, Path file) {
        String text = "";
        float score = 0;
        int type = Piece.NORMAL;
        for (int field = reader.next(); field != 0; field = reader.next()) {
            switch (field) {
                case 1 -> text = reader.text();
                case 2 -> score = reader.floatValue();
                case 3 -> type = (int) reader.integer();
                default -> reader.skip();
            }
        }
        if (!Float.isFinite(score)) {
            throw new TrainerException(
                    file + " gives the piece \"" + text + "\" the score " + score + "; copy the file again.");
        }
        return new Piece(text, score, type);
    }

    private static Trainer trainer(ProtobufReader reader, Path file) {
        TrainerFields fields = new TrainerFields();
        for (int field = reader.next(); field != 0; field = reader.next()) {
            switch (field) {
                case 3 -> fields.modelType = (int) reader.integer();
                case 35 -> fields.byteFallback = reader.flag();
                case 40 -> fields.unkId = (int) reader.integer();
                case 41 -> fields.bosId = (int) reader.integer();
                case 42 -> fields.eosId = (int) reader.integer();
                case 45 -> fields.unkPiece = reader.text();
                case 46 -> fields.bosPiece = reader.text();
                case 47 -> fields.eosPiece = reader.text();
                default -> reader.skip();
            }
        }
        return fields.build(file);
    }

    private static Normalizer normalizer(ProtobufReader reader, Path file) {
        String charsMap = Normalizer.DEFAULT.charsMap();
        boolean addDummyPrefix = true;
        boolean removeExtraWhitespaces = true;
        for (int field = reader.next(); field != 0; field = reader.next()) {
            switch (field) {
                case 2 -> charsMap = charsMap(reader.bytes(), file);
                case 3 -> addDummyPrefix = reader.flag();
                case 4 -> removeExtraWhitespaces = reader.flag();
                default -> reader.skip();
            }
        }
        return new Normalizer(charsMap, addDummyPrefix, removeExtraWhitespaces);
    }

    private static String charsMap(byte[] rules, Path file) {
        if (rules.length > 0) {
            CharsMap.check(rules, file);
        }
        return Base64.getEncoder().encodeToString(rules);
    }

    private static final class TrainerFields {
        private int modelType = 1;
        private boolean byteFallback;
        private int unkId;
        private int bosId = 1;
        private int eosId = 2;
        private String unkPiece = "<unk>";
        private String bosPiece = "<s>";
        private String eosPiece = "</s>";

        Trainer build(Path file) {
            Algorithm algorithm = switch (modelType) {
                case 1 -> Algorithm.UNIGRAM;
                case 2 -> Algorithm.BPE;
                default ->
                    throw new TrainerException(file + " is a SentencePiece model of type " + modelType
                            + "; only Unigram (1) and BPE (2) can be read.");
            };
            return new Trainer(algorithm, byteFallback, unkId, bosId, eosId, unkPiece, bosPiece, eosPiece);
        }
    }
}
