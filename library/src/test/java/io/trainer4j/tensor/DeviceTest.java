package io.trainer4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

/** The device {@code meta}, which has shapes but no values, stands for one that Java cannot read. */
class DeviceTest {
    private static final Device META = new Device(DeviceType.Meta);

    @Test
    void useCpuIsObeyed() {
        Device.Choice choice = Device.choose(true);
        assertThat(choice.device()).isEqualTo(Device.CPU);
        assertThat(choice.reason()).isEqualTo("use_cpu");
    }

    @Test
    void theGpuIsChosenWhereThereIsOne() {
        Device.Choice choice = Device.choose(false);
        assertThat(choice.device().isCuda()).isEqualTo(torch.cuda_is_available());
        assertThat(choice.reason()).isNotBlank();
    }

    @Test
    void namesArePythons() {
        assertThat(Device.CPU.name()).isEqualTo("cpu");
        assertThat(Device.CUDA.name()).isEqualTo("cuda");
    }

    @Test
    void tensorsTellWhereTheyLie() {
        try (Scope scope = Scope.open()) {
            assertThat(Device.of(TensorData.zeros(2))).isEqualTo(Device.CPU);
            Tensor there = META.put(TensorData.longs(1, 2, 3));
            assertThat(Device.of(there)).isEqualTo(META);
            assertThat(there.shape()).containsExactly(3);
            assertThat(there.scalar_type().intern()).isEqualTo(ScalarType.Long);
        }
    }

    @Test
    void newValuesForTheCpuAreNotTouched() {
        try (Scope scope = Scope.open()) {
            Tensor values = TensorData.zeros(2);
            assertThat(Device.CPU.putNew(values)).isSameAs(values);
            assertThat(Device.of(META.putNew(values))).isEqualTo(META);
        }
    }

    @Test
    void aMovedTensorIsTrainedAsBefore() {
        try (Scope scope = Scope.open()) {
            Tensor trained = TensorData.zeros(2, 3).set_requires_grad(true);
            Tensor frozen = TensorData.zeros(2, 3);
            META.move(trained);
            META.move(frozen);
            assertThat(Device.of(trained)).isEqualTo(META);
            assertThat(trained.requires_grad()).isTrue();
            assertThat(trained.is_leaf()).isTrue();
            assertThat(Device.of(frozen)).isEqualTo(META);
            assertThat(frozen.requires_grad()).isFalse();
        }
    }

    @Test
    void theGpusRandomStreamIsLeftAloneWhileNothingIsOnIt() {
        assertThat(Device.cudaGenerator()).isNull();
    }
}
