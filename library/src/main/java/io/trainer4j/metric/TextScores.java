package io.trainer4j.metric;

import java.util.LinkedHashMap;
import java.util.Map;

/** Everything that is measured about generated texts with one reference each, added up text by text. */
public final class TextScores {
    private final Bleu bleu;
    private final RougeL rouge;
    private long exact;
    private long texts;

    /** Nothing compared yet; with {@link BleuTokenizer#V13A} ROUGE-L compares words, else characters. */
    public TextScores(BleuTokenizer tokenizer) {
        bleu = new Bleu(tokenizer);
        rouge = tokenizer == BleuTokenizer.V13A ? RougeL.ofWords() : RougeL.ofCharacters();
    }

    /** Compares one text with what it should be. */
    public void add(String prediction, String reference) {
        bleu.add(prediction, reference);
        rouge.add(prediction, reference);
        exact += prediction.strip().equals(reference.strip()) ? 1 : 0;
        texts++;
    }

    /** {@code exact_match}, the share of texts that differ by white space at the ends at most; {@code bleu}; {@code rouge_l}. */
    public Map<String, Double> values() {
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("exact_match", (double) exact / texts);
        values.put("bleu", bleu.score());
        values.put("rouge_l", rouge.score());
        return values;
    }
}
