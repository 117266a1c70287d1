package io.trainer4j.train;

import io.trainer4j.tensor.Device;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.ScriptFunction;
import io.trainer4j.tensor.TensorData;
import java.util.Collection;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.global.torch;

/** The gradients of a model's parameters, taken together: their norm, their clipping, their removal. */
final class Gradients implements AutoCloseable {
    /** A gradient that is not there is an undefined tensor to TorchScript, not None; it has no elements. */
    private static final String COLLECT = """
            def collect(params: List[Tensor]) -> List[Tensor]:
                grads: List[Tensor] = []
                for p in params:
                    g = p.grad
                    if g is not None and g.numel() > 0:
                        grads.append(g)
                return grads
            """;

    /** As {@code torch.nn.utils.clip_grad_norm_}: the norm of the norms, in fp32; the coefficient is applied even at 1. */
    private static final String CLIP = """
            def clip(grads: List[Tensor], max_norm: float) -> Tensor:
                total = torch.norm(torch.stack(torch._foreach_norm(grads, 2.0, dtype=6)), 2.0)
                if max_norm > 0.0:
                    torch._foreach_mul_(grads, torch.clamp(max_norm / (total + 1e-6), max=1.0))
                return total
            """;

    /** As {@code torch.amp.GradScaler.unscale_}: {@code found_inf} becomes 1 where a gradient is infinite or no number. */
    private static final String UNSCALE = """
            def unscale(grads: List[Tensor], found_inf: Tensor, inv_scale: Tensor):
                if len(grads) > 0:
                    torch._amp_foreach_non_finite_check_and_unscale_(grads, found_inf, inv_scale)
            """;

    private final Collection<Tensor> parameters;
    private final IValue list;
    private final ScriptFunction collect = ScriptFunction.compile("collect", COLLECT);
    private final ScriptFunction clip = ScriptFunction.compile("clip", CLIP);
    private final ScriptFunction unscale = ScriptFunction.compile("unscale", UNSCALE);

    Gradients(Collection<Tensor> parameters) {
        this.parameters = parameters;
        list = ScriptFunction.tensorList(parameters);
    }

    /**
     * Scales all gradients so that their global L2 norm is at most {@code maxNorm}.
     *
     * @param maxNorm limit, or 0 to measure only
     * @return the norm before scaling
     */
    double clip(double maxNorm) {
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            return clip.call(collect.call(list), maxNorm).toTensor().item_double();
        }
    }

    /**
     * Divides all gradients by the factor their loss was multiplied by.
     *
     * @return whether all of them are finite
     */
    boolean unscale(double scale) {
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            Device device = parameters.isEmpty()
                    ? Device.CPU
                    : Device.of(parameters.iterator().next());
            Tensor foundInf = device.putNew(TensorData.zeros(1));
            Tensor inverse = device.putNew(TensorData.floats(new float[] {(float) (1 / scale)}, 1));
            unscale.call(collect.call(list), foundInf, inverse);
            return foundInf.item_float() == 0;
        }
    }

    /** Frees all gradients, as {@code zero_grad(set_to_none=True)}. */
    void clear() {
        for (Tensor parameter : parameters) {
            try (Scope scope = Scope.open()) {
                parameter.mutable_grad().reset();
            }
        }
    }

    /** Propagates {@code gradient} from {@code tensor} back to the parameters; the graph is freed. */
    static void backward(Tensor tensor, Tensor gradient) {
        tensor.backward(gradient, new BoolOptional(false), false, new TensorArrayRefOptional());
    }

    /** The parameter's gradient, created with zeros where it has none yet. */
    static Tensor ofOrZeros(Tensor parameter) {
        Tensor gradient = parameter.mutable_grad();
        if (!gradient.defined()) {
            gradient.put(torch.zeros_like(parameter));
        }
        return parameter.grad();
    }

    @Override
    public void close() {
        clear();
        clip.close();
        unscale.close();
        collect.close();
        list.close();
    }
}
