package io.trainer4j.cli;

import io.trainer4j.model.LoraConfig;
import io.trainer4j.option.Option;
import io.trainer4j.option.Options;
import java.util.List;
import java.util.Map;

/** Whether an adapter is trained, and which: the names and defaults of TRL's {@code ModelConfig}, and those of PEFT behind them. */
final class LoraOptions extends Options<LoraOptions> {
    @Option(
            help =
                    "Train an adapter (LoRA) and leave the model's own weights as they are; any other option here asks for it.")
    @SuppressWarnings("UnusedVariable") // isAsked compares all options
    private boolean usePeft = false;

    @Option(help = "Rank of the adapter; unset: 16.", min = 1)
    private Integer loraR;

    @Option(help = "The adapter counts lora_alpha / lora_r times; unset: 32.", above = 0)
    private Double loraAlpha;

    @Option(help = "Dropout on what goes into the adapter; unset: 0.05.", min = 0, below = 1)
    private Double loraDropout;

    @Option(
            help = "Modules that get an adapter: all-linear, ends of names such as q_proj v_proj, or one regular"
                    + " expression; unset: PEFT's default for the model's family.")
    private List<String> loraTargetModules;

    @Option(help = "Modules that are trained and saved whole, such as embed_tokens; a classifier's head always is.")
    private List<String> loraModulesToSave;

    @Option(help = "Biases that are trained as well.")
    private LoraConfig.Bias loraBias = LoraConfig.Bias.NONE;

    @Option(help = "Numbers of the layers that get an adapter; unset: all.")
    private List<Integer> loraLayersToTransform;

    @Option(help = "Ranks that differ, by end of a module's name or regular expression.")
    private Map<String, Object> loraRankPattern;

    @Option(help = "Alphas that differ, by end of a module's name or regular expression.")
    private Map<String, Object> loraAlphaPattern;

    @Option(help = "Start of the adapter: true, gaussian, pissa or false; unset: true, which changes nothing at first.")
    private String initLoraWeights;

    @Option(help = "The adapter counts lora_alpha / sqrt(lora_r) times (rsLoRA).")
    private boolean useRslora = false;

    @Option(help = "Train the length of each output's weights apart from their direction (DoRA).")
    private boolean useDora = false;

    /** Whether an adapter is asked for. */
    boolean isAsked() {
        return !equals(new LoraOptions());
    }

    /**
     * The adapter.
     *
     * @param base the model's folder or name, for adapter_config.json
     */
    LoraConfig config(String base) {
        return new LoraConfig()
                .baseModelNameOrPath(base)
                .r(loraR == null ? 16 : loraR)
                .loraAlpha(loraAlpha == null ? 32 : loraAlpha)
                .loraDropout(loraDropout == null ? 0.05 : loraDropout)
                .targetModules(loraTargetModules)
                .modulesToSave(loraModulesToSave)
                .bias(loraBias)
                .layersToTransform(loraLayersToTransform)
                .rankPattern(loraRankPattern)
                .alphaPattern(loraAlphaPattern)
                .initLoraWeights(initLoraWeights == null ? "true" : initLoraWeights)
                .useRslora(useRslora)
                .useDora(useDora);
    }
}
