package io.trainer4j.model;

import io.trainer4j.UsageException;
import io.trainer4j.tensor.Scope;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** A mixture of adapters as a new one: add_weighted_adapter in peft/tuners/lora/model.py. */
final class WeightedAdapter {
    private final List<Adapter> parts;
    private final List<Double> weights;
    private final PeftModel.Combination combination;

    WeightedAdapter(List<Adapter> parts, List<Double> weights, PeftModel.Combination combination) {
        if (parts.isEmpty() || parts.size() != weights.size()) {
            throw new UsageException("A mixture takes one weight for each adapter, and at least one adapter; there are "
                    + parts.size() + " adapters and " + weights.size() + " weights.");
        }
        if (parts.stream().anyMatch(part -> part.config().useDora() || part.isPissa())) {
            throw new UsageException("Adapters with use_dora or pissa cannot be mixed; merge them one by one.");
        }
        if (parts.stream().anyMatch(part -> !part.replaced().isEmpty())) {
            throw new UsageException(
                    "Adapters that train modules or biases whole (modules_to_save, bias, a head) cannot be mixed.");
        }
        this.parts = parts;
        this.weights = weights;
        this.combination = combination;
    }

    /** The mixture; its scaling is 1 everywhere. */
    Adapter mixed(String name) {
        Map<String, LoraLayer> layers = new LinkedHashMap<>();
        TreeSet<String> modules = new TreeSet<>();
        parts.forEach(part -> modules.addAll(part.layers().keySet()));
        Map<String, Object> ranks = new LinkedHashMap<>();
        int largest = 1;
        try {
            for (String module : modules) {
                LoraLayer layer = layer(module);
                layers.put(module, layer);
                int rank = (int) layer.down().size(0);
                ranks.put(module, rank);
                largest = Math.max(largest, rank);
            }
        } catch (RuntimeException e) {
            layers.values().forEach(LoraLayer::close);
            throw e;
        }
        int r = largest;
        ranks.values().removeIf(rank -> rank.equals(r));
        LoraConfig config = parts.get(0)
                .config()
                .r(r)
                .loraAlpha(r)
                .useRslora(false)
                .rankPattern(ranks.isEmpty() ? null : ranks)
                .alphaPattern(ranks.isEmpty() ? null : Map.copyOf(ranks))
                .layersPattern(null)
                .layersToTransform(null)
                .excludeModules(null)
                .targetModules(List.copyOf(modules));
        return new Adapter(name, config, layers, Map.of());
    }

    private LoraLayer layer(String module) {
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            TensorVector downs = new TensorVector();
            TensorVector ups = new TensorVector();
            Tensor down = null;
            Tensor up = null;
            boolean ofTable = false;
            for (int i = 0; i < parts.size(); i++) {
                LoraLayer layer = parts.get(i).layers().get(module);
                if (layer == null) {
                    continue;
                }
                ofTable = layer.isOfTable();
                double weight = weights.get(i) * layer.scaling();
                if (combination == PeftModel.Combination.CAT) {
                    downs.push_back(layer.down().mul(new Scalar(weight)));
                    ups.push_back(layer.up());
                    continue;
                }
                double root = Math.sqrt(Math.abs(weight));
                Tensor a = layer.down().mul(new Scalar(Math.copySign(root, weight)));
                Tensor b = layer.up().mul(new Scalar(root));
                if (down != null && down.size(0) != a.size(0)) {
                    throw new UsageException("Adapters of different ranks at " + module
                            + " cannot be added up; mix them with the combination cat.");
                }
                down = down == null ? a : down.add(a);
                up = up == null ? b : up.add(b);
            }
            if (combination == PeftModel.Combination.CAT) {
                down = torch.cat(downs, 0);
                up = torch.cat(ups, 1);
            }
            return new LoraLayer(
                    ofTable,
                    Scope.own(down.detach().set_requires_grad(true)),
                    Scope.own(up.detach().set_requires_grad(true)),
                    1,
                    0,
                    List.of());
        }
    }
}
