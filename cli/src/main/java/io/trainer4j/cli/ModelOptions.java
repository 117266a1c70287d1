package io.trainer4j.cli;

import io.trainer4j.hub.ModelFolder;
import io.trainer4j.hub.ModelPart;
import io.trainer4j.option.Option;
import io.trainer4j.option.Options;
import java.nio.file.Path;

/** Which model a command opens. */
final class ModelOptions extends Options<ModelOptions> {
    @Option(
            help = "A model's folder (config.json, tokenizer.json, weights), or its name on the Hugging Face Hub such"
                    + " as Qwen/Qwen2.5-0.5B-Instruct or NAME@REVISION, which is downloaded once.",
            required = true)
    private String model;

    @Option(help = "Download nothing: a model's name means the one in the Hub's cache, as with HF_HUB_OFFLINE=1.")
    private boolean offline = false;

    /** The model's folder, downloaded where it is not there yet. */
    Path folder(Terminal terminal) {
        String reference = model.startsWith("~/") ? System.getProperty("user.home") + model.substring(1) : model;
        return ModelFolder.of(reference, offline, new DownloadBar(terminal), ModelPart.WEIGHTS, ModelPart.TOKENIZER);
    }
}
