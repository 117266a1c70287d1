package io.trainer4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class ScriptFunctionTest {
    @Test
    void takesTensorsDoublesAndLongs() {
        try (Scope scope = Scope.open();
                ScriptFunction function = ScriptFunction.compile(
                        "f", "def f(x: Tensor, a: float, n: int):\n  return (x * a).repeat(n)\n")) {
            Tensor result = function.call(TensorData.longs(1, 2), 1.5, 2L).toTensor();
            assertThat(TensorData.toFloats(result)).containsExactly(1.5f, 3, 1.5f, 3);
        }
    }

    @Test
    void reachesOperatorsTheBindingsLeaveOut() {
        try (Scope scope = Scope.open();
                ScriptFunction norm = ScriptFunction.compile(
                        "norm", "def norm(x: List[Tensor]):\n  return torch.stack(torch._foreach_norm(x))\n");
                IValue list = ScriptFunction.tensorList(
                        List.of(TensorData.floats(new float[] {3, 4}, 2), TensorData.floats(new float[] {12}, 1)))) {
            assertThat(TensorData.toFloats(norm.call(list).toTensor())).containsExactly(5, 12);
        }
    }

    @Test
    void tensorListSharesTheTensors() {
        try (Scope scope = Scope.open();
                ScriptFunction addOne =
                        ScriptFunction.compile("f", "def f(x: List[Tensor]):\n  for t in x:\n    t.add_(1)\n")) {
            Tensor first = TensorData.zeros(2);
            Tensor second = TensorData.zeros(1);
            try (IValue list = ScriptFunction.tensorList(List.of(first, second))) {
                addOne.call(list);
            }
            assertThat(TensorData.toFloats(first)).containsExactly(1, 1);
            assertThat(TensorData.toFloats(second)).containsExactly(1);
        }
    }

    @Test
    void tensorListKeepsItsTensorsAlive() {
        IValue list;
        try (Scope scope = Scope.open()) {
            list = ScriptFunction.tensorList(List.of(TensorData.floats(new float[] {8}, 1)));
        }
        try (Scope scope = Scope.open();
                ScriptFunction first = ScriptFunction.compile("f", "def f(x: List[Tensor]):\n  return x[0]\n")) {
            assertThat(TensorData.toFloats(first.call(list).toTensor())).containsExactly(8);
        }
        list.close();
    }

    @Test
    void picksTheNamedFunction() {
        try (Scope scope = Scope.open();
                ScriptFunction second = ScriptFunction.compile(
                        "b", "def a(x: int):\n  return x\ndef b(x: int):\n  return a(x) + 1\n")) {
            assertThat(second.call(41L).toInt()).isEqualTo(42);
        }
    }

    @Test
    void brokenSourceIsRefused() {
        assertThatThrownBy(() -> ScriptFunction.compile("f", "def f(x:\n"))
                .isInstanceOf(RuntimeException.class)
                .hasMessageContaining("def f(x:");
    }
}
