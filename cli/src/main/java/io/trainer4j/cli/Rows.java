package io.trainer4j.cli;

import io.trainer4j.UsageException;
import io.trainer4j.data.Cleaned;
import io.trainer4j.data.Cleaning;
import io.trainer4j.data.Dataset;
import io.trainer4j.data.DatasetSplit;
import io.trainer4j.data.Split;
import io.trainer4j.data.TextEncoding;
import java.nio.file.Path;
import java.util.List;

/** Reads files, cleans them, splits them, and says on standard error what was removed. */
final class Rows {
    private final DataOptions options;
    private final Terminal terminal;

    Rows(DataOptions options, Terminal terminal) {
        this.options = options;
        this.terminal = terminal;
    }

    Dataset read(List<Path> files) {
        Dataset rows = Dataset.load(TextEncoding.of(options.encoding()), files.toArray(Path[]::new));
        String key = keyColumn(rows);
        String other = otherColumn(rows);
        requireColumn(files, rows, key, isClassification() ? "--text-column" : "--prompt-column");
        requireColumn(files, rows, other, isClassification() ? "--label-column" : "--completion-column");
        if (options.noClean()) {
            return rows;
        }
        Cleaned cleaned = Cleaning.of(key, other).clean(rows);
        terminal.err().println(cleaned.report().describe());
        if (cleaned.dataset().size() == 0) {
            throw new UsageException("Cleaning leaves no rows of " + files.get(0) + "; check the columns " + key
                    + " and " + other + " or use --no-clean.");
        }
        return cleaned.dataset();
    }

    private static void requireColumn(List<Path> files, Dataset rows, String column, String option) {
        List<String> present = rows.columnNames();
        if (!present.contains(column)) {
            throw new UsageException("There is no column \"" + column + "\" in " + files.get(0) + "; choose one with "
                    + option + ": " + String.join(", ", present) + ".");
        }
    }

    DatasetSplit split(Dataset rows, FinetuneOptions finetune) {
        Split split = finetune.splitMethod() == FinetuneOptions.SplitMethod.SKLEARN
                ? Split.sklearn(finetune.testSize(), finetune.splitSeed())
                : Split.datasets(finetune.testSize(), finetune.splitSeed());
        return rows.split(split);
    }

    /** The column that is read by the model: prompts, or texts to classify. */
    String keyColumn(Dataset rows) {
        return isClassification() ? options.textColumn() : column(rows, options.promptColumn(), "Question", "prompt");
    }

    /** The column the model is to produce: completions, or labels. */
    String otherColumn(Dataset rows) {
        return isClassification()
                ? options.labelColumn()
                : column(rows, options.completionColumn(), "Answer", "completion");
    }

    private boolean isClassification() {
        return options.task() == DataOptions.Task.SEQUENCE_CLASSIFICATION;
    }

    private static String column(Dataset rows, String given, String first, String second) {
        if (given != null) {
            return given;
        }
        return !rows.columnNames().contains(first) && rows.columnNames().contains(second) ? second : first;
    }
}
