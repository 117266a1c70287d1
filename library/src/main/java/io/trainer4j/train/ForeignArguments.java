package io.trainer4j.train;

import io.trainer4j.option.ForeignOption;
import io.trainer4j.option.ForeignOption.Ineffective;
import io.trainer4j.option.ForeignOption.OneValue;
import io.trainer4j.option.ForeignOption.Renamed;
import io.trainer4j.option.ForeignOption.Unavailable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Arguments of Hugging Face's that are not declared here: those of clouds, clusters and Python, and those of transformers
 * 4 that have another name today.
 */
final class ForeignArguments {
    private static final String ONE_PROCESS = "a run has one process";
    private static final String NO_HUB = "nothing leaves this machine";
    private static final String NO_COMPILER = "the kernels are compiled ahead of time";
    private static final String ROWS_IN_THREAD = "rows are prepared in the training thread";
    private static final String GONE = "transformers 5 has no such argument any more";
    private static final String FSDP_CONFIG =
            "{\"min_num_params\":0,\"xla\":false,\"xla_fsdp_v2\":false,\"xla_fsdp_grad_ckpt\":false}";
    private static final String ACCELERATOR =
            "{\"split_batches\":false,\"dispatch_batches\":null,\"even_batches\":true,"
                    + "\"use_seedable_sampler\":true,\"non_blocking\":false,\"gradient_accumulation_kwargs\":null}";

    private final List<ForeignOption> options = new ArrayList<>();

    private ForeignArguments() {}

    static List<ForeignOption> all() {
        ForeignArguments all = new ForeignArguments();
        all.addRenamed();
        all.addOtherMachines();
        all.addPython();
        all.addGone();
        all.addFineTuning();
        return List.copyOf(all.options);
    }

    private void addRenamed() {
        renamed("evaluation_strategy", "no", "eval_strategy");
        renamed("warmup_ratio", "0.0", "warmup_steps");
        renamed("no_cuda", "", "use_cpu");
        renamed("per_gpu_train_batch_size", "", "per_device_train_batch_size");
        renamed("per_gpu_eval_batch_size", "", "per_device_eval_batch_size");
        renamed("include_tokens_per_second", "", "include_num_input_tokens_seen");
        options.add(new Renamed("adafactor", "", "optim", Map.of("true", "adafactor", "True", "adafactor")));
        options.add(new Renamed(
                "group_by_length",
                "",
                "train_sampling_strategy",
                Map.of("true", "group_by_length", "True", "group_by_length")));
    }

    private void addOtherMachines() {
        ineffective("fsdp_config", FSDP_CONFIG, ONE_PROCESS + " on one device");
        for (String name : List.of("fsdp", "deepspeed", "parallelism_config")) {
            unavailable(name, "", ONE_PROCESS + " on one device");
        }
        unavailable("accelerator_config", ACCELERATOR, "batches are drawn as with its defaults");
        unavailable("push_to_hub", "", NO_HUB);
        ineffective("hub_token", "<HUB_TOKEN>", NO_HUB);
        ineffective("push_to_hub_token", "<PUSH_TO_HUB_TOKEN>", NO_HUB);
        ineffective("hub_strategy", "every_save", NO_HUB);
        ineffective("project", "huggingface", NO_HUB);
        ineffective("trackio_space_id", "trackio", NO_HUB);
        for (String name : List.of(
                "hub_private_repo",
                "hub_model_id",
                "hub_always_push",
                "hub_revision",
                "push_to_hub_model_id",
                "push_to_hub_organization",
                "trackio_bucket_id",
                "trackio_static_space_id")) {
            ineffective(name, "", NO_HUB);
        }
        ineffective("log_on_each_node", "true", ONE_PROCESS);
        ineffective("log_level_replica", "warning", ONE_PROCESS);
        ineffective("ddp_timeout", "1800", ONE_PROCESS);
        ineffective("local_rank", "-1", ONE_PROCESS);
        for (String name : List.of(
                "eval_use_gather_object",
                "save_on_each_node",
                "ddp_find_unused_parameters",
                "ddp_bucket_cap_mb",
                "ddp_broadcast_buffers",
                "ddp_static_graph",
                "tpu_num_cores",
                "tpu_metrics_debug")) {
            ineffective(name, "", ONE_PROCESS);
        }
    }

