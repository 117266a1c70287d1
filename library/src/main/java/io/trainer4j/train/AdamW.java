package io.trainer4j.train;

import io.trainer4j.model.Parameters;
import io.trainer4j.tensor.Device;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.ScriptFunction;
import io.trainer4j.tensor.TensorData;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Adam with decoupled weight decay, in libtorch's fused kernel, which reads and writes every value once per step.
 *
 * @see <a href="https://arxiv.org/abs/1711.05101">Decoupled Weight Decay Regularization</a>; torch/optim/adamw.py
 */
final class AdamW implements Optimizer {
    /** Parameters without decay: biases and norms, by name as in transformers/trainer.py, get_decay_parameter_names. */
    private static final Pattern NO_DECAY =
            Pattern.compile("bias|layernorm|rmsnorm|(?:^|\\.)norm(?:$|\\.)|_norm(?:$|\\.)");

    /**
     * Of {@code values}, one per parameter, those whose parameter has a gradient; the gradients themselves if empty. To
     * TorchScript a missing gradient is an undefined tensor, which has no elements.
     */
    private static final String SELECT = """
            def select(params: List[Tensor], values: List[Tensor]) -> List[Tensor]:
                selected: List[Tensor] = []
                for i in range(len(params)):
                    grad = params[i].grad
                    if grad is not None and grad.numel() > 0:
                        selected.append(grad if len(values) == 0 else values[i])
                return selected
            """;

    /** Changes only lists it is given: writes to tensors of a list made inside would be optimised away. */
    private static final String STEP = """
            def step(params: List[Tensor], grads: List[Tensor], first: List[Tensor], second: List[Tensor],
                     counts: List[Tensor], unused: List[Tensor],
                     lr: float, beta1: float, beta2: float, epsilon: float, weight_decay: float):
                if len(params) > 0:
                    torch._foreach_add_(counts, 1)
                    torch._fused_adamw_(params, grads, first, second, unused, counts, lr=lr, beta1=beta1, beta2=beta2,
                                        weight_decay=weight_decay, eps=epsilon, amsgrad=False, maximize=False)
            """;

    private final double beta1;
    private final double beta2;
    private final double epsilon;
    private final IValue none = ScriptFunction.tensorList(List.of());
    private final ScriptFunction select = ScriptFunction.compile("select", SELECT);
    private final ScriptFunction step = ScriptFunction.compile("step", STEP);
    private final Map<String, Tensor> state = new LinkedHashMap<>();
    private final List<Group> groups = new ArrayList<>();

    private record Group(double weightDecay, double speed, IValue params, IValue first, IValue second, IValue counts) {
        void close() {
            params.close();
            first.close();
            second.close();
            counts.close();
        }
    }

    /** What the parameters of a group have in common. */
    private record Setting(boolean decays, double speed) {}

    AdamW(Parameters parameters, TrainingArguments arguments) {
        beta1 = arguments.adamBeta1();
        beta2 = arguments.adamBeta2();
        epsilon = arguments.adamEpsilon();
        Map<Setting, Map<String, Tensor>> grouped = new LinkedHashMap<>();
        grouped.put(new Setting(true, 1), new LinkedHashMap<>());
        grouped.put(new Setting(false, 1), new LinkedHashMap<>());
        parameters
                .trainable()
                .forEach((name, tensor) -> grouped.computeIfAbsent(
                                new Setting(hasDecay(name), LoraPlus.speed(name, tensor, arguments)),
                                setting -> new LinkedHashMap<>())
                        .put(name, tensor));
        grouped.forEach(
                (setting, tensors) -> addGroup(tensors, setting.decays ? arguments.weightDecay() : 0, setting.speed));
    }

    static boolean hasDecay(String parameterName) {
        return !NO_DECAY.matcher(parameterName.toLowerCase(Locale.ROOT)).find();
    }

    private void addGroup(Map<String, Tensor> parameters, double weightDecay, double speed) {
        List<Tensor> first = new ArrayList<>();
        List<Tensor> second = new ArrayList<>();
        List<Tensor> counts = new ArrayList<>();
        parameters.forEach((name, tensor) -> {
            try (Scope scope = Scope.open()) {
                first.add(remember(name + ".exp_avg", torch.zeros_like(tensor)));
                second.add(remember(name + ".exp_avg_sq", torch.zeros_like(tensor)));
                counts.add(remember(name + ".step", Device.of(tensor).putNew(TensorData.zeros())));
            }
        });
        groups.add(new Group(
                weightDecay,
                speed,
                ScriptFunction.tensorList(parameters.values()),
                ScriptFunction.tensorList(first),
                ScriptFunction.tensorList(second),
                ScriptFunction.tensorList(counts)));
    }

    private Tensor remember(String name, Tensor tensor) {
        state.put(name, Scope.own(tensor));
        return tensor;
    }

    @Override
    public void step(double learningRate) {
        try (NoGradGuard noGrad = new NoGradGuard()) {
            for (Group group : groups) {
                try (Scope scope = Scope.open()) {
                    step.call(
                            select.call(group.params, group.params),
                            select.call(group.params, none),
                            select.call(group.params, group.first),
                            select.call(group.params, group.second),
                            select.call(group.params, group.counts),
                            none,
                            learningRate * group.speed,
                            beta1,
                            beta2,
                            epsilon,
                            group.weightDecay);
                }
            }
        }
    }

    /** Both moments and the step count of each parameter. */
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
        groups.forEach(Group::close);
        step.close();
        select.close();
        none.close();
        state.values().forEach(Tensor::close);
    }
}
