package io.trainer4j.text;

import io.trainer4j.TrainerException;
import io.trainer4j.UsageException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Trains a byte-level BPE tokenizer of Qwen2's kind on texts of one's own. Vocabulary and merges equal those of
 * {@code tokenizers.trainers.BpeTrainer} with the byte alphabet as initial alphabet and the same settings
 * (models/bpe/trainer.rs); the special tokens of {@link TrainedTokenizer} come after them.
 */
public final class BytePairTrainer {
    /** Qwen2's rule where words end, from models/qwen2/tokenization_qwen2.py. */
    static final String WORD = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
            + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    private static final Pattern WORDS = Pattern.compile(WORD, Pattern.UNICODE_CHARACTER_CLASS);
    private static final int ALPHABET_SIZE = 256;

    private final int mergeLimit;
    private final int minFrequency;

    /**
     * Prepares to train.
     *
     * @param vocabSize tokens at most, special tokens included; at least 259 (256 bytes and 3 special tokens). Fewer
     *     follow if the texts do not repeat enough
     * @param minFrequency how often two tokens must occur side by side to become one; at least 1, 2 is common
     */
    public BytePairTrainer(int vocabSize, int minFrequency) {
        int smallest = ALPHABET_SIZE + TrainedTokenizer.SPECIAL_TOKENS.size();
        if (vocabSize < smallest) {
            throw new UsageException("A vocabulary of " + vocabSize + " tokens is too small; give at least " + smallest
                    + " (256 bytes and the special tokens).");
        }
        if (minFrequency < 1) {
            throw new UsageException("A minimum frequency of " + minFrequency + " is not possible; give at least 1.");
        }
        this.mergeLimit = vocabSize - TrainedTokenizer.SPECIAL_TOKENS.size();
        this.minFrequency = minFrequency;
    }

    /** Trains on texts; no word reaches across two of them. */
    public TrainedTokenizer train(Iterable<String> texts) {
        Map<String, Integer> words = new HashMap<>();
        texts.forEach(text -> countWords(text, words));
        return train(words);
    }

    /**
     * Trains on text files in UTF-8, line by line as {@code Tokenizer.train(files)} of Python does.
     *
     * @throws TrainerException if a file cannot be read or is not UTF-8
     */
    public TrainedTokenizer trainFiles(List<Path> files) {
        Map<String, Integer> words = new HashMap<>();
        for (Path file : files) {
            for (String line : read(file).split("(?<=\\n)", -1)) {
                countWords(line, words);
            }
        }
        return train(words);
    }

    private TrainedTokenizer train(Map<String, Integer> words) {
        PairMerger merger = new PairMerger(words);
        merger.mergeUntil(mergeLimit, minFrequency);
        return new TrainedTokenizer(merger.tokens(), merger.merges());
    }

    private static void countWords(String text, Map<String, Integer> words) {
        Matcher matcher = WORDS.matcher(Normalizer.normalize(text, Normalizer.Form.NFC));
        while (matcher.find()) {
            words.merge(matcher.group(), 1, Integer::sum);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (CharacterCodingException e) {
            throw new TrainerException(file + " is not UTF-8; convert it, for example with iconv.", e);
        } catch (IOException e) {
            throw new TrainerException(file + " cannot be read (" + e + "); check the file and its permissions.", e);
        }
    }
}