    private void addPython() {
        for (String name : List.of("torch_compile", "torch_compile_backend", "torch_compile_mode")) {
            ineffective(name, "", NO_COMPILER);
        }
        ineffective("use_liger_kernel", "", "the loss is computed in chunks anyway");
        ineffective("liger_kernel_config", "", "the loss is computed in chunks anyway");
        ineffective("use_cache", "", "training needs no key/value cache");
        unavailable("optim_target_modules", "", "GaLore and APOLLO are not among the optimizers");
        ineffective("dataloader_persistent_workers", "", "threads start at once");
        ineffective("dataloader_multiprocessing_context", "", "dataloader_num_workers are threads");
        ineffective("dataloader_in_order", "true", "batches always keep their order");
    }

    private void addGone() {
        ineffective("overwrite_output_dir", "", "checkpoints of the same step are replaced");
        ineffective("logging_dir", "", "TensorBoard files stand below output_dir/runs, in a folder named run_name");
        ineffective("save_safetensors", "true", "weights are always saved as safetensors");
        ineffective("fp16_opt_level", "O1", GONE);
        ineffective("half_precision_backend", "auto", GONE);
        ineffective("fp16_backend", "auto", GONE);
        ineffective("past_index", "-1", GONE);
        ineffective("ray_scope", "last", GONE);
        ineffective("fsdp_min_num_params", "0", GONE);
        ineffective("include_inputs_for_metrics", "", "metrics get predictions, labels and scores");
        ineffective("dispatch_batches", "", GONE);
        ineffective("_n_gpu", "1", ONE_PROCESS);
        for (String name : List.of(
                "use_ipex",
                "jit_mode_eval",
                "torchdynamo",
                "use_mps_device",
                "mp_parameters",
                "split_batches",
                "use_legacy_prediction_loop",
                "fsdp_transformer_layer_cls_to_wrap")) {
            ineffective(name, "", GONE);
        }
    }

    /** What TRL's SFTConfig has beside; the command line declares its {@code max_length}. */
    private void addFineTuning() {
        unavailable(
                "assistant_only_loss",
                "",
                "rows get their labels before they are given to a trainer, by ConversationEncoder or finetune"
                        + " --assistant-only-loss");
        options.add(new OneValue(
                "completion_only_loss",
                "true",
                "rows get their labels before they are given to a trainer, by CompletionEncoder or finetune"
                        + " --completion-only-loss"));
        unavailable(
                "packing",
                "",
                "rows are packed before they are given to a trainer, by PackedRows or finetune --packing");
        unavailable(
                "eval_packing",
                "",
                "rows are packed before they are given to a trainer, by PackedRows or finetune --packing");
        unavailable("shuffle_dataset", "", "rows are shuffled in each epoch");
        unavailable("truncation_mode", "keep_start", "rows lose their end where they are too long");
        unavailable("chat_template_path", "", "the template is that of the model's folder");
        unavailable("eos_token", "<EOS_TOKEN>", "the end token is that of the model's folder");
        ineffective("pad_token", "<PAD_TOKEN>", "padding is never trained");
        ineffective("dataset_text_field", "text", "prompt_column and completion_column name the columns");
        ineffective("dataset_kwargs", "", ROWS_IN_THREAD);
        ineffective("dataset_num_proc", "", ROWS_IN_THREAD);
        ineffective("packing_strategy", "bfd", "rows are packed best fit decreasing");
        ineffective("padding_free", "", "decoders do without padding where it costs time only");
        ineffective("pad_to_multiple_of", "", "decoders do without padding where it costs time only");
        ineffective("model_init_kwargs", "", "the model is opened as its folder says, in fp32");
        ineffective("trust_remote_code", "", "no code in a model's folder is run");
        ineffective("router_aux_loss_coef", "0.001", "no family here has experts");
        ineffective("activation_offloading", "", "activations are in the CPU's memory already");
    }

    private void renamed(String name, String usual, String successor) {
        options.add(new Renamed(name, usual, successor, Map.of()));
    }

    private void ineffective(String name, String usual, String reason) {
        options.add(new Ineffective(name, usual, reason));
    }

    private void unavailable(String name, String usual, String reason) {
        options.add(new Unavailable(name, usual, reason));
    }
}
