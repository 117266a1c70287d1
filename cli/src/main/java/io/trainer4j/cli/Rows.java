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
import java.util.stream.Stream;

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
        requireOneMeaning();
        String key = keyColumn(rows);
        List<String> others = otherColumns(rows);
        boolean prompts = options.task() == DataOptions.Task.CAUSAL_LM;
        String keyOption = hasConversations(rows) ? "--messages-column" : prompts ? "--prompt-column" : "--text-column";
        requireColumn(files, rows, key, keyOption);
        others.forEach(other -> requireColumn(files, rows, other, prompts ? "--completion-column" : "--label-column"));
        if (options.noClean()) {
            return rows;
        }
        Cleaned cleaned = Cleaning.of(key, others.toArray(String[]::new)).clean(rows);
        terminal.err().println(cleaned.report().describe());
        if (cleaned.dataset().size() == 0) {
            throw new UsageException("Cleaning leaves no rows of " + files.get(0) + "; check the columns "
                    + String.join(" and ", concat(key, others)) + " or use --no-clean.");
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

    /** The column that is read by the model: prompts, conversations, or texts. */
    String keyColumn(Dataset rows) {
        return switch (options.task()) {
            case CAUSAL_LM -> hasConversations(rows) ? messagesColumn() : promptColumn(rows);
            case SEQUENCE_CLASSIFICATION, MASKED_LM -> options.textColumn();
        };
    }

    /** The columns the model is to produce: completions, or labels; none where the key column holds all. */
    List<String> otherColumns(Dataset rows) {
        return switch (options.task()) {
            case CAUSAL_LM -> hasConversations(rows) ? List.of() : List.of(completionColumn(rows));
            case SEQUENCE_CLASSIFICATION -> options.labelColumn();
            case MASKED_LM -> List.of();
        };
    }

    /** Whether rows are conversations: where the user says so, or the columns leave no other meaning. */
    boolean hasConversations(Dataset rows) {
        if (options.task() != DataOptions.Task.CAUSAL_LM || options.messagesColumn() != null) {
            return options.task() == DataOptions.Task.CAUSAL_LM;
        }
        List<String> present = rows.columnNames();
        return options.promptColumn() == null
                && options.completionColumn() == null
                && present.contains(messagesColumn())
                && !present.containsAll(List.of(promptColumn(rows), completionColumn(rows)));
    }

    private void requireOneMeaning() {
        boolean prompts = options.promptColumn() != null || options.completionColumn() != null;
        if (options.messagesColumn() != null && (prompts || options.task() != DataOptions.Task.CAUSAL_LM)) {
            throw new UsageException("--messages-column holds whole conversations of causal-lm; leave "
                    + (prompts ? "--prompt-column and --completion-column" : "--task") + " out, or that.");
        }
    }

    private String messagesColumn() {
        return options.messagesColumn() == null ? "messages" : options.messagesColumn();
    }

    private String promptColumn(Dataset rows) {
        return column(rows, options.promptColumn(), "Question", "prompt");
    }

    private String completionColumn(Dataset rows) {
        return column(rows, options.completionColumn(), "Answer", "completion");
    }

    private static List<String> concat(String first, List<String> others) {
        return Stream.concat(Stream.of(first), others.stream()).toList();
    }

    private static String column(Dataset rows, String given, String first, String second) {
        if (given != null) {
            return given;
        }
        return !rows.columnNames().contains(first) && rows.columnNames().contains(second) ? second : first;
    }
}
