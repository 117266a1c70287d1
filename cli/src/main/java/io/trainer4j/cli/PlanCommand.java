package io.trainer4j.cli;

/** What finetune would do, need and take, without doing it. */
final class PlanCommand implements Command {
    private final FinetuneCommand finetune = new FinetuneCommand();

    @Override
    public String name() {
        return "plan";
    }

    @Override
    public String summary() {
        return "Predicts memory and time of a finetune run, and what would fit.";
    }

    @Override
    public String details() {
        return "Takes the options of finetune. Example: trainer4j plan --model base --train-file qa.csv --output-dir out"
                + " --memory-limit 2GB\n"
                + "Three steps are tried on real batches; nothing is trained and nothing written.";
    }

    @Override
    public Class<?>[] optionClasses() {
        return finetune.optionClasses();
    }

    @Override
    public void run(Arguments given, Terminal terminal) {
        finetune.run(given, terminal, true);
    }
}
