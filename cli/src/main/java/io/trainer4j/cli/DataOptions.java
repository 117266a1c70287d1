package io.trainer4j.cli;

import io.trainer4j.model.ProblemType;
import io.trainer4j.option.Option;
import io.trainer4j.option.Options;
import io.trainer4j.text.PromptStyle;
import java.util.List;

/** What the rows of a file mean. */
final class DataOptions extends Options<DataOptions> {
    /** Kind of model to train or measure. */
    enum Task {
        CAUSAL_LM,
        SEQUENCE_CLASSIFICATION,
        MASKED_LM
    }

    @Option(
            help =
                    "causal-lm answers prompts or conversations; sequence-classification gives each text labels or numbers,"
                            + " see --problem-type; masked-lm guesses hidden words of each text, with encoders.")
    private Task task = Task.CAUSAL_LM;

    @Option(help = "Column of the prompts; unset: Question, or prompt where there is no such column.")
    private String promptColumn;

    @Option(help = "Column of the completions; unset: Answer, or completion where there is no such column.")
    private String completionColumn;

    @Option(
            help = "Column of conversations, each a list of {\"role\", \"content\"}, of which the assistant's turns are"
                    + " trained; unset: messages where there is such a column and none of prompts and completions.")
    private String messagesColumn;

    @Option(help = "Column of the texts of sequence-classification and masked-lm.")
    private String textColumn = "text";

    @Option(
            help =
                    "Column of their labels, names or numbers; for multi-label-classification a column of lists, or several"
                            + " columns of 0 and 1 that are named as the labels; for regression one or several of numbers.")
    private List<String> labelColumn = List.of("label");

    @Option(
            help = "What labels mean; unset: several where there are several columns or lists, else what the model's"
                    + " config.json says, else one label per row.")
    private ProblemType problemType;

    @Option(help = "Chance of each token to be hidden with masked-lm.", above = 0, below = 1)
    private double mlmProbability = 0.15;

    @Option(
            help =
                    "With masked-lm: true makes a row of each text, false joins the texts and cuts blocks of max_length, the"
                            + " default of run_mlm.py in Python.")
    private boolean lineByLine = true;

    @Option(help = "chat wraps a row in the tokenizer's chat template; text joins prompt, completion and end token.")
    private PromptStyle promptStyle = PromptStyle.AUTO;

    @Option(
            help = "Train the completion only (true) or the prompt as well (false), as SFTConfig of TRL; unset: the"
                    + " completion only.")
    private Boolean completionOnlyLoss;

    @Option(
            help = "Train in conversations what the assistant says (true) or every turn (false), as SFTConfig of TRL;"
                    + " unset: what the assistant says.")
    private Boolean assistantOnlyLoss;

    @Option(
            help = "Most tokens of a row, the rest is cut off; unset: 1024, or what the model has positions for.",
            min = 1)
    private Integer maxLength;

    @Option(help = "Character set of the files: auto, utf-8 or gb18030.")
    private String encoding = "auto";

    @Option(help = "Leave the rows alone: keep empty cells, blank questions and duplicates.")
    private boolean noClean = false;

    private boolean lengthIsFromFile;

    /** What was given, which remembers whether a person or a file that Python may have written asks for a length. */
    static DataOptions of(Arguments given) {
        DataOptions options = given.as(new DataOptions());
        return options.with(copy -> copy.lengthIsFromFile = !given.isOnCommandLine("max_length"));
    }

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

    String messagesColumn() {
        return messagesColumn;
    }

    ProblemType problemType() {
        return problemType;
    }

    double mlmProbability() {
        return mlmProbability;
    }

    boolean lineByLine() {
        return lineByLine;
    }

    List<String> labelColumn() {
        return labelColumn;
    }

    PromptStyle promptStyle() {
        return promptStyle;
    }

    /** Whether the prompt's tokens stay without a label. */
    boolean completionOnlyLoss() {
        return completionOnlyLoss == null || completionOnlyLoss;
    }

    /** Whether only the assistant's tokens have a label; null where nobody says. */
    Boolean assistantOnlyLoss() {
        return assistantOnlyLoss;
    }

    Integer maxLength() {
        return maxLength;
    }

    /** Whether {@link #maxLength()} may be a default that Python wrote down. */
    boolean lengthIsFromFile() {
        return lengthIsFromFile;
    }

    String encoding() {
        return encoding;
    }

    boolean noClean() {
        return noClean;
    }
}
