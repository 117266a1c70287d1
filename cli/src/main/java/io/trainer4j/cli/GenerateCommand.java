package io.trainer4j.cli;

import io.trainer4j.TrainerException;
import io.trainer4j.UsageException;
import io.trainer4j.generate.TextGenerator;
import io.trainer4j.model.AutoModelForCausalLM;
import io.trainer4j.model.CausalLM;
import io.trainer4j.tensor.RandomState;
import io.trainer4j.text.AutoTokenizer;
import io.trainer4j.text.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Asks a model one question and prints the answer and nothing else. */
final class GenerateCommand implements Command {
    @Override
    public String name() {
        return "generate";
    }

    @Override
    public String summary() {
        return "Asks a model one question and prints its answer.";
    }

    @Override
    public String details() {
        return "Example: trainer4j generate --model out --prompt \"糖尿病的饮食注意事项有哪些?\"";
    }

    @Override
    public Class<?>[] optionClasses() {
        return new Class<?>[] {PromptOptions.class, GenerateOptions.class};
    }

    @Override
    public void run(Arguments given, Terminal terminal) {
        GenerateOptions options = given.as(new GenerateOptions());
        String asked = given.as(new PromptOptions()).prompt();
        String prompt = asked == null ? standardInput() : asked;
        if (prompt.isBlank()) {
            throw new UsageException("There is no question; give one with --prompt or on standard input.");
        }
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(options.model());
                CausalLM model = AutoModelForCausalLM.fromPretrained(options.model())) {
            RandomState.manualSeed(options.seed());
            TextGenerator generator = TextGenerator.of(model, tokenizer, options.promptStyle());
            terminal.out().println(generator.answer(prompt, options.over(generator.defaults())));
        }
    }

    private static String standardInput() {
        try {
            return new String(System.in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new TrainerException("Standard input cannot be read: " + e.getMessage() + ".", e);
        }
    }
}
