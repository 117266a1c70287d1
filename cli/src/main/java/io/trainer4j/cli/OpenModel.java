package io.trainer4j.cli;

import io.trainer4j.generate.TextGenerator;
import io.trainer4j.model.AutoModelForCausalLM;
import io.trainer4j.model.CausalLM;
import io.trainer4j.model.GenerationConfig;
import io.trainer4j.model.LoadOptions;
import io.trainer4j.model.WarmUp;
import io.trainer4j.tensor.Device;
import io.trainer4j.tensor.RandomState;
import io.trainer4j.text.Tokenizer;

/** What generate and chat do with the model they ask. */
@FunctionalInterface
interface OpenModel {
    void ask(TextGenerator generator, GenerationConfig settings);

    /** Opens the model as the options say, its weights as they are in the file unless told otherwise; closes it after use. */
    static void use(ModelSource source, Arguments given, OpenModel action) {
        LoadOptions load = given.as(new LoadOptions().dtype(LoadOptions.Dtype.AUTO));
        GenerateOptions options = given.as(new GenerateOptions());
        try (WarmUp warmUp = WarmUp.begin(source.config(), load);
                TokenizerAhead opening = source.tokenizerAhead();
                CausalLM model = source.complete(AutoModelForCausalLM.fromPretrained(source.folder(), load))) {
            Tokenizer tokenizer = opening.get();
            TaskSetup.requireFitting(tokenizer, model, source.shown());
            model.to(Device.choose(options.useCpu()).device());
            RandomState.manualSeed(options.seed());
            TextGenerator generator = TextGenerator.of(model, tokenizer, options.promptStyle());
            action.ask(generator, options.over(generator.defaults()));
        }
    }
}
