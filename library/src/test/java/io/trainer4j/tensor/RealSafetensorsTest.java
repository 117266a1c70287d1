package io.trainer4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trainer4j.testing.SharedDir;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files other people published. Python: {@code sum(float(t.double().abs().sum()) for t in tensors)}. */
@Tag("conformance")
class RealSafetensorsTest {
    @ParameterizedTest
    @CsvSource({
        "data/adapters/gpt2-tigrinya-lora/adapter_model.safetensors, 72, 811008, 9506.775473294247",
        "data/adapters/peft-gpt2-seqcls/adapter_model.safetensors, 25, 299520, 17861.742176633652",
        "data/models/tiny-llm-cicd/stub-506fb5e/model.safetensors, 16, 5936, 132.51393660000622",
        "data/models/tiny-llm-cicd/trained-dc0a59b/model.safetensors, 16, 811520, 12964.214978768912"
    })
    void everyTensorIsAsPythonReadsIt(String path, int tensors, long values, double sum) {
        try (SafetensorsFile file = SafetensorsFile.open(SharedDir.require(path))) {
            long count = 0;
            double total = 0;
            for (String name : file.names()) {
                try (Scope scope = Scope.open()) {
                    Tensor tensor = file.load(name, ScalarType.Double);
                    count += tensor.numel();
                    total += tensor.abs().sum().item_double();
                }
            }
            assertThat(file.names()).hasSize(tensors);
            assertThat(count).isEqualTo(values);
            assertThat(total).isCloseTo(sum, within(1e-9 * sum));
        }
    }
}
