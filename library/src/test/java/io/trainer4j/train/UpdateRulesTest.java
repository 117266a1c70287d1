package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.ScriptFunction;
import io.trainer4j.tensor.TensorData;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each rule on two weights, beside what torch.optim of torch 2.13 makes of them with a rate of 0.1. */
class UpdateRulesTest {
    private static final float[][] GRADIENTS = {{0.5f, 0.1f}, {-0.25f, 0.1f}, {1, 0.1f}};

    /** Rule, settings, weight decay; the weights 1 and -2 after each of three steps. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            sgd | | 0 | 0.95 -2.01 0.975 -2.02 0.875 -2.03
            sgd | | 0.5 | 0.9 -1.91 0.88 -1.8245 0.736 -1.7432749
            sgd | momentum=0.9 | 0 | 0.95 -2.01 0.93 -2.029 0.812 -2.0561001
            sgd | momentum=0.9,nesterov=true | 0 | 0.905 -2.019 0.912 -2.0461001 0.7058 -2.0804901
            sgd | momentum=0.9,dampening=0.5 | 0 | 0.95 -2.01 0.9175 -2.024 0.83825 -2.0416
            adagrad | lr_decay=0.1 | 0 | 0.9 -2.1 0.94065577 -2.1642823 0.86791646 -2.212395
            rmsprop | | 0 | 0.00000024 -2.999999 0.44901344 -3.7088797 -0.42572621 -4.2891283
            rmsprop | centered=true,momentum=0.5,alpha=0.9 | 0 | 0.66666675 -2.3333333 0.64847857 -2.7549062 0.34051192 -3.1906765
            adamw | | 0.5 | 0.85 -2.0 0.78086632 -2.0 0.67601186 -2.0
            """)
    void weightsMoveAsInTorch(String name, String settings, double decay, String expected) {
        NamedSettings named = NamedSettings.parse("optim_args", settings);
        UpdateRule rule = switch (name) {
            case "sgd" -> ClassicRules.sgd(named);
            case "adagrad" -> ClassicRules.adagrad(named);
            case "rmsprop" -> ClassicRules.rmsprop(named);
            default -> ClassicRules.adamW(new TrainingArguments());
        };
        String[] wanted = expected.split(" ", -1);
        List<Float> weights = run(rule, decay);
        assertThat(weights).hasSameSizeAs(wanted);
        for (int i = 0; i < wanted.length; i++) {
            assertThat(weights.get(i)).as("value %s", i).isCloseTo(Float.parseFloat(wanted[i]), within(2e-6f));
        }
    }

    /** Chen et al. 2023, algorithm 2: the sign of 0.9 m + 0.1 g, then m = 0.99 m + 0.01 g. */
    @Test
    void lionStepsByTheSignOfItsMomentum() {
        UpdateRule lion = ClassicRules.lion(new TrainingArguments().adamBeta2(0.99));
        List<Float> weights = run(lion, 0.5);
        double first = 1 * 0.95 - 0.1;
        double second = first * 0.95 + 0.1;
        double third = second * 0.95 - 0.1;
        assertThat(weights.get(0)).isCloseTo((float) first, within(1e-6f));
        assertThat(weights.get(2)).isCloseTo((float) second, within(1e-6f));
        assertThat(weights.get(4)).isCloseTo((float) third, within(1e-6f));
        assertThat(weights.get(1)).isCloseTo(-2f, within(1e-6f));
    }

    @Test
    void aRuleRemembersWhatItNeeds() {
        assertThat(slots(ClassicRules.sgd(NamedSettings.parse("o", "")))).isEmpty();
        assertThat(slots(ClassicRules.sgd(NamedSettings.parse("o", "momentum=0.9"))))
                .containsExactly("momentum_buffer", "step");
        assertThat(slots(ClassicRules.adagrad(NamedSettings.parse("o", "")))).containsExactly("sum", "step");
        assertThat(slots(ClassicRules.lion(new TrainingArguments()))).containsExactly("exp_avg");
        assertThat(slots(ClassicRules.adamW(new TrainingArguments()))).containsExactly("exp_avg", "exp_avg_sq", "step");
    }

    private static List<String> slots(UpdateRule rule) {
        return rule.slots().stream().map(UpdateRule.Slot::name).toList();
    }

    @Test
    void whatIsNotNeededTakesNoMemory() {
        try (Scope scope = Scope.open()) {
            Tensor weight = TensorData.zeros(4, 3);
            List<Long> plain = sizes(ClassicRules.rmsprop(NamedSettings.parse("o", "")), weight);
            assertThat(plain).containsExactly(12L, 1L, 1L);
            List<Long> all = sizes(ClassicRules.rmsprop(NamedSettings.parse("o", "centered=1,momentum=0.1")), weight);
            assertThat(all).containsExactly(12L, 12L, 12L);
        }
    }

    private static List<Long> sizes(UpdateRule rule, Tensor weight) {
        return rule.slots().stream()
                .map(slot -> slot.initial().apply(weight).numel())
                .toList();
    }

    private static List<Float> run(UpdateRule rule, double decay) {
        List<Float> weights = new ArrayList<>();
        try (Scope scope = Scope.open();
                ScriptFunction update = ScriptFunction.compile("update", rule.source())) {
            Tensor parameter = TensorData.floats(new float[] {1, -2}, 2);
            List<Tensor> slots = new ArrayList<>();
            rule.slots().forEach(slot -> slots.add(slot.initial().apply(parameter)));
            for (float[] gradient : GRADIENTS) {
                List<Object> arguments = new ArrayList<>(List.of(parameter, TensorData.floats(gradient, 2)));
                arguments.addAll(slots);
                arguments.add(0.1);
                arguments.add(decay);
                arguments.addAll(rule.settings());
                update.call(arguments.toArray());
                for (float weight : TensorData.toFloats(parameter)) {
                    weights.add(weight);
                }
            }
        }
        return weights;
    }
}
