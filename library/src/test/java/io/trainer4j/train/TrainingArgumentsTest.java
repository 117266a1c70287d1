package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.UsageException;
import io.trainer4j.option.ConfigFile;
import io.trainer4j.option.OptionSet;
import io.trainer4j.option.OptionSpec;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

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
            changed("save_strategy", "best", SaveStrategy.BEST),
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
            changed("lr_scheduler_kwargs", "{\"power\": 2}", Map.of("power", 2)),
            changed("optim", "sgd", OptimizerNames.SGD),
            changed("optim_args", "momentum=0.9", "momentum=0.9"),
            changed("label_smoothing_factor", "0.1", 0.1),
            changed("loss_type", "dft", LossType.DFT),
            changed("neftune_noise_alpha", "5", 5.0),
            changed("loraplus_lr_ratio", "16", 16.0),
            changed("average_tokens_across_devices", "false", false),
            changed("train_sampling_strategy", "group_by_length", SamplingStrategy.GROUP_BY_LENGTH),
            changed("length_column_name", "tokens", "tokens"),
            changed("dataloader_num_workers", "2", 2),
            changed("dataloader_prefetch_factor", "4", 4),
            changed("dataloader_pin_memory", "false", false),
            changed("remove_unused_columns", "false", false),
            changed("label_names", "class", List.of("class")),
            changed("bf16", "true", true),
            changed("fp16", "true", true),
            changed("bf16_full_eval", "true", true),
            changed("fp16_full_eval", "true", true),
            changed("tf32", "true", true),
            changed("gradient_checkpointing", "true", true),
            changed("gradient_checkpointing_kwargs", "{\"use_reentrant\": false}", Map.of("use_reentrant", false)),
            changed("pure_bf16", "true", true),
            changed("freeze_trainable_layers", "2", 2),
            changed("trainable_modules", "self_attn", List.of("self_attn")),
            changed("frozen_modules", "embed_tokens", List.of("embed_tokens")),
            changed("cache_frozen", "true", true),
            changed("keep_zeros", "true", true),
            changed("torch_empty_cache_steps", "8", 8),
            changed("use_cpu", "true", true),
            changed("ddp_backend", "gloo", "gloo"),
            changed("full_determinism", "true", true),
            changed("logging_nan_inf_filter", "false", false),
            changed("include_num_input_tokens_seen", "non_padding", TokenCount.NON_PADDING),
            changed("log_level", "info", LogLevel.INFO),
            changed("report_to", "wandb", List.of("wandb")),
            changed("run_name", "night", "night"),
            changed("debug", "underflow_overflow", List.of("underflow_overflow")),
            changed("skip_memory_metrics", "false", false),
            changed("do_train", "true", true),
            changed("do_eval", "true", true),
            changed("do_predict", "true", true),
            changed("eval_do_concat_batches", "false", false),
            changed("eval_accumulation_steps", "2", 2),
            changed("include_for_metrics", "loss", List.of("loss")),
            changed("batch_eval_metrics", "true", true),
            changed("restore_callback_states_from_checkpoint", "true", true),
            changed("enable_jit_checkpoint", "true", true),
            changed("ignore_data_skip", "true", true),
            changed("hf_compat", "true", true),
            changed("auto_find_batch_size", "true", true),
            changed("on_nan", "skip", OnNan.SKIP),
            changed("early_stopping_patience", "3", 3),
            changed("early_stopping_threshold", "0.01", 0.01),
            changed("resume_from_checkpoint", "true", "true"));

    private static final String PYTHON = "/golden/arguments/training_args.json";

    private record Changed(String text, Object value) {}

    private static Map.Entry<String, Changed> changed(String name, String text, Object value) {
        return Map.entry(name, new Changed(text, value));
    }

    @TempDir
    private Path folder;

    private static Stream<OptionSpec> options() {
        return OPTIONS.options().stream();
    }

    /** What TrainingArguments().to_json_string() of transformers 5.17.0 gives; golden/arguments.py wrote it. */
    private static Map<String, Object> python() {
        try (InputStream stream = TrainingArgumentsTest.class.getResourceAsStream(PYTHON)) {
            return JsonMapper.shared().readValue(stream, new TypeReference<>() {});
        } catch (IOException e) {
            throw new LinkageError(PYTHON, e);
        }
    }

    @Test
    void everyArgumentOfTransformersIsKnownAndHasItsDefault() {
        Map<String, Object> ours = DEFAULTS.toMap();
        python().forEach((name, value) -> {
            if (OPTIONS.foreign(name).isEmpty()) {
                Object expected = name.equals("report_to") ? List.of("none") : value;
                assertThat(plain(ours.get(name))).as(name).isEqualTo(plain(expected));
            }
        });
        assertThat(ours.keySet())
                .filteredOn(name -> !python().containsKey(name))
                .containsExactlyInAnyOrder(
                        "hf_compat",
                        "on_nan",
                        "loraplus_lr_ratio",
                        "loss_type",
                        "early_stopping_patience",
                        "early_stopping_threshold",
                        "freeze_trainable_layers",
                        "trainable_modules",
                        "frozen_modules",
                        "cache_frozen",
                        "pure_bf16",
                        "keep_zeros");
    }

    private static Object plain(Object value) {
        return value instanceof Number number ? (Object) number.doubleValue() : value;
    }

    @Test
    void aFileWrittenByPythonRunsUnchanged() throws IOException {
        Path file = folder.resolve("training_args.json");
        try (InputStream stream = TrainingArgumentsTest.class.getResourceAsStream(PYTHON)) {
            Files.copy(stream, file);
        }

        assertThat(DEFAULTS.with(ConfigFile.read(file, OPTIONS))).isEqualTo(DEFAULTS.reportTo(List.of()));
    }

    @Test
    void nullsInAFileAreDefaults() throws IOException {
        Path file = folder.resolve("run.yaml");
        for (String name : python().keySet()) {
            Files.writeString(file, name + ": null\n");
            assertThat(DEFAULTS.with(ConfigFile.read(file, OPTIONS))).as(name).isEqualTo(DEFAULTS);
        }
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
        assertThatThrownBy(() -> OPTIONS.get("loss_type").parse("--loss-type", "dpo"))
                .hasMessageStartingWith("Option --loss-type is 'dpo' but must be one of nll, dft");
        assertThat(OPTIONS.get("lr_scheduler_type").allowedValues())
                .hasSize(12)
                .startsWith("linear", "cosine", "cosine_with_restarts");
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
