package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.UsageException;
import io.trainer4j.option.ConfigFile;
import io.trainer4j.option.OptionSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForeignArgumentsTest {
    private static final OptionSet OPTIONS = OptionSet.of(TrainingArguments.class);

    @TempDir
    private Path folder;

    private TrainingArguments read(String yaml) throws IOException {
        Path file = folder.resolve("run.yaml");
        Files.writeString(file, yaml + "\n");
        return new TrainingArguments().with(ConfigFile.read(file, OPTIONS));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            evaluation_strategy: epoch       | eval_strategy: epoch
            warmup_ratio: 0.1                | warmup_steps: 0.1
            no_cuda: true                    | use_cpu: true
            group_by_length: true            | train_sampling_strategy: group_by_length
            per_gpu_train_batch_size: 4      | per_device_train_batch_size: 4
            per_gpu_eval_batch_size: 4       | per_device_eval_batch_size: 4
            include_num_input_tokens_seen: true | include_num_input_tokens_seen: all
            train_sampling_strategy: batch-rebalance | train_sampling_strategy: batch_rebalance
            adafactor: true                  | optim: adafactor
            optim: adamw_hf                  | optim: adamw_torch
            """)
    void earlierNamesSetTheNewOnes(String earlier, String now) throws IOException {
        assertThat(read(earlier)).isEqualTo(read(now)).isNotEqualTo(new TrainingArguments());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "warmup_ratio: 0.0",
                "group_by_length: false",
                "evaluation_strategy: null",
                "fsdp: ''",
                "fsdp: []",
                "fsdp_config: {}",
                "fsdp_config: {min_num_params: 0, xla: false, xla_fsdp_v2: false, xla_fsdp_grad_ckpt: false}",
                "adafactor: false",
                "debug: ''",
                "deepspeed: null",
                "push_to_hub: false",
                "hub_strategy: every_save",
                "local_rank: -1",
                "local_rank: 0",
                "torch_compile: true",
                "overwrite_output_dir: true",
                "packing: false",
                "loss_type: nll",
                "loss_type: chunked_nll",
                "eos_token: <EOS_TOKEN>",
                "truncation_mode: keep_start",
                "completion_only_loss: true",
                "model_init_kwargs: {dtype: float32}"
            })
    void whatAsksForNothingOrHasNoEffectChangesNothing(String line) throws IOException {
        assertThat(read(line)).isEqualTo(new TrainingArguments());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            deepspeed: ds.json               | a run has one process on one device
            fsdp: full_shard                 | a run has one process on one device
            push_to_hub: true                | nothing leaves this machine
            accelerator_config: {split_batches: true} | batches are drawn as with its defaults
            packing: true                    | rows are packed before they are given to a trainer, by PackedRows or finetune --packing
            assistant_only_loss: true        | rows get their labels before they are given to a trainer, by ConversationEncoder or finetune --assistant-only-loss
            completion_only_loss: false      | rows get their labels before they are given to a trainer, by CompletionEncoder or finetune --completion-only-loss
            truncation_mode: keep_end        | rows lose their end where they are too long
            eos_token: </s>                  | the end token is that of the model's folder
            optim_target_modules: all-linear | GaLore and APOLLO are not among the optimizers
            """)
    void whatCannotBeHadIsRefusedWithItsReason(String line, String reason) {
        String name = line.replaceFirst(":.*", "");
        assertThatThrownBy(() -> read(line))
                .isInstanceOf(UsageException.class)
                .hasMessage("Option %s (%s, line 1) is not available here: %s; leave it out."
                        .formatted(name, folder.resolve("run.yaml"), reason));
    }

    @Test
    void theEarlierAndTheNewNameTogetherAreRefused() {
        assertThatThrownBy(() -> read("eval_strategy: epoch\nevaluation_strategy: steps"))
                .isInstanceOf(UsageException.class)
                .hasMessage(
                        "Option evaluation_strategy (%s, line 2) and eval_strategy are the same; remove one of them."
                                .formatted(folder.resolve("run.yaml")));
    }

    /** transformers 4 wrote the earlier and the new name side by side, in either order. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            warmup_ratio: 0.1                | warmup_steps: 0                   | warmup_steps: 0.1
            eval_strategy: epoch             | evaluation_strategy: epoch        | eval_strategy: epoch
            eval_strategy: epoch             | evaluation_strategy: null         | eval_strategy: epoch
            adafactor: true                  | optim: adamw_torch_fused          | optim: adafactor
            include_tokens_per_second: true  | include_num_input_tokens_seen: no | include_num_input_tokens_seen: all
            """)
    void theEarlierNameBesideTheDefaultOfTheNewOneCounts(String first, String second, String now) throws IOException {
        assertThat(read(first + "\n" + second)).isEqualTo(read(now));
        assertThat(read(second + "\n" + first)).isEqualTo(read(now));
    }

    @Test
    void nestedSettingsAreReadFromYaml() throws IOException {
        assertThat(read("lr_scheduler_kwargs:\n  num_cycles: 2\n  mode: max").lrSchedulerKwargs())
                .containsEntry("num_cycles", 2)
                .containsEntry("mode", "max");
    }

    @Test
    void notesNameWhatHasNoEffect() {
        assertThat(new TrainingArguments().notes()).isEmpty();
        assertThat(new TrainingArguments()
                        .labelNames(List.of("class"))
                        .dataloaderPinMemory(false)
                        .notes())
                .containsExactly(
                        "Option dataloader_pin_memory has no effect here: a batch is small beside the step that computes it.",
                        "Option label_names has no effect here: labels are read from the column labels, or label of a"
                                + " classifier; rename the column, or name it to the command line with --label-column.");
        assertThat(new TrainingArguments()
                        .runName("a")
                        .debug(List.of("underflow_overflow"))
                        .logLevel(LogLevel.ERROR)
                        .skipMemoryMetrics(false)
                        .notes())
                .isEmpty();
    }
}
