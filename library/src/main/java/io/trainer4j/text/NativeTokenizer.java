package io.trainer4j.text;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import io.trainer4j.TrainerException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Hugging Face's tokenizers library. DJL's own tokenizer class is passed over: it truncates and pads unasked and reports
 * its use to its makers when it runs on EC2.
 */
final class NativeTokenizer implements AutoCloseable {
    static {
        // Before any class of DJL is loaded: no usage report, no download of another build of the native library.
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("ai.djl.offline", "true");
    }

    private final TokenizersLibrary library;
    private long handle;

    /**
     * Loads a tokenizer.
     *
     * @param json content of a {@code tokenizer.json}; its truncation and padding are ignored
     * @param file where the content comes from, for messages
     */
    NativeTokenizer(String json, Path file) {
        try {
            LibUtils.checkStatus();
        } catch (EngineException e) {
            throw new TrainerException(
                    "The native tokenizers library cannot be loaded (" + e.getCause()
                            + "); check that this platform is supported and that ~/.djl.ai can be written.",
                    e);
        }
        library = TokenizersLibrary.LIB;
        try {
            handle = library.createTokenizerFromString(json);
        } catch (RuntimeException e) {
            throw new TrainerException(
                    file + " is not a tokenizer this version can run (" + e.getMessage()
                            + "); copy the file again or save it with a recent transformers.",
                    e);
        }
        library.disableTruncation(handle);
        library.disablePadding(handle);
    }

    int[] encode(String text, boolean addSpecialTokens) {
        long encoding = library.encode(handle(), wellFormed(text), addSpecialTokens);
        try {
            return toInts(library.getTokenIds(encoding));
        } finally {
            library.deleteEncoding(encoding);
        }
    }

    /** Encodes without special tokens; the library counts a token's place in code points. */
    OffsetEncoding encodeWithOffsets(String text) {
        long encoding = library.encode(handle(), wellFormed(text), false);
        try {
            int[] ids = toInts(library.getTokenIds(encoding));
            CharSpan[] spans = library.getTokenCharSpans(encoding);
            int[] charIndex = charIndex(text);
            int[] starts = Arrays.stream(spans)
                    .mapToInt(span -> charIndex[span.getStart()])
                    .toArray();
            int[] ends = Arrays.stream(spans)
                    .mapToInt(span -> charIndex[span.getEnd()])
                    .toArray();
            return new OffsetEncoding(ids, starts, ends);
        } finally {
            library.deleteEncoding(encoding);
        }
    }

    /** The {@code char} index of every code point and of the end. */
    private static int[] charIndex(String text) {
        int[] index = new int[text.codePointCount(0, text.length()) + 1];
        for (int i = 1; i < index.length; i++) {
            index[i] = text.offsetByCodePoints(index[i - 1], 1);
        }
        return index;
    }

    /** Encodes with special tokens, on all cores. */
    List<EncodedRow> encode(List<String> texts) {
        return rows(library.batchEncode(handle(), wellFormed(texts), true));
    }

    /** Encodes pairs with special tokens, on all cores. */
    List<EncodedRow> encode(List<String> texts, List<String> pairs) {
        return rows(library.batchEncodePair(handle(), wellFormed(texts), wellFormed(pairs), true));
    }

    String decode(int[] ids, boolean skipSpecialTokens) {
        return library.decode(handle(), Arrays.stream(ids).asLongStream().toArray(), skipSpecialTokens);
    }

    @Override
    public void close() {
        if (handle != 0) {
            library.deleteTokenizer(handle);
            handle = 0;
        }
    }

    private long handle() {
        if (handle == 0) {
            throw new IllegalStateException("The tokenizer is closed.");
        }
        return handle;
    }

    private List<EncodedRow> rows(long[] encodings) {
        List<EncodedRow> rows = new ArrayList<>(encodings.length);
        for (long encoding : encodings) {
            rows.add(new EncodedRow(
                    toInts(library.getTokenIds(encoding)),
                    toInts(library.getTypeIds(encoding)),
                    toInts(library.getSequenceIds(encoding))));
            library.deleteEncoding(encoding);
        }
        return rows;
    }

    private static String[] wellFormed(List<String> texts) {
        return texts.stream().map(NativeTokenizer::wellFormed).toArray(String[]::new);
    }

    /** Half a surrogate pair would reach the native library as a replacement character. */
    private static String wellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (!Character.isSupplementaryCodePoint(text.codePointAt(i))) {
                    throw new TrainerException("A text holds half a surrogate pair at position " + i
                            + "; read it again with the encoding it was written in.");
                }
                i++;
            }
        }
        return text;
    }

    private static int[] toInts(long[] values) {
        return Arrays.stream(values).mapToInt(Math::toIntExact).toArray();
    }
}
