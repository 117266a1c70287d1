package io.trainer4j.tensor;

import io.trainer4j.TrainerException;
import java.util.List;
import java.util.Locale;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.global.torch;

/**
 * Brings libtorch into the process, once, before anything else touches it.
 *
 * <p>On x86-64 the BLAS behind libtorch is switched from the bundled OpenBLAS to MKL, which the library brings along: the
 * training step is three times faster with it. A user who sets {@code org.bytedeco.openblas.load} keeps that choice.
 */
public final class Engine {
    private static final List<String> PLATFORMS = List.of("linux-x86_64", "macosx-arm64", "windows-x86_64");
    private static final String BLAS_PROPERTY = "org.bytedeco.openblas.load";

    private static final String TRACKING_PROPERTY = "org.bytedeco.javacpp.nopointergc";

    private static final Bfloat16 BFLOAT16 = Bfloat16.ofThisMachine();

    private static boolean loaded;

    private Engine() {}

    /**
     * Loads the native libraries; later calls return at once.
     *
     * @throws TrainerException on a platform without natives, or when the natives of this platform are not on the class
     *     path
     */
    public static synchronized void load() {
        if (loaded) {
            return;
        }
        String platform = Loader.getPlatform();
        requireSupported(platform);
        if (platform.endsWith("x86_64") && System.getProperty(BLAS_PROPERTY) == null) {
            System.setProperty(BLAS_PROPERTY, "mkl_rt");
        }
        // Every native object has an owner (Scope, or an explicit close), so none needs to be tracked for the garbage
        // collector; tests set this to false, since tracking is also what counts leaks.
        if (System.getProperty(TRACKING_PROPERTY) == null) {
            System.setProperty(TRACKING_PROPERTY, "true");
        }
        try {
            Loader.load(torch.class);
        } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
            throw new TrainerException(
                    "The native libraries for " + platform + " could not be loaded (" + e.getMessage()
                            + "); build with -Djavacpp.platform=" + platform
                            + " and make sure the JavaCPP cache folder is writable.",
                    e);
        }
        loaded = true;
        MatrixProduct.load();
        DynamicCode.load();
        GroupedMatrix.load();
        SingleRowProduct.load();
        NormalFloatMatrix.load();
    }

    /**
     * Begins to load them in a thread of its own, which takes about a second, while the caller reads files. What fails is told
     * by {@link #load}, where they are first needed.
     */
    public static void loadAhead() {
        Thread thread = new Thread(Engine::load, "trainer4j-engine");
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((failed, cause) -> {});
        thread.start();
    }

    static void requireSupported(String platform) {
        if (!PLATFORMS.contains(platform)) {
            throw new TrainerException("libtorch is not available for " + platform + "; trainer4j runs on "
                    + String.join(", ", PLATFORMS) + ".");
        }
    }

    /**
     * Gives the memory of freed tensors, which the C library keeps between others, back to the system; nothing happens where
     * that library is not glibc.
     */
    public static void giveBackFreedMemory() {
        Pointer.trimMemory();
    }

    /** How products with matrices in bfloat16 are computed on this machine. */
    public static Bfloat16 bfloat16() {
        return BFLOAT16;
    }

    /** Threads libtorch computes with; by default the number of physical cores. */
    public static int threads() {
        load();
        return torch.get_num_threads();
    }

    /** Whether an error thrown by a native call means that memory for a tensor could not be had. */
    public static boolean isOutOfMemory(Throwable error) {
        if (error instanceof OutOfMemoryError) {
            return true;
        }
        String message = String.valueOf(error.getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("can't allocate memory")
                || message.contains("not enough memory")
                || message.contains("out of memory")
                || message.contains("bad_alloc");
    }
}
