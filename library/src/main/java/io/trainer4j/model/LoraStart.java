package io.trainer4j.model;

import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import java.util.List;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.StringViewOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The first values of an adapter, drawn from the default random stream in PEFT's order, so that equal seeds give equal
 * adapters: update_layer and reset_lora_parameters in peft/tuners/lora/layer.py.
 */
final class LoraStart {
    private LoraStart() {}

    /**
     * A new layer.
     *
     * @param base the matrix that the layer is put on, {@code [out, in]}, of a table {@code [in, out]}
     */
    static LoraLayer layer(LoraTargets targets, LoraTargets.Module module, Weight base) {
        LoraConfig config = targets.config();
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            int rank = targets.rank(module);
            double scaling = targets.scaling(module);
            Tensor down = TensorData.zeros(rank, module.in());
            Tensor up = TensorData.zeros(module.out(), rank);
            List<Tensor> removed = List.of();
            if (module.isTable()) {
                fillTable(config.initLoraWeights(), down, up);
            } else {
                fill(config.initLoraWeights(), down, up);
                if (config.initLoraWeights().equals("pissa")) {
                    removed = principalPart(base, scaling, down, up);
                }
            }
            LoraLayer layer = new LoraLayer(
                    module.isTable(),
                    Scope.own(down.set_requires_grad(true)),
                    Scope.own(up.set_requires_grad(true)),
                    scaling,
                    module.isTable() ? 0 : config.loraDropout(),
                    removed);
            if (!base.device().isCpu()) {
                layer.to(base.device()); // drawn on the CPU as in Python
            }
            if (config.useDora()) {
                layer.startMagnitude(base);
            }
            return layer;
        }
    }

    /** torch.nn.Linear draws both when they are made; then {@code A} is drawn again. */
    private static void fill(String init, Tensor down, Tensor up) {
        kaimingUniform(down);
        kaimingUniform(up);
        if (init.equals("true")) {
            kaimingUniform(down);
            up.zero_();
        } else if (init.equals("gaussian")) {
            down.normal_(0, 1.0 / down.size(0), new GeneratorOptional());
            up.zero_();
        }
    }

    private static void fillTable(String init, Tensor down, Tensor up) {
        down.normal_(0, 1, new GeneratorOptional());
        up.normal_(0, 1, new GeneratorOptional());
        if (init.equals("gaussian")) {
            down.zero_();
            up.normal_(0, 1, new GeneratorOptional());
        } else if (!init.equals("false")) {
            down.zero_();
            up.normal_(0, 1, new GeneratorOptional());
        }
    }

    /** {@code kaiming_uniform_(a=sqrt(5))} in torch/nn/init.py. */
    private static void kaimingUniform(Tensor tensor) {
        double slope = Math.sqrt(5);
        double gain = Math.sqrt(2.0 / (1 + slope * slope));
        double bound = Math.sqrt(3.0) * (gain / Math.sqrt((double) tensor.size(1)));
        tensor.uniform_(-bound, bound, new GeneratorOptional());
    }

    /**
     * Fills the layer with the largest singular values of the base and their vectors.
     *
     * @return the same once more, to be taken out of the base
     */
    private static List<Tensor> principalPart(Weight base, double scaling, Tensor down, Tensor up) {
        long rank = down.size(0);
        var parts = torch.linalg_svd(LoraLayer.dense(base), false, new StringViewOptional());
        Tensor roots = parts.get1().narrow(0, 0, rank).div(new Scalar(scaling)).sqrt();
        down.copy_(parts.get2().narrow(0, 0, rank).mul(roots.unsqueeze(1)));
        up.copy_(parts.get0().narrow(1, 0, rank).mul(roots.unsqueeze(0)));
        return List.of(Scope.own(down.clone()), Scope.own(up.clone()));
    }
}
