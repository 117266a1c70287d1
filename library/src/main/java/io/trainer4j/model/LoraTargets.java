package io.trainer4j.model;

import io.trainer4j.UsageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Which modules of a model an adapter concerns, by the rules of PEFT: check_target_module_exists and
 * _maybe_include_all_linear_layers in peft/tuners/tuners_utils.py, get_pattern_key and _set_trainable in
 * peft/utils/other.py.
 *
 * @param modules those an adapter may be put on, in the model's order
 */
record LoraTargets(LoraConfig config, List<Module> modules) {
    static final String ALL_LINEAR = "all-linear";

    private static final Pattern PLAIN_NAME = Pattern.compile("[\\w.-]+");
    private static final Pattern ANY_LAYER = Pattern.compile(".*?\\.[^.]*\\.(?<idx>\\d+)\\.");

    /** TRANSFORMERS_MODELS_TO_LORA_TARGET_MODULES_MAPPING in peft/utils/constants.py. */
    private static final Map<String, List<String>> DEFAULTS = Map.of(
            "bert", List.of("query", "value"),
            "roberta", List.of("query", "value"),
            "gpt2", List.of("c_attn"));

    /**
     * A linear map or a table of vectors.
     *
     * @param name such as {@code model.layers.0.self_attn.q_proj}
     * @param out size of a result
     * @param in size of an input; of a table its number of rows
     */
    record Module(String name, ParameterSpec.Role role, long out, long in) {
        /** Those of a model, in its order. */
        static List<Module> of(List<ParameterSpec> specs) {
            List<Module> modules = new ArrayList<>();
            for (ParameterSpec spec : specs) {
                if (spec.role() != ParameterSpec.Role.OTHER) {
                    boolean isTable = isTable(spec);
                    long[] shape = spec.matrixShape();
                    modules.add(new Module(
                            module(spec.name()), spec.role(), shape[isTable ? 1 : 0], shape[isTable ? 0 : 1]));
                }
            }
            return modules;
        }

        private static boolean isTable(ParameterSpec spec) {
            return spec.role() == ParameterSpec.Role.EMBEDDING && !spec.name().equals(CausalLM.HEAD);
        }

        boolean isTable() {
            return role == ParameterSpec.Role.EMBEDDING && !isHead();
        }

        /** Whether it gives the scores of tokens. */
        boolean isHead() {
            return CausalLM.HEAD.equals(name + ".weight");
        }

        boolean isConv1D() {
            return role == ParameterSpec.Role.CONV1D;
        }
    }

    /** The module a parameter belongs to: its name without the last part. */
    static String module(String parameter) {
        return parameter.substring(0, Math.max(0, parameter.lastIndexOf('.')));
    }

    /** What PEFT targets where nothing is said. */
    static List<String> defaults(ModelConfig model) {
        if (model.modelType().equals("distilbert")) {
            throw new UsageException(
                    "PEFT has no default targets for distilbert; say --lora-target-modules q_lin v_lin,"
                            + " or all-linear.");
        }
        return DEFAULTS.getOrDefault(model.modelType(), List.of("q_proj", "v_proj"));
    }

    /** Whether this is one regular expression and not a list of names. */
    static boolean isPattern(List<String> names) {
        return names != null
                && names.size() == 1
                && !PLAIN_NAME.matcher(names.get(0)).matches();
    }

    /** The modules that get an adapter. */
    List<Module> targeted() {
        List<String> wanted = config.targetModules();
        boolean all = wanted.size() == 1 && wanted.get(0).equalsIgnoreCase(ALL_LINEAR);
        return modules.stream()
                .filter(module -> !isExcluded(module.name()))
                .filter(module -> all
                        ? !module.isTable() && !module.isHead() && !isSaved(module.name())
                        : isNamed(module.name(), wanted) && isInLayer(module.name()))
                .toList();
    }

    private boolean isExcluded(String name) {
        List<String> excluded = config.excludeModules();
        boolean ofSaved = saved().stream()
                .anyMatch(s -> compile("modules_to_save", "(^|.*\\.)" + s + "($|\\..*)")
                        .matcher(name)
                        .lookingAt());
        return ofSaved || (excluded != null && !excluded.isEmpty() && isNamed(name, excluded));
    }

    private static boolean isNamed(String name, List<String> wanted) {
        if (isPattern(wanted)) {
            return compile("target_modules", wanted.get(0)).matcher(name).matches();
        }
        return wanted.stream().anyMatch(end -> name.equals(end) || name.endsWith("." + end));
    }

    /** A module named in full is a target whatever its layer. */
    private boolean isInLayer(String name) {
        List<Integer> layers = config.layersToTransform();
        if (layers == null || layers.isEmpty() || config.targetModules().contains(name)) {
            return true;
        }
        List<String> patterns = config.layersPattern();
        if (patterns == null || patterns.isEmpty()) {
            return isOneOf(layers, ANY_LAYER.matcher(name));
        }
        return patterns.stream()
                .map(pattern -> compile("layers_pattern", "(?:^|.*?\\.)" + pattern + "\\.(?<idx>\\d+)\\."))
                .anyMatch(pattern -> isOneOf(layers, pattern.matcher(name)));
    }

    private static boolean isOneOf(List<Integer> layers, Matcher matcher) {
        return matcher.lookingAt() && layers.contains(Integer.valueOf(matcher.group("idx")));
    }

    private List<String> saved() {
        return config.modulesToSave() == null ? List.of() : config.modulesToSave();
    }

    /** Whether a module or one it is part of is trained and saved whole: its name ends as one of modules_to_save. */
    boolean isSaved(String module) {
        for (String part = module; !part.isEmpty(); part = module(part)) {
            if (saved().stream().anyMatch(part::endsWith)) {
                return true;
            }
        }
        return false;
    }

    /** The rank of a module's adapter. */
    int rank(Module module) {
        return ((Number) ofPattern("rank_pattern", config.rankPattern(), module.name(), config.r())).intValue();
    }

    /** What a module's adapter counts. */
    double scaling(Module module) {
        double alpha = ((Number) ofPattern("alpha_pattern", config.alphaPattern(), module.name(), config.loraAlpha()))
                .doubleValue();
        return alpha / (config.useRslora() ? Math.sqrt(rank(module)) : rank(module));
    }

    private static Object ofPattern(String option, Map<String, Object> patterns, String name, Object otherwise) {
        for (Map.Entry<String, Object> entry : patterns.entrySet()) {
            if (compile(option, "(.*\\.)?(" + entry.getKey() + ")$")
                    .matcher(name)
                    .lookingAt()) {
                if (entry.getValue() instanceof Number number && number.doubleValue() > 0) {
                    return number;
                }
                throw new UsageException(option + " gives " + entry.getKey() + " the value " + entry.getValue()
                        + "; it must be a number above 0.");
            }
        }
        return otherwise;
    }

    private static Pattern compile(String option, String pattern) {
        try {
            return Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw new UsageException(
                    option + " holds no regular expression (" + e.getDescription() + " in " + pattern + ").");
        }
    }
}
