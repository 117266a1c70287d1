package io.trainer4j.model;

import io.trainer4j.UsageException;
import io.trainer4j.option.Option;
import io.trainer4j.option.Options;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What an adapter is: the fields of PEFT's {@code LoraConfig} under their names, with their defaults (PEFT 0.21).
 *
 * @see <a href="https://arxiv.org/abs/2106.09685">LoRA: Low-Rank Adaptation of Large Language Models</a>;
 *     peft/tuners/lora/config.py
 */
public final class LoraConfig extends Options<LoraConfig> {
    private static final Pattern INIT = Pattern.compile("true|false|gaussian|pissa");

    /** Which biases of the base model are trained with the adapter. */
    public enum Bias {
        NONE,
        ALL,
        LORA_ONLY
    }

    @Option(help = "Rank of the adapter.", min = 1)
    private int r = 8;

    @Option(help = "The adapter's product counts lora_alpha / r times.", above = 0)
    private double loraAlpha = 8;

    @Option(help = "Dropout on what goes into the adapter while training.", min = 0, below = 1)
    private double loraDropout = 0;

    @Option(
            help =
                    "The modules that get an adapter: all-linear, ends of names such as q_proj, or one regular expression"
                            + " for the whole name; unset: PEFT's default for the model's family.")
    private List<String> targetModules;

    @Option(help = "Modules that get none although they are targets: ends of names, or one regular expression.")
    private List<String> excludeModules;

    @Option(
            help =
                    "Modules that are trained and saved whole, such as embed_tokens; of a classifier the head always is.")
    private List<String> modulesToSave;

    @Option(help = "Biases of the base model that are trained as well: those of the targets, all, or none.")
    private Bias bias = Bias.NONE;

    @Option(help = "Count the adapter's product lora_alpha / sqrt(r) times (rsLoRA).")
    private boolean useRslora = false;

    @Option(help = "Train the length of each output's weights apart from their direction (DoRA).")
    private boolean useDora = false;

    @Option(
            help = "Start of the adapter: true (changes nothing at first), gaussian (the same, from a normal"
                    + " distribution), pissa (the principal part of the weights), false (random, changes the model).")
    private String initLoraWeights = "true";

    @Option(help = "Ranks that differ, by end of a module's name or regular expression.")
    private Map<String, Object> rankPattern;

    @Option(help = "Alphas that differ, by end of a module's name or regular expression.")
    private Map<String, Object> alphaPattern;

    @Option(help = "Numbers of the layers that get an adapter; unset: all.")
    private List<Integer> layersToTransform;

    @Option(help = "What the list of layers is called, such as layers; unset: any name.")
    private List<String> layersPattern;

    @Option(
            help =
                    "The model the adapter belongs to, a folder or a name on the Hub; unset: the folder it was opened from.")
    private String baseModelNameOrPath;

    public int r() {
        return r;
    }

    public LoraConfig r(int value) {
        return with(copy -> copy.r = value);
    }

    public double loraAlpha() {
        return loraAlpha;
    }

    public LoraConfig loraAlpha(double value) {
        return with(copy -> copy.loraAlpha = value);
    }

    public double loraDropout() {
        return loraDropout;
    }

    public LoraConfig loraDropout(double value) {
        return with(copy -> copy.loraDropout = value);
    }

    /** Names, or a single regular expression, or {@code all-linear}; null for the family's default. */
    public List<String> targetModules() {
        return targetModules;
    }

    /** Sets the targets: {@code "all-linear"}, names such as {@code "q_proj", "v_proj"}, or one regular expression. */
    public LoraConfig targetModules(String... values) {
        return targetModules(List.of(values));
    }

    /** As {@link #targetModules(String...)}; null for the family's default. */
    public LoraConfig targetModules(List<String> values) {
        return with(copy -> copy.targetModules = values == null ? null : List.copyOf(values));
    }

    public List<String> excludeModules() {
        return excludeModules;
    }

    public LoraConfig excludeModules(List<String> values) {
        return with(copy -> copy.excludeModules = values == null ? null : List.copyOf(values));
    }

    public List<String> modulesToSave() {
        return modulesToSave;
    }

    public LoraConfig modulesToSave(List<String> values) {
        return with(copy -> copy.modulesToSave = values == null ? null : List.copyOf(values));
    }

    public Bias bias() {
        return bias;
    }

    public LoraConfig bias(Bias value) {
        return with(copy -> copy.bias = value);
    }

    public boolean useRslora() {
        return useRslora;
    }

    public LoraConfig useRslora(boolean value) {
        return with(copy -> copy.useRslora = value);
    }

    public boolean useDora() {
        return useDora;
    }

    public LoraConfig useDora(boolean value) {
        return with(copy -> copy.useDora = value);
    }

    public String initLoraWeights() {
        return initLoraWeights;
    }

    /**
     * Sets the start.
     *
     * @param value {@code true}, {@code false}, {@code gaussian} or {@code pissa}
     */
    public LoraConfig initLoraWeights(String value) {
        return with(copy -> copy.initLoraWeights = value);
    }

    /** Never null. */
    public Map<String, Object> rankPattern() {
        return rankPattern == null ? Map.of() : rankPattern;
    }

    public LoraConfig rankPattern(Map<String, Object> values) {
        return with(copy -> copy.rankPattern = values);
    }

    /** Never null. */
    public Map<String, Object> alphaPattern() {
        return alphaPattern == null ? Map.of() : alphaPattern;
    }

    public LoraConfig alphaPattern(Map<String, Object> values) {
        return with(copy -> copy.alphaPattern = values);
    }

    public List<Integer> layersToTransform() {
        return layersToTransform;
    }

    public LoraConfig layersToTransform(List<Integer> values) {
        return with(copy -> copy.layersToTransform = values == null ? null : List.copyOf(values));
    }

    public List<String> layersPattern() {
        return layersPattern;
    }

    public LoraConfig layersPattern(List<String> values) {
        return with(copy -> copy.layersPattern = values == null ? null : List.copyOf(values));
    }

    public String baseModelNameOrPath() {
        return baseModelNameOrPath;
    }

    public LoraConfig baseModelNameOrPath(String value) {
        return with(copy -> copy.baseModelNameOrPath = value);
    }

    /**
     * Checks what ranges do not say.
     *
     * @throws UsageException naming the option
     */
    void validate() {
        if (!INIT.matcher(initLoraWeights).matches()) {
            throw new UsageException(
                    "init_lora_weights is \"" + initLoraWeights + "\" but must be true, false, gaussian or pissa.");
        }
        if (LoraTargets.isPattern(targetModules) && (layersToTransform != null || layersPattern != null)) {
            throw new UsageException(
                    "layers_to_transform and layers_pattern choose among names in target_modules; with the"
                            + " regular expression " + targetModules.get(0) + " write the layers into it.");
        }
        if (layersPattern != null && layersToTransform == null) {
            throw new UsageException("layers_pattern needs layers_to_transform, the numbers of the layers.");
        }
    }
}
