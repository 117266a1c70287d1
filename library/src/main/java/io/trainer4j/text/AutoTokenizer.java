package io.trainer4j.text;

import io.trainer4j.hub.ModelFolder;
import io.trainer4j.hub.ModelPart;
import java.nio.file.Path;

/** Opens the tokenizer of a model, as transformers' class of the same name does. */
public final class AutoTokenizer {
    private AutoTokenizer() {}

    /**
     * Opens the tokenizer of a local model folder.
     *
     * <p>Where {@code tokenizer.json} is missing it is made, in memory, from the files of older tokenizers, as transformers
     * does (convert_slow_tokenizer.py): {@code vocab.json} with {@code merges.txt} (GPT-2, RoBERTa, Qwen2), {@code
     * vocab.txt} (BERT, DistilBERT), a SentencePiece model under the name {@code tokenizer.model}, {@code spiece.model} or
     * {@code sentencepiece.bpe.model} (Llama, Mistral, Gemma, T5, XLM-RoBERTa and models of no class), or tiktoken ranks
     * under the name {@code tokenizer.model} (Llama 3). {@link Tokenizer#savePretrained} then writes it.
     *
     * @param folder holds {@code tokenizer.json} or the files named above and, as far as the model has them, {@code
     *     tokenizer_config.json}, {@code special_tokens_map.json},
     *     {@code chat_template.jinja} and {@code additional_chat_templates/}
     * @return the tokenizer, to be closed by the caller
     * @throws io.trainer4j.TrainerException if a file is missing, broken, or a Git LFS pointer instead of the file
     */
    public static Tokenizer fromPretrained(Path folder) {
        return new Tokenizer(TokenizerFiles.read(folder));
    }

    /**
     * Opens the tokenizer of a folder or of a model on the Hugging Face Hub, which is downloaded unless cached.
     *
     * @param reference a folder, or {@code org/name} with an optional {@code @revision}
     */
    public static Tokenizer fromPretrained(String reference) {
        return fromPretrained(ModelFolder.of(reference, ModelPart.TOKENIZER));
    }
}
