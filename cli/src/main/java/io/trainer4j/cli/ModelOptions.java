package io.trainer4j.cli;

import io.trainer4j.TrainerException;
import io.trainer4j.UsageException;
import io.trainer4j.hub.ModelFolder;
import io.trainer4j.hub.ModelPart;
import io.trainer4j.model.AdapterFolder;
import io.trainer4j.model.ModelConfig;
import io.trainer4j.option.Option;
import io.trainer4j.option.Options;
import java.nio.file.Files;
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

    @Option(help = "An adapter's folder, to be put on the model; --model may name an adapter's folder itself.")
    private Path adapter;

    /** The model's files, downloaded where they are not there yet; of an adapter's folder those of its model. */
    ModelSource source(Terminal terminal) {
        String reference = model.startsWith("~/") ? System.getProperty("user.home") + model.substring(1) : model;
        Path folder = folder(reference, terminal);
        if (!AdapterFolder.isAdapter(folder)) {
            if (adapter != null && !AdapterFolder.isAdapter(adapter)) {
                throw new UsageException(adapter + " is no adapter's folder: it has no adapter_config.json.");
            }
            ModelConfig.read(folder); // refuses a missing folder before anything is read
            return new ModelSource(folder, adapter, name(reference));
        }
        if (adapter != null) {
            throw new UsageException(folder + " is an adapter's folder itself; give its model with --model, or leave"
                    + " --adapter out.");
        }
        String base = AdapterFolder.baseModel(folder);
        Path baseFolder = folder(base, terminal);
        if (!Files.exists(baseFolder.resolve("config.json"))) {
            throw new TrainerException("The adapter in " + folder + " belongs to the model " + base
                    + ", which is not there; say where it is: --model BASE --adapter " + folder);
        }
        return new ModelSource(baseFolder, folder, name(base));
    }

    private Path folder(String reference, Terminal terminal) {
        return ModelFolder.of(reference, offline, new DownloadBar(terminal), ModelPart.WEIGHTS, ModelPart.TOKENIZER);
    }

    /** A folder is named in full, so that it is found from elsewhere. */
    private static String name(String reference) {
        return Files.isDirectory(Path.of(reference))
                ? Path.of(reference).toAbsolutePath().normalize().toString()
                : reference;
    }
}
