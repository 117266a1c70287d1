package io.trainer4j.text;

import java.nio.file.Path;

/** Opens the tokenizer of a local model folder, as transformers' class of the same name does. */
public final class AutoTokenizer {
    private AutoTokenizer() {}

    /**
     * Opens a tokenizer; nothing is ever downloaded.
     *
     * @param folder holds {@code tokenizer.json} and, as far as the model has them, {@code tokenizer_config.json},
     *     {@code special_tokens_map.json}, {@code chat_template.jinja} and {@code additional_chat_templates/}
     * @return the tokenizer, to be closed by the caller
     * @throws io.trainer4j.TrainerException if a file is missing, broken, or a Git LFS pointer instead of the file
     */
    public static Tokenizer fromPretrained(Path folder) {
        TokenizerFiles files = TokenizerFiles.read(folder);
        return new Tokenizer(files, TokenizerDefinition.of(files));
    }

    /** Opens a tokenizer like {@link #fromPretrained(Path)}. */
    public static Tokenizer fromPretrained(String folder) {
        return fromPretrained(Path.of(folder));
    }
}
