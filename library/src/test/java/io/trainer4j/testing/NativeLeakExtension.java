package io.trainer4j.testing;

import io.trainer4j.tensor.Engine;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails every test that leaves native objects behind; registered for all tests by the service loader. */
public final class NativeLeakExtension implements BeforeEachCallback, AfterEachCallback {
    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(NativeLeakExtension.class);

    @Override
    public void beforeEach(ExtensionContext context) {
        Engine.load();
        context.getStore(NAMESPACE).put("count", Pointer.totalCount());
    }

    @Override
    public void afterEach(ExtensionContext context) {
        long before = context.getStore(NAMESPACE).get("count", Long.class);
        long leaked = Pointer.totalCount() - before;
        if (leaked > 0 && context.getExecutionException().isEmpty()) {
            throw new AssertionError(leaked + " native objects were left open; close them or open a Scope around them");
        }
    }
}
