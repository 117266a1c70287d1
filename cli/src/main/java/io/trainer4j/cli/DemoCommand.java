package io.trainer4j.cli;

import io.trainer4j.AtomicFile;
import io.trainer4j.UsageException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The main job on bundled data: makes a base model, asks it, fine-tunes it, asks it again. Each step is an ordinary
 * command, printed before it runs.
 */
final class DemoCommand implements Command {
    static final String QUESTION = "糖尿病的饮食注意事项有哪些?";

    @Override
    public String name() {
        return "demo";
    }

    @Override
    public String summary() {
        return "Trains a small Chinese medical question-answering model on bundled data and asks it.";
    }

    @Override
    public String details() {
        return "Takes about three minutes on two cores. The data is for demonstration only and is no medical advice.";
    }

    @Override
    public Class<?>[] optionClasses() {
        return new Class<?>[] {DemoOptions.class};
    }

    @Override
    public void run(Arguments given, Terminal terminal) {
        DemoOptions options = given.as(new DemoOptions());
        Path folder = options.outputDir();
        String base = folder.resolve("base").toString();
        String model = folder.resolve("model").toString();
        if (isModel(folder.resolve("model"))) {
            throw new UsageException("The demo has run in " + folder + " already; delete that folder, choose another"
                    + " --output-dir, or ask the model: " + Main.program() + " chat --model " + model);
        }
        terminal.tell("For demonstration only: neither the data nor the model's answers are medical advice.\n");
        List<String> files = List.of(
                extract("medical_qa.csv", folder).toString(),
                extract("medical_qa_dirty.csv", folder).toString());

        if (!isModel(folder.resolve("base"))) {
            List<String> init = words("--output-dir", base, "--text-file");
            init.addAll(files);
            init.addAll(words("--vocab-size", "2048", "--hidden-size", "256", "--intermediate-size", "768"));
            step(new InitCommand(), init, terminal);
        }
        ask(base, "Before training", terminal);

        List<String> finetune = words("--model", base, "--output-dir", model, "--train-file");
        finetune.addAll(files);
        finetune.addAll(words("--num-train-epochs", Double.toString(options.numTrainEpochs())));
        finetune.addAll(words("--per-device-train-batch-size", "4", "--learning-rate", "1e-3", "--warmup-steps", "50"));
        finetune.addAll(words("--adam-beta2", "0.98", "--logging-steps", "10"));
        finetune.addAll(words("--eval-strategy", "epoch", "--save-strategy", "no"));
        finetune.addAll(words("--resume-from-checkpoint", "true")); // a demo that was stopped goes on where it was
        step(new FinetuneCommand(), finetune, terminal);
        if (isModel(folder.resolve("model"))) {
            ask(model, "After training", terminal);
            terminal.tell("\nTalk with it: " + Main.program() + " chat --model " + model);
        }
    }

    private static boolean isModel(Path folder) {
        return Files.exists(folder.resolve("config.json"));
    }

    private static void ask(String model, String when, Terminal terminal) {
        terminal.out().println("\n" + when + "\n问: " + QUESTION);
        terminal.out().print("答: ");
        step(new GenerateCommand(), words("--model", model, "--max-new-tokens", "96", "--prompt", QUESTION), terminal);
    }

    private static void step(Command command, List<String> words, Terminal terminal) {
        if (!(command instanceof GenerateCommand)) {
            terminal.tell("$ " + Main.program() + " " + command.name() + " " + String.join(" ", words));
        }
        command.run(Arguments.parse(command, words), terminal);
    }

    private static List<String> words(String... words) {
        return new ArrayList<>(List.of(words));
    }

    private static Path extract(String resource, Path folder) {
        Path file = folder.resolve(resource);
        AtomicFile.write(file, temporary -> {
            try (InputStream in = DemoCommand.class.getResourceAsStream("demo/" + resource)) {
                Files.copy(in, temporary);
            }
        });
        return file;
    }
}
