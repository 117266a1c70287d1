package io.trainer4j.cli;

import io.trainer4j.cli.TaskSetup.Purpose;
import io.trainer4j.data.Dataset;
import io.trainer4j.model.ModelConfig;
import io.trainer4j.text.AutoTokenizer;
import io.trainer4j.text.Tokenizer;
import io.trainer4j.train.RunPlan;
import io.trainer4j.train.Trainer;
import io.trainer4j.train.TrainingArguments;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** Measures a model on rows and prints the figures as JSON. */
final class EvaluateCommand implements Command {
    @Override
    public String name() {
        return "evaluate";
    }

    @Override
    public String summary() {
        return "Measures a model on your rows: loss, token accuracy, perplexity, or accuracy of labels.";
    }

    @Override
    public String details() {
        return "Example: trainer4j evaluate --model out --eval-file qa.csv\nThe figures go to standard output as JSON.";
    }

    @Override
    public Class<?>[] optionClasses() {
        return new Class<?>[] {ModelOptions.class, EvaluateOptions.class, DataOptions.class};
    }

    @Override
    public void run(Arguments given, Terminal terminal) {
        ModelOptions model = given.as(new ModelOptions());
        EvaluateOptions options = given.as(new EvaluateOptions());
        DataOptions dataOptions = given.as(new DataOptions());
        Path folder = model.folder(terminal);
        ModelConfig.read(folder); // refuses a missing folder before the rows are read
        Rows reader = new Rows(dataOptions, terminal);
        Dataset rows = reader.read(options.evalFile());
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(folder);
                TaskSetup setup = TaskSetup.of(dataOptions, Purpose.MEASURE, reader, rows, folder, tokenizer)) {
            List<RunPlan.Item> decisions = setup.newDecisions();
            Dataset encoded = setup.checked(rows, "rows", decisions);
            terminal.err().println(new RunPlan(decisions));
            Trainer.Builder builder = Trainer.builder(
                            setup.model(),
                            new TrainingArguments().perDeviceEvalBatchSize(options.perDeviceEvalBatchSize()))
                    .evalDataset(encoded)
                    .processingClass(tokenizer);
            setup.metrics().ifPresent(builder::computeMetrics);
            terminal.out()
                    .println(JsonMapper.shared()
                            .writeValueAsString(builder.build().evaluate()));
        }
    }
}
