package io.trainer4j.train;

import io.trainer4j.model.Parameters;
import io.trainer4j.tensor.Device;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.ScriptFunction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/** Moves each parameter by its {@link UpdateRule}. */
final class RuleOptimizer implements Optimizer {
    private final Map<String, Tensor> state = new LinkedHashMap<>();
    private final Map<UpdateRule, Script> scripts = new LinkedHashMap<>();
    private final List<Entry> entries = new ArrayList<>();

    private record Entry(Tensor parameter, UpdateRule rule, List<Tensor> slots, double weightDecay) {}

    /** A rule's compiled functions; those for showing may be null. */
    private record Script(ScriptFunction update, ScriptFunction show, ScriptFunction goOn) {
        static Script of(UpdateRule rule) {
            return new Script(
                    ScriptFunction.compile("update", rule.source()),
                    rule.showing() ? ScriptFunction.compile("show", rule.source()) : null,
                    rule.showing() ? ScriptFunction.compile("go_on", rule.source()) : null);
        }

        void close() {
            update.close();
            if (show != null) {
                show.close();
                goOn.close();
            }
        }
    }

    /**
     * @param rules the rule of each parameter, by name
     */
    RuleOptimizer(Parameters parameters, double weightDecay, Function<String, UpdateRule> rules) {
        try {
            parameters.trainable().forEach((name, parameter) -> {
                UpdateRule rule = rules.apply(name);
                scripts.computeIfAbsent(rule, Script::of);
                putSettings(rule, Device.of(parameter));
                entries.add(new Entry(
                        parameter, rule, slots(name, parameter, rule), AdamW.hasDecay(name) ? weightDecay : 0));
            });
        } catch (RuntimeException e) { // as where memory does not suffice
            close();
            throw e;
        }
    }

    private List<Tensor> slots(String name, Tensor parameter, UpdateRule rule) {
        List<Tensor> slots = new ArrayList<>();
        for (UpdateRule.Slot slot : rule.slots()) {
            try (Scope scope = Scope.open();
                    NoGradGuard noGrad = new NoGradGuard()) {
                Tensor tensor = Scope.own(beside(parameter, slot.initial().apply(parameter)));
                slots.add(tensor);
                state.put(name + "." + slot.name(), tensor);
            }
        }
        return slots;
    }

    private static void putSettings(UpdateRule rule, Device device) {
        for (Object setting : rule.settings()) {
            if (setting instanceof Tensor tensor && !Device.of(tensor).equals(device)) {
                device.move(tensor);
            }
        }
    }

    /** On the parameter's device, a single number excepted: the scripts read it, which would halt a GPU. */
    private static Tensor beside(Tensor parameter, Tensor slot) {
        return slot.dim() == 0 ? slot : Device.of(parameter).putNew(slot);
    }

    @Override
    public void step(double learningRate) {
        try (NoGradGuard noGrad = new NoGradGuard()) {
            for (Entry entry : entries) {
                try (Scope scope = Scope.open()) {
                    Tensor gradient = entry.parameter().grad();
                    if (gradient.defined()) {
                        List<Object> arguments = new ArrayList<>();
                        arguments.add(entry.parameter());
                        arguments.add(gradient);
                        arguments.addAll(entry.slots());
                        arguments.add(learningRate);
                        arguments.add(entry.weightDecay());
                        arguments.addAll(entry.rule().settings());
                        scripts.get(entry.rule()).update().call(arguments.toArray());
                    }
                }
            }
        }
    }

    @Override
    public void showResult() {
        callAll(Script::show);
    }

    @Override
    public void goOnTraining() {
        callAll(Script::goOn);
    }

    private void callAll(Function<Script, ScriptFunction> choice) {
        try (NoGradGuard noGrad = new NoGradGuard()) {
            for (Entry entry : entries) {
                ScriptFunction function = choice.apply(scripts.get(entry.rule()));
                if (function != null) {
                    try (Scope scope = Scope.open()) {
                        List<Object> arguments = new ArrayList<>(entry.slots());
                        arguments.add(0, entry.parameter());
                        function.call(arguments.toArray());
                    }
                }
            }
        }
    }

    @Override
    public Map<String, Tensor> state() {
        return Collections.unmodifiableMap(state);
    }

    @Override
    public void restore(Function<String, Tensor> saved) {
        state.forEach((name, tensor) -> {
            try (Scope scope = Scope.open()) {
                tensor.copy_(saved.apply(name));
            }
        });
    }

    @Override
    public void close() {
        Set<Object> settings = new LinkedHashSet<>();
        scripts.forEach((rule, script) -> {
            script.close();
            settings.addAll(rule.settings());
        });
        settings.stream().filter(Tensor.class::isInstance).forEach(tensor -> ((Tensor) tensor).close());
        state.values().forEach(Tensor::close);
    }
}
