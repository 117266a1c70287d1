package io.trainer4j.cli;

import io.trainer4j.generate.TextGenerator;
import io.trainer4j.model.AutoModelForCausalLM;
import io.trainer4j.model.CausalLM;
import io.trainer4j.model.GenerationConfig;
import io.trainer4j.model.LoadOptions;
import io.trainer4j.model.ModelConfig;
import io.trainer4j.tensor.RandomState;
import io.trainer4j.text.AutoTokenizer;
import io.trainer4j.text.Tokenizer;
import java.nio.file.Path;

/** What generate and chat do with the model they ask. */
@FunctionalInterface
interface OpenModel {
    void ask(TextGenerator generator, GenerationConfig settings);

    /** Opens the model as the options say, and closes it after use. */
    static void use(Path folder, LoadOptions load, GenerateOptions options, OpenModel action) {
        ModelConfig.read(folder); // refuses a missing folder before its tokenizer is looked for
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(folder);
                CausalLM model = AutoModelForCausalLM.fromPretrained(folder, load)) {
            TaskSetup.requireFitting(tokenizer, model, folder);
            RandomState.manualSeed(options.seed());
            TextGenerator generator = TextGenerator.of(model, tokenizer, options.promptStyle());
            action.ask(generator, options.over(generator.defaults()));
        }
    }
}
