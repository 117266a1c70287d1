package io.trainer4j.train;

import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.ScriptFunction;
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

    private final Collection<Tensor> parameters;
    private final IValue list;
    private final ScriptFunction collect = ScriptFunction.compile("collect", COLLECT);
    private final ScriptFunction clip = ScriptFunction.compile("clip", CLIP);

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
        collect.close();
        list.close();
    }
}
