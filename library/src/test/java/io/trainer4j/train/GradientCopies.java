package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trainer4j.model.PretrainedModel;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;

/** The gradients a model holds, taken away from it so that another way to compute them can be compared. */
final class GradientCopies {
    private GradientCopies() {}

    /** Name to gradient, for the parameters that have one; afterwards none has. */
    static Map<String, float[]> take(PretrainedModel model) {
        Map<String, float[]> copies = new TreeMap<>();
        try (Scope scope = Scope.open()) {
            Map<String, Tensor> all = new TreeMap<>(model.parameters().asMap());
            all.putAll(model.parameters().trainable()); // an adapter's too
            all.forEach((name, parameter) -> {
                Tensor gradient = parameter.mutable_grad();
                if (gradient.defined()) {
                    copies.put(name, TensorData.toFloats(gradient));
                }
                gradient.reset();
            });
        }
        return copies;
    }

    static void assertClose(Map<String, float[]> actual, Map<String, float[]> expected) {
        assertThat(actual.keySet()).isEqualTo(expected.keySet());
        expected.forEach((name, values) -> {
            float[] others = actual.get(name);
            for (int i = 0; i < values.length; i++) {
                assertThat(others[i])
                        .as("%s[%d]", name, i)
                        .isCloseTo(values[i], within(1e-5f + 1e-4f * Math.abs(values[i])));
            }
        });
    }
}
