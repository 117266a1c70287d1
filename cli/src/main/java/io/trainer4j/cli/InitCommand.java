package io.trainer4j.cli;

import io.trainer4j.model.AutoModelForCausalLM;
import io.trainer4j.model.CausalLM;
import io.trainer4j.model.ModelConfig;
import io.trainer4j.tensor.RandomState;
import io.trainer4j.text.BytePairTrainer;
import io.trainer4j.text.TrainedTokenizer;
import java.nio.file.Path;

/** Makes a small base model of one's own: a tokenizer trained on texts, and fresh weights in Qwen2's architecture. */
final class InitCommand implements Command {
    @Override
    public String name() {
        return "init";
    }

    @Override
    public String summary() {
        return "Makes a new, untrained model and a tokenizer from text files.";
    }

    @Override
    public String details() {
        return "Example: trainer4j init --text-file notes.txt --output-dir base\n"
                + "The folder is in Hugging Face's format and opens in Python.";
    }

    @Override
    public Class<?>[] optionClasses() {
        return new Class<?>[] {InitOptions.class};
    }

    @Override
    public void run(Arguments given, Terminal terminal) {
        InitOptions options = given.as(new InitOptions());
        Path folder = options.outputDir();
        OutputFolder output = new OutputFolder(folder);
        output.requireFresh("choose another --output-dir");
        TrainedTokenizer tokenizer =
                new BytePairTrainer(options.vocabSize(), options.minFrequency()).trainFiles(options.textFile());
        int vocabSize = tokenizer.vocabSize();
        ModelConfig config = ModelConfig.qwen2(
                vocabSize,
                options.hiddenSize(),
                options.intermediateSize(),
                options.numHiddenLayers(),
                options.numAttentionHeads(),
                options.numKeyValueHeads(),
                options.maxPositionEmbeddings(),
                vocabSize - 1,
                vocabSize - 3);
        RandomState.manualSeed(options.seed());
        try (CausalLM model = AutoModelForCausalLM.fromConfig(config)) {
            output.add(() -> {
                tokenizer.savePretrained(folder);
                model.savePretrained(folder);
            });
            terminal.err()
                    .printf(
                            "Made %s: %,d tokens, %.1f million parameters, untrained.%n",
                            folder, vocabSize, model.parameters().count() / 1e6);
        }
    }
}
