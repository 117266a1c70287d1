package io.trainer4j.cli;

import io.trainer4j.AtomicFile;
import io.trainer4j.UsageException;
import io.trainer4j.model.AdapterFolder;
import io.trainer4j.model.AutoModelForCausalLM;
import io.trainer4j.model.AutoModelForMaskedLM;
import io.trainer4j.model.AutoModelForSequenceClassification;
import io.trainer4j.model.PeftModel;
import io.trainer4j.model.PretrainedModel;
import io.trainer4j.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Puts an adapter into the weights of its model. */
final class MergeCommand implements Command {
    private static final double TOLERANCE = 1e-5;

    @Override
    public String name() {
        return "merge";
    }

    @Override
    public String summary() {
        return "Puts an adapter into its model's weights and saves the whole.";
    }

    @Override
    public String details() {
        return "Example: trainer4j merge --model out --output-dir merged\n"
                + "--model is an adapter's folder, or the model with --adapter. The merged weights are computed in 32-bit"
                + " floats and saved only where they give the adapter's scores.";
    }

    @Override
    public Class<?>[] optionClasses() {
        return new Class<?>[] {ModelOptions.class, MergeOptions.class};
    }

    @Override
    public void run(Arguments given, Terminal terminal) {
        MergeOptions options = given.as(new MergeOptions());
        ModelSource source = given.as(new ModelOptions()).source(terminal);
        if (source.adapter() == null) {
            throw new UsageException(
                    source.folder() + " is no adapter's folder; give one with --model, or with --adapter.");
        }
        OutputFolder output = new OutputFolder(options.outputDir());
        output.requireFresh("choose another --output-dir");
        try (Tokenizer tokenizer = source.tokenizer();
                PretrainedModel model = source.complete(open(source))) {
            double difference = PeftModel.of(model).mergeAndUnload(TOLERANCE);
            Path hidden = hidden(options.outputDir());
            OutputFolder unnamed = new OutputFolder(hidden);
            unnamed.requireFresh("remove it, a command that was interrupted left it");
            unnamed.add(() -> {
                unnamed.create();
                model.savePretrained(hidden, options.dtype());
                tokenizer.savePretrained(hidden);
                rename(hidden, options.outputDir());
            });
            terminal.tell(String.format(
                    Locale.ROOT,
                    "Saved the merged model to %s; its scores differ from the adapter's by at most %.2g",
                    output.path(),
                    difference));
        }
    }

    private static PretrainedModel open(ModelSource source) {
        if (AdapterFolder.isClassifier(source.adapter())) {
            return AutoModelForSequenceClassification.fromPretrained(
                    source.folder(), source.config().labels(), source.config().problemType());
        }
        return AdapterFolder.isCausal(source.adapter())
                ? AutoModelForCausalLM.fromPretrained(source.folder())
                : AutoModelForMaskedLM.fromPretrained(source.folder());
    }

    private static Path hidden(Path folder) {
        Path absolute = folder.toAbsolutePath().normalize();
        return absolute.resolveSibling("." + absolute.getFileName() + ".tmp");
    }

    private static void rename(Path from, Path to) {
        try {
            Files.deleteIfExists(to); // requireFresh allowed an empty folder
            Files.move(from, to);
        } catch (IOException e) {
            throw AtomicFile.failure(to, e);
        }
    }
}
