package io.trainer4j.cli;

import io.trainer4j.option.Option;
import io.trainer4j.option.Options;
import io.trainer4j.text.PromptStyle;

/** What the rows of a file mean. */
final class DataOptions extends Options<DataOptions> {
    /** Kind of model to train or measure. */
    enum Task {
        CAUSAL_LM,
        SEQUENCE_CLASSIFICATION
    }

    @Option(help = "causal-lm answers prompts; sequence-classification gives each text one of several labels.")
    private Task task = Task.CAUSAL_LM;

    @Option(help = "Column of the prompts; unset: Question, or prompt where there is no such column.")
    private String promptColumn;

    @Option(help = "Column of the completions; unset: Answer, or completion where there is no such column.")
    private String completionColumn;

    @Option(help = "Column of the texts to classify.")
    private String textColumn = "text";

    @Option(help = "Column of their labels, names or numbers.")
    private String labelColumn = "label";

    @Option(help = "chat wraps a row in the tokenizer's chat template; text joins prompt, completion and end token.")
    private PromptStyle promptStyle = PromptStyle.AUTO;

    @Option(
            help = "Most tokens of a row, the rest is cut off; unset: 1024, or what the model has positions for.",
            min = 1)
    private Integer maxLength;

    @Option(help = "Character set of the files: auto, utf-8 or gb18030.")
    private String encoding = "auto";

    @Option(help = "Leave the rows alone: keep empty cells, blank questions and duplicates.")
    private boolean noClean = false;

    Task task() {
        return task;
    }

    String promptColumn() {
        return promptColumn;
    }

    String completionColumn() {
        return completionColumn;
    }

    String textColumn() {
        return textColumn;
    }

    String labelColumn() {
        return labelColumn;
    }

    PromptStyle promptStyle() {
        return promptStyle;
    }

    Integer maxLength() {
        return maxLength;
    }

    String encoding() {
        return encoding;
    }

    boolean noClean() {
        return noClean;
    }
}
