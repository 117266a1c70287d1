package io.trainer4j.cli;

import io.trainer4j.UsageException;
import io.trainer4j.model.LoadOptions;

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
        return new Class<?>[] {ModelOptions.class, LoadOptions.class, PromptOptions.class, GenerateOptions.class};
    }

    @Override
    public void run(Arguments given, Terminal terminal) {
        ModelOptions model = given.as(new ModelOptions());
        String asked = given.as(new PromptOptions()).prompt();
        String prompt = asked == null ? new StandardInput(terminal.in()).all().strip() : asked;
        if (prompt.isBlank()) {
            throw new UsageException("There is no question; give one with --prompt or on standard input.");
        }
        ModelSource source = model.source(terminal);
        OpenModel.use(
                source, given, (generator, settings) -> terminal.out().println(generator.answer(prompt, settings)));
    }
}
