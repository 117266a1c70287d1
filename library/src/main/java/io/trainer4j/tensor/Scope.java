package io.trainer4j.tensor;

import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;

/**
 * Owner of the native objects created while it is open: closing it frees all of them that were not kept.
 *
 * <p>The training loop opens one scope per step and the models one per layer, so that the temporaries of a layer are gone
 * before the next one starts. What must outlive its scope is named with {@link #keep}; everything else needs no care.
 * Scopes nest and belong to the thread that opened them. Closing twice is harmless.
 *
 * <pre>{@code
 * try (Scope layer = Scope.open()) {
 *     Tensor hidden = ...;
 *     return layer.keep(hidden);
 * }
 * }</pre>
 */
public final class Scope implements AutoCloseable {
    private final PointerScope outer;
    private final PointerScope inner;
    private boolean closed;

    private Scope() {
        Engine.load();
        outer = PointerScope.getInnerScope();
        inner = new PointerScope();
    }

    /** Opens a scope inside the innermost open one of this thread. */
    public static Scope open() {
        return new Scope();
    }

    /**
     * Hands a native object to the enclosing scope or, where there is none, to the caller, who then closes it.
     *
     * @return the same object
     */
    public <P extends Pointer> P keep(P pointer) {
        if (outer == null) {
            pointer.retainReference();
        } else {
            outer.attach(pointer);
        }
        return pointer;
    }

    /**
     * Hands a native object to the caller, whatever scopes are open: it lives until {@code close()} is called on it.
     *
     * @return the same object
     */
    public static <P extends Pointer> P own(P pointer) {
        return pointer.retainReference();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            inner.close();
        }
    }
}
