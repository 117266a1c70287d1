package io.trainer4j.text;

/** transformers' {@code clean_up_tokenization} (tokenization_utils_base.py): no spaces before punctuation. */
final class SpaceCleanUp {
    private SpaceCleanUp() {}

    static String apply(String text) {
        return text.replace(" .", ".")
                .replace(" ?", "?")
                .replace(" !", "!")
                .replace(" ,", ",")
                .replace(" ' ", "'")
                .replace(" n't", "n't")
                .replace(" 'm", "'m")
                .replace(" 's", "'s")
                .replace(" 've", "'ve")
                .replace(" 're", "'re");
    }
}
