package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.UsageException;
import io.trainer4j.option.ConfigFile;
import io.trainer4j.option.OptionSet;
import io.trainer4j.option.OptionSpec;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TrainingArgumentsTest {
    private static final OptionSet OPTIONS = OptionSet.of(TrainingArguments.class);
    private static final TrainingArguments DEFAULTS = new TrainingArguments();

    /** An option's value other than its default, as text and in Java. A new option needs a row here. */
    private static final Map<String, Changed> CHANGED = Map.ofEntries(
            changed("output_dir", "runs/a", Path.of("runs/a")),
            changed("per_device_train_batch_size", "4", 4),
            changed("per_device_eval_batch_size", "16", 16),
            changed("gradient_accumulation_steps", "2", 2),
            changed("learning_rate", "1e-5", 1e-5),
            changed("weight_decay", ".01", 0.01),
            changed("adam_beta1", "0.8", 0.8),
            changed("adam_beta2", "0.95", 0.95),
            changed("adam_epsilon", "1e-6", 1e-6),
            changed("max_grad_norm", "0", 0.0),
            changed("num_train_epochs", "1.5", 1.5),
            changed("max_steps", "100", 100),
            changed("lr_scheduler_type", "constant_with_warmup", SchedulerType.CONSTANT_WITH_WARMUP),
            changed("warmup_steps", "0.1", 0.1),
            changed("logging_strategy", "epoch", IntervalStrategy.EPOCH),
            changed("logging_steps", "10", 10.0),
            changed("logging_first_step", "true", true),
            changed("eval_strategy", "steps", IntervalStrategy.STEPS),
            changed("eval_steps", "50", 50.0),
            changed("eval_on_start", "True", true),
            changed("eval_delay", "2", 2.0),
            changed("save_strategy", "no", SaveStrategy.NO),
            changed("save_steps", "0.25", 0.25),
            changed("save_total_limit", "3", 3),
            changed("save_only_model", "true", true),
            changed("load_best_model_at_end", "true", true),
            changed("metric_for_best_model", "accuracy", "accuracy"),
            changed("greater_is_better", "false", false),
            changed("seed", "4294967295", 4294967295L),
            changed("data_seed", "7", 7L),
            changed("dataloader_drop_last", "true", true),
            changed("prediction_loss_only", "true", true),
            changed("disable_tqdm", "true", true),
            changed("auto_find_batch_size", "true", true),
            changed("on_nan", "skip", OnNan.SKIP),
            changed("early_stopping_patience", "3", 3),
            changed("early_stopping_threshold", "0.5", 0.5),
            changed("resume_from_checkpoint", "true", "true"));

    private record Changed(String text, Object value) {}

    private static Map.Entry<String, Changed> changed(String name, String text, Object value) {
        return Map.entry(name, new Changed(text, value));
    }

    @TempDir
    private Path folder;

    private static Stream<OptionSpec> options() {
        return OPTIONS.options().stream();
    }

    @Test
    void namesAndDefaultsAreThoseOfTransformers() {
        // vars(TrainingArguments(output_dir="trainer_output")) of transformers 5.17.0; there disable_tqdm is False
        // unless the log level is above warning.
        Map<String, Object> expected = new LinkedHashMap<>();
        expected.put("output_dir", "trainer_output");
        expected.put("per_device_train_batch_size", 8);
        expected.put("per_device_eval_batch_size", 8);
        expected.put("gradient_accumulation_steps", 1);
        expected.put("learning_rate", 5e-05);
        expected.put("weight_decay", 0.0);
        expected.put("adam_beta1", 0.9);
        expected.put("adam_beta2", 0.999);
        expected.put("adam_epsilon", 1e-08);
        expected.put("max_grad_norm", 1.0);
        expected.put("num_train_epochs", 3.0);
        expected.put("max_steps", -1);
        expected.put("lr_scheduler_type", "linear");
        expected.put("warmup_steps", 0.0);
        expected.put("logging_strategy", "steps");
        expected.put("logging_steps", 500.0);
        expected.put("logging_first_step", false);
        expected.put("eval_strategy", "no");
        expected.put("eval_steps", null);
        expected.put("eval_on_start", false);
        expected.put("eval_delay", 0.0);
        expected.put("save_strategy", "steps");
        expected.put("save_steps", 500.0);
        expected.put("save_total_limit", null);
        expected.put("save_only_model", false);
        expected.put("load_best_model_at_end", false);
        expected.put("metric_for_best_model", null);
        expected.put("greater_is_better", null);
        expected.put("seed", 42L);
        expected.put("data_seed", null);
        expected.put("dataloader_drop_last", false);
        expected.put("prediction_loss_only", false);
        expected.put("disable_tqdm", false);
        expected.put("auto_find_batch_size", false);
        expected.put("on_nan", "stop"); // this and the next two are ours
        expected.put("early_stopping_patience", null);
        expected.put("early_stopping_threshold", 0.0);
        expected.put("resume_from_checkpoint", null);

        assertThat(List.copyOf(DEFAULTS.toMap().entrySet())).isEqualTo(List.copyOf(expected.entrySet()));
    }

    @Test
    void everyOptionHasAChangedValueInThisTest() {
        assertThat(options().map(OptionSpec::snakeName)).containsExactlyInAnyOrderElementsOf(CHANGED.keySet());
    }

    @ParameterizedTest
    @MethodSource("options")
    void flagFileAndJavaGiveTheSame(OptionSpec option) throws IOException {
        Changed changed = CHANGED.get(option.snakeName());
        TrainingArguments java = change(DEFAULTS, option, changed.value());
        Path file = folder.resolve("run.yaml");

        assertThat(java).isNotEqualTo(DEFAULTS);
        assertThat(method(option, 0).getReturnType()).isEqualTo(option.type());
        assertThat(read(java, option)).isEqualTo(changed.value());
        for (String flag : option.flags()) {
            OptionSpec found = OPTIONS.get(flag);
            assertThat(DEFAULTS.with(Map.of(found, found.parse(flag, changed.text()))))
                    .isEqualTo(java);
        }
        for (String key : List.of(option.snakeName(), option.name())) {
            Files.writeString(file, key + ": " + changed.text() + "\n");
            assertThat(DEFAULTS.with(ConfigFile.read(file, OPTIONS))).isEqualTo(java);
        }
    }

    @Test
    void allOptionsTogetherSurviveAFile() {
        TrainingArguments all = options()
                .reduce(
                        DEFAULTS,
                        (arguments, option) -> change(
                                arguments,
                                option,
                                CHANGED.get(option.snakeName()).value()),
                        (first, second) -> second);
        ConfigFile.write(folder.resolve("run.json"), all);

        assertThat(DEFAULTS.with(ConfigFile.read(folder.resolve("run.json"), OPTIONS)))
                .isEqualTo(all);
        options()
                .forEach(option -> assertThat(read(all, option))
                        .isEqualTo(CHANGED.get(option.snakeName()).value()));
    }

    @ParameterizedTest
    @MethodSource("options")
    void everyOptionHasHelpOfOneSentence(OptionSpec option) {
        assertThat(option.help()).matches("[A-Z].*[^.]\\.").doesNotContain("\n");
    }

    @Test
    void readsLikeThePythonCallAndLeavesTheOriginalAlone() {
        TrainingArguments first = TrainingArguments.of("out");
        TrainingArguments second = first.learningRate(2e-5).numTrainEpochs(1);

        assertThat(first).isEqualTo(DEFAULTS.outputDir(Path.of("out")));
        assertThat(first.learningRate()).isEqualTo(5e-5);
        assertThat(second.learningRate()).isEqualTo(2e-5);
        assertThat(second.numTrainEpochs()).isEqualTo(1);
        assertThat(second.outputDir()).isEqualTo(Path.of("out"));
    }

    @ParameterizedTest
    @CsvSource({
        "per_device_train_batch_size, 0, 1",
        "per_device_eval_batch_size, 0, 1",
        "gradient_accumulation_steps, 0, 1",
        "learning_rate, -1e-9, 0",
        "weight_decay, -0.1, 0",
        "adam_beta1, 1, 0",
        "adam_beta1, -0.1, 0.999",
        "adam_beta2, 1, 0",
        "adam_beta2, -0.1, 0.999",
        "adam_epsilon, -1e-9, 0",
        "max_grad_norm, -1, 0",
        "num_train_epochs, 0, 0.1",
        "max_steps, -2, -1",
        "warmup_steps, -1, 0",
        "logging_steps, 0, 0.1",
        "eval_steps, 0, 0.1",
        "eval_delay, -1, 0",
        "save_steps, 0, 0.1",
        "save_total_limit, 0, 1",
        "seed, -1, 0",
        "seed, 4294967296, 4294967295",
        "data_seed, -1, 0",
        "data_seed, 4294967296, 4294967295"
    })
    void rangesAreKept(String name, String outside, String inside) {
        OptionSpec option = OPTIONS.get(name);
        option.parse(name, inside);

        assertThatThrownBy(() -> option.parse(name, outside))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("Option " + name + " is ")
                .hasMessageContaining("must be " + option.expected());
    }

    @Test
    void rangesAreKeptInJava() {
        assertThatThrownBy(() -> DEFAULTS.learningRate(Double.NaN))
                .isInstanceOf(UsageException.class)
                .hasMessage("Option learningRate is NaN but must be a number of at least 0.");
    }

    @Test
    void strategiesNameTheirValues() {
        OptionSpec option = OPTIONS.get("save_strategy");

        assertThatThrownBy(() -> option.parse("--save-strategy", "worst"))
                .isInstanceOf(UsageException.class)
                .hasMessage("Option --save-strategy is 'worst' but must be one of no, steps, epoch, best.");
        assertThat(OPTIONS.get("lr_scheduler_type").allowedValues())
                .containsExactly("linear", "cosine", "constant", "constant_with_warmup");
    }

    private static TrainingArguments change(TrainingArguments arguments, OptionSpec option, Object value) {
        return (TrainingArguments) invoke(method(option, 1), arguments, value);
    }

    private static Object read(TrainingArguments arguments, OptionSpec option) {
        return invoke(method(option, 0), arguments);
    }

    private static Method method(OptionSpec option, int parameters) {
        List<Method> methods = Arrays.stream(TrainingArguments.class.getMethods())
                .filter(method -> method.getName().equals(option.name()) && method.getParameterCount() == parameters)
                .toList();
        assertThat(methods).as(option.name()).hasSize(1);
        return methods.get(0);
    }

    private static Object invoke(Method method, TrainingArguments arguments, Object... values) {
        try {
            return method.invoke(arguments, values);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(method.toString(), e);
        }
    }
}
