package io.trainer4j.cli;

import io.trainer4j.hub.ModelPart;
import io.trainer4j.model.AdapterFolder;
import io.trainer4j.model.ModelConfig;
import io.trainer4j.model.PeftModel;
import io.trainer4j.model.PretrainedModel;
import io.trainer4j.text.AutoTokenizer;
import io.trainer4j.text.Tokenizer;
import java.nio.file.Path;

/**
 * Where a command finds its model.
 *
 * @param folder the model's own files
 * @param adapter an adapter's folder that goes on the model, or null
 * @param reference what the model is called in an adapter's configuration: a folder, or a name on the Hub
 */
record ModelSource(Path folder, Path adapter, String reference) {
    /** The folder as the user knows it, for messages. */
    Path shown() {
        return adapter == null ? folder : adapter;
    }

    /** The configuration, with the classes of an adapter's head. */
    ModelConfig config() {
        ModelConfig config = ModelConfig.read(folder);
        return adapter == null ? config : AdapterFolder.config(adapter, config);
    }

    /** The tokenizer, an adapter's own where it has one. */
    Tokenizer tokenizer() {
        return AutoTokenizer.fromPretrained(ofTokenizer());
    }

    /** Begins to open it. */
    TokenizerAhead tokenizerAhead() {
        return TokenizerAhead.of(ofTokenizer());
    }

    private Path ofTokenizer() {
        return adapter != null && ModelPart.TOKENIZER.isIn(adapter) ? adapter : folder;
    }

    /** Puts the adapter on the opened model; returns the model, which is closed where that fails. */
    <M extends PretrainedModel> M complete(M model) {
        try {
            if (adapter != null) {
                PeftModel.fromPretrained(model, adapter);
            }
            return model;
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }
}
