package io.trainer4j.tensor;

import java.util.Collection;
import org.bytedeco.pytorch.CompilationUnit;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.QualifiedName;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * One function in TorchScript, compiled once: the way to the operators that the Java bindings leave out ({@code
 * torch._fused_adamw_}, {@code torch._foreach_norm}), and one native call for many small ones.
 */
public final class ScriptFunction implements AutoCloseable {
    private final CompilationUnit unit;
    private final org.bytedeco.pytorch.Function function;

    private ScriptFunction(CompilationUnit unit, org.bytedeco.pytorch.Function function) {
        this.unit = unit;
        this.function = function;
    }

    /**
     * Compiles source that defines the function {@code name}.
     *
     * @param source TorchScript, one or more {@code def}
     */
    public static ScriptFunction compile(String name, String source) {
        try (Scope scope = Scope.open()) {
            CompilationUnit unit = torch.compile(source);
            org.bytedeco.pytorch.Function function = unit.get_function(new QualifiedName(name));
            return new ScriptFunction(Scope.own(unit), Scope.own(function));
        }
    }

    /**
     * Calls the function.
     *
     * @param arguments tensors, tensor lists from {@link #tensorList}, doubles or longs, in order
     * @return what it returned, belonging to the innermost open scope
     */
    public IValue call(Object... arguments) {
        try (Scope scope = Scope.open()) {
            IValue[] values = new IValue[arguments.length];
            for (int i = 0; i < arguments.length; i++) {
                values[i] = value(arguments[i]);
            }
            return scope.keep(function.apply(new IValueVector(values)));
        }
    }

    /** A TorchScript {@code List[Tensor]} that shares the tensors; the caller closes it. */
    public static IValue tensorList(Collection<Tensor> tensors) {
        try (Scope scope = Scope.open();
                ScriptFunction empty = compile("empty", "def empty() -> List[Tensor]:\n  return []\n");
                ScriptFunction append =
                        compile("append", "def append(list: List[Tensor], t: Tensor):\n  list.append(t)\n")) {
            IValue list = empty.call();
            for (Tensor tensor : tensors) {
                append.call(list, tensor);
            }
            return Scope.own(list);
        }
    }

    private static IValue value(Object argument) {
        if (argument instanceof IValue list) {
            return list;
        }
        if (argument instanceof Tensor tensor) {
            return new IValue(tensor);
        }
        if (argument instanceof Double number) {
            return new IValue(number.doubleValue());
        }
        return new IValue(((Number) argument).longValue());
    }

    @Override
    public void close() {
        function.close();
        unit.close();
    }
}
