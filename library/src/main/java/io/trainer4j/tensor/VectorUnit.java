package io.trainer4j.tensor;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.Buffer;
import java.nio.ByteBuffer;

/**
 * Whether this process computes with the processor's vector instructions from Java: it needs the module {@value #MODULE}
 * ({@code --add-modules}) and vectors of 256 bits. Decided once.
 *
 * @param kernel the loops, or null
 * @param reason why they are there or not, as a part of a sentence
 */
record VectorUnit(VectorKernel kernel, String reason) {
    static final String MODULE = "jdk.incubator.vector";

    private static final int LANES = 8;
    private static final VectorUnit THIS_PROCESS = ofThisProcess();

    static VectorUnit get() {
        return THIS_PROCESS;
    }

    boolean isPresent() {
        return kernel != null;
    }

    private static VectorUnit ofThisProcess() {
        if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
            return new VectorUnit(null, "java was started without --add-modules " + MODULE);
        }
        try {
            Class<?> species = Class.forName(MODULE + ".FloatVector");
            Object preferred = species.getField("SPECIES_PREFERRED").get(null);
            int lanes = (int)
                    Class.forName(MODULE + ".VectorSpecies").getMethod("length").invoke(preferred);
            if (lanes < LANES) {
                return new VectorUnit(null, "the processor's vectors hold fewer than " + LANES + " floats");
            }
            Object kernel = Class.forName("io.trainer4j.tensor.SimdKernel")
                    .getDeclaredConstructor()
                    .newInstance();
            return new VectorUnit((VectorKernel) kernel, "the processor's vectors hold " + LANES + " floats or more");
        } catch (ReflectiveOperationException | LinkageError e) {
            return new VectorUnit(null, "this JDK's " + MODULE + " is not one this version knows (" + e + ")");
        }
    }

    /** The object that {@code IntVector} loads from: since JDK 19 a segment over the buffer. */
    static Object address(ByteBuffer direct) {
        if (!loadsSegments()) {
            return direct;
        }
        try {
            Class<?> segment = Class.forName("java.lang.foreign.MemorySegment");
            return MethodHandles.lookup()
                    .findStatic(segment, "ofBuffer", MethodType.methodType(segment, Buffer.class))
                    .invoke(direct);
        } catch (Throwable e) {
            throw new LinkageError("java.lang.foreign.MemorySegment.ofBuffer", e);
        }
    }

    static boolean loadsSegments() {
        return Runtime.version().feature() >= 19;
    }
}
