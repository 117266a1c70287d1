package io.trainer4j.text;

import io.trainer4j.TrainerException;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The text files of a vocabulary: {@code vocab.json} with {@code merges.txt}, and {@code vocab.txt}. */
final class VocabularyFiles {
    private static final String VOCAB_JSON = "vocab.json";
    private static final String MERGES = "merges.txt";
    private static final String VOCAB_TXT = "vocab.txt";

    private VocabularyFiles() {}

    /** The model of a byte-level vocabulary with the steps of its class. */
    static ObjectNode bytePairs(TokenizerFiles files, TokenizerClass type, JsonNode config) {
        ObjectNode tokenizer = JsonMapper.shared().createObjectNode();
        boolean addPrefixSpace = TokenizerConversion.flag(config, "add_prefix_space", false);
        if (type == TokenizerClass.QWEN2) {
            tokenizer.set("normalizer", Steps.step("NFC"));
            tokenizer.set(
                    "pre_tokenizer",
                    Steps.sequence(
                            "pretokenizers",
                            Steps.splitByRegex(BytePairTrainer.WORD),
                            Steps.byteLevel(addPrefixSpace, true, false)));
        } else {
            tokenizer.putNull("normalizer");
            tokenizer.set("pre_tokenizer", Steps.byteLevel(addPrefixSpace, true, true));
        }
        tokenizer.set("decoder", Steps.byteLevelDecoder());
        ObjectNode model = tokenizer.putObject("model").put("type", "BPE");
        model.putNull("dropout").putNull("unk_token");
        model.put("continuing_subword_prefix", "").put("end_of_word_suffix", "");
        model.put("fuse_unk", false).put("byte_fallback", false).put("ignore_merges", false);
        ObjectNode vocabulary = vocabulary(files);
        model.set("vocab", vocabulary);
        readMerges(files, vocabulary, model.putArray("merges"));
        return tokenizer;
    }

    private static ObjectNode vocabulary(TokenizerFiles files) {
        files.require(VOCAB_JSON);
        ObjectNode vocabulary = (ObjectNode) files.json(VOCAB_JSON);
        if (vocabulary.isEmpty()) {
            throw new TrainerException(files.file(VOCAB_JSON) + " holds no tokens; copy the file again.");
        }
        vocabulary.properties().forEach(entry -> {
            if (!entry.getValue().isInt() || entry.getValue().asInt() < 0) {
                throw new TrainerException(files.file(VOCAB_JSON) + " gives the token \"" + entry.getKey()
                        + "\" the id " + entry.getValue() + "; an id is a whole number from 0 on.");
            }
        });
        return vocabulary;
    }

    /** One merge in a line, two tokens with a space between; the first line may tell a version. */
    private static void readMerges(TokenizerFiles files, ObjectNode vocabulary, ArrayNode target) {
        List<String> lines = files.lines(MERGES);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.isEmpty() || line.startsWith("#version")) {
                continue;
            }
            String where = files.file(MERGES) + ", line " + (i + 1) + ", ";
            String[] pair = line.split(" ", -1);
            if (pair.length != 2) {
                throw new TrainerException(
                        where + "is \"" + line + "\" instead of two tokens with a space between; copy the file again.");
            }
            for (String token : List.of(pair[0], pair[1], pair[0] + pair[1])) {
                if (!vocabulary.has(token)) {
                    throw new TrainerException(where + "names the token \"" + token + "\", which is not in "
                            + VOCAB_JSON + "; copy both files from the same model.");
                }
            }
            target.addArray().add(pair[0]).add(pair[1]);
        }
    }

    /** The model of a WordPiece vocabulary, one token in a line, with the steps of BERT. */
    static ObjectNode wordPiece(TokenizerFiles files, JsonNode config, String unkToken) {
        ObjectNode tokenizer = JsonMapper.shared().createObjectNode();
        tokenizer.set("normalizer", BertNormalizer.of(config));
        tokenizer.set("pre_tokenizer", Steps.step("BertPreTokenizer"));
        tokenizer.set("decoder", Steps.step("WordPiece").put("prefix", "##").put("cleanup", true));
        ObjectNode model = tokenizer.putObject("model").put("type", "WordPiece").put("unk_token", unkToken);
        model.put("continuing_subword_prefix", "##").put("max_input_chars_per_word", 100);
        ObjectNode vocabulary = model.putObject("vocab");
        List<String> lines = files.lines(VOCAB_TXT);
        for (int id = 0; id < lines.size(); id++) {
            vocabulary.put(lines.get(id).replaceFirst("(?U)\\s+\\z", ""), id);
        }
        if (!vocabulary.has(unkToken)) {
            throw new TrainerException(files.file(VOCAB_TXT) + " has no line \"" + unkToken
                    + "\" for unknown words; copy the file again or name the unk_token in "
                    + TokenizerFiles.CONFIG + ".");
        }
        return tokenizer;
    }
}
