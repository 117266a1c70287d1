package io.trainer4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.UsageException;
import io.trainer4j.option.OptionSet;
import io.trainer4j.option.OptionSpec;
import io.trainer4j.train.IntervalStrategy;
import io.trainer4j.train.SamplingStrategy;
import io.trainer4j.train.SchedulerType;
import io.trainer4j.train.TrainingArguments;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {"--learning-rate 2e-5", "--learning_rate 2e-5", "--learning-rate=2e-5", "--learning_rate=2e-5"})
    void aFlagIsWrittenWithHyphensOrUnderscores(String words) {
        assertThat(parse(words.split(" ")).as(new TrainingArguments()).learningRate())
                .isEqualTo(2e-5);
    }

    @Test
    void everyTrainingArgumentIsAFlagInBothSpellings() {
        String help = Arguments.help(new FinetuneCommand());
        for (OptionSpec option : OptionSet.of(TrainingArguments.class).options()) {
            String flag = option.flag();
            assertThat(help).containsPattern(flag + "[=\\[]");
            // Both spellings come as far as the value, which is missing or of another kind.
            assertThat(refusal(flag, "§"))
                    .isEqualTo(refusal("--" + flag.substring(2).replace('-', '_'), "§"));
        }
    }

    @Test
    void earlierNamesAreUnderstoodThoughTheHelpDoesNotShowThem() {
        TrainingArguments arguments = parse("--evaluation_strategy", "epoch", "--no_cuda", "--group-by-length")
                .as(new TrainingArguments());

        assertThat(arguments.evalStrategy()).isEqualTo(IntervalStrategy.EPOCH);
        assertThat(arguments.useCpu()).isTrue();
        assertThat(arguments.trainSamplingStrategy()).isEqualTo(SamplingStrategy.GROUP_BY_LENGTH);
        assertThat(Arguments.help(new FinetuneCommand())).doesNotContain("--no-cuda");
        assertThat(refusal("--deepspeed", "ds.json"))
                .isEqualTo(
                        "Option --deepspeed is not available here: a run has one process on one device; leave it out.");
    }

    private String refusal(String... words) {
        try {
            parse(words);
            return "taken";
        } catch (UsageException e) {
            assertThat(e.getMessage()).doesNotContain("There is no option");
            return e.getMessage();
        }
    }

    @Test
    void valuesOfEveryKind() {
        Arguments given = parse(
                "--max-steps",
                "-1",
                "--lr-scheduler-type",
                "constant-with-warmup",
                "--output-dir",
                "a_b/c=d",
                "--task",
                "sequence-classification",
                "--prompt-column",
                "--x");
        TrainingArguments arguments = given.as(new TrainingArguments());
        assertThat(arguments.maxSteps()).isEqualTo(-1);
        assertThat(arguments.lrSchedulerType()).isEqualTo(SchedulerType.CONSTANT_WITH_WARMUP);
        assertThat(arguments.outputDir()).isEqualTo(Path.of("a_b/c=d"));
        DataOptions data = given.as(new DataOptions());
        assertThat(data.task()).isEqualTo(DataOptions.Task.SEQUENCE_CLASSIFICATION);
        assertThat(data.promptColumn()).isEqualTo("--x");
    }

    @Test
    void aListTakesSeveralValuesAndSeveralFlags() {
        String[] words = {"--train-file", "a", "b", "--model", "m", "--train-file", "c"};
        assertThat(parse(words).as(new FinetuneOptions()).trainFile())
                .containsExactly(Path.of("a"), Path.of("b"), Path.of("c"));
    }

    @ParameterizedTest
    @CsvSource({"--no-clean,true", "--no-clean=true,true", "--no-clean true,true", "--no_clean=false,false"})
    void aBooleanNeedsNoValue(String words, boolean expected) {
        assertThat(parse(words.split(" ")).as(new DataOptions()).noClean()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"--do-sample --top-k 3,true", "--do-sample=false,false", "--do_sample true,true"})
    void aBooleanThatIsUnsetByDefaultNeedsNoValueEither(String words, boolean expected) {
        Arguments given = Arguments.parse(
                new GenerateCommand(), List.of(Cli.words(List.of("--model", "m"), List.of(words.split(" ")))));
        assertThat(given.as(new GenerateOptions()).doSample()).isEqualTo(expected);
    }

    @Test
    void aValueThatBeginsWithAnAtSignIsNotAFile() {
        Path file = Cli.lines(folder.resolve("words"), "surprise");
        assertThat(parse("--prompt-column", "@" + file).as(new DataOptions()).promptColumn())
                .isEqualTo("@" + file);
    }

    @Test
    void theCommandLineWinsOverTheFile() {
        Path file = Cli.lines(
                folder.resolve("run.yaml"),
                "learning_rate: 1e-3",
                "max-steps: 7",
                "train_file: [a.csv, b.csv]",
                "no_clean: true",
                "eval_file: null");
        Arguments given = parse("--config", file.toString(), "--learning-rate", "2e-3", "--model", "m");
        assertThat(given.as(new TrainingArguments()).learningRate()).isEqualTo(2e-3);
        assertThat(given.as(new TrainingArguments()).maxSteps()).isEqualTo(7);
        assertThat(given.as(new FinetuneOptions()).trainFile()).containsExactly(Path.of("a.csv"), Path.of("b.csv"));
        assertThat(given.as(new DataOptions()).noClean()).isTrue();
    }

    @Test
    void whatIsWrittenByHandIsToldFromWhatStandsInAFile() {
        Path file = Cli.lines(folder.resolve("run.yaml"), "max_length: 1024", "hub_token: secret");
        Arguments fromFile = parse("--config", file.toString());
        assertThat(DataOptions.of(fromFile).lengthIsFromFile()).isTrue();
        assertThat(DataOptions.of(fromFile).maxLength()).isEqualTo(1024);
        assertThat(fromFile.notes()).hasSize(1);
        assertThat(fromFile.notes().get(0)).contains("hub_token", "line 2", "nothing leaves this machine");
        Arguments byHand = parse("--config", file.toString(), "--max_length", "1024", "--evaluation-strategy", "epoch");
        assertThat(DataOptions.of(byHand).lengthIsFromFile()).isFalse();
        assertThat(byHand.notes())
                .hasSize(2)
                .contains("Option --evaluation-strategy is now called eval_strategy; the run takes it as eval_strategy:"
                        + " epoch.");
    }

    @Test
    void aKeyOrValueOfTheFileThatIsNoneIsRefusedWithItsLine() {
        Path key = Cli.lines(folder.resolve("key.yaml"), "max_steps: 7", "lerning_rate: 1e-3");
        assertRefused("line 2); did you mean learning_rate?", "--config", key.toString());
        Path value = Cli.lines(folder.resolve("value.yaml"), "task: causal");
        assertRefused("'causal' but must be one of", "--config", value.toString());
        assertRefused("There is no file nowhere.yaml", "--config", "nowhere.yaml");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "--lerning-rate 3|There is no option --lerning-rate; did you mean --learning-rate?",
                "--lerning_rate=3|did you mean --learning-rate?",
                "-model m|There is no option -model; did you mean --model?",
                "--confg x|There is no option --confg; did you mean --config?",
                "--quantum 3|There is no option --quantum; trainer4j finetune --help lists the options of finetune.",
                "stray|The value \"stray\" belongs to no option; trainer4j finetune --help lists",
                "--split-method sklern|did you mean sklearn?",
                "--learning-rate fast|Option --learning-rate is 'fast' but must be a number of at least 0.",
                "--learning-rate -1|must be a number of at least 0.",
                "--learning-rate --max-steps 3|Expected parameter for option '--learning-rate' but found '--max-steps'",
                "--model|Missing required parameter for option '--model'",
                "--model a --model b|Option --model has 2 values [a, b] but must be a text.",
                "--max-steps 3 --max_steps 4|Option --max-steps has 2 values [3, 4]",
                "--no-clean=maybe|Option --no-clean is 'maybe' but must be true or false.",
                "--config a --config b|'--config' (FILE) should be specified only once"
            })
    void whatCannotBeReadIsRefused(String words, String sentence) {
        assertRefused(sentence, words.split(" "));
    }

    @Test
    void aRequiredOptionThatIsMissingIsNamed() {
        assertThatThrownBy(() -> parse("--train-file", "a").as(new ModelOptions()))
                .isInstanceOf(UsageException.class)
                .hasMessage("Option --model is missing; give it a text.");
    }

    private void assertRefused(String sentence, String... words) {
        assertThatThrownBy(() -> parse(words))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(sentence);
    }

    private static Arguments parse(String... words) {
        return Arguments.parse(new FinetuneCommand(), List.copyOf(Arrays.asList(words)));
    }
}
