package io.trainer4j.model;

import io.trainer4j.tensor.Engine;
import io.trainer4j.tensor.GroupedMatrix;
import io.trainer4j.tensor.HalfMatrix;
import io.trainer4j.tensor.RowAttention;
import io.trainer4j.tensor.RowProduct;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.StoredMatrix;
import io.trainer4j.tensor.TensorData;
import io.trainer4j.tensor.TensorMemory;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Loads libtorch and lets the JVM compile what writes one token at a time, in a thread of its own while the caller reads a
 * tokenizer and weights: both take a second, and tokens written before the compiler is done take three times as long.
 */
public final class WarmUp implements AutoCloseable {
    /** So many that the compiler's highest tier has been asked for the loops. */
    private static final int ROUNDS = 300;

    /** While it compiles, rounds are run with rests between, which leave it the cores. */
    private static final int ROUNDS_WITH_RESTS = 700;

    private static final long REST_NANOS = 1_000_000;

    private static final int ROWS = 32;
    private static final int COLUMNS = 256;

    private final Thread thread;
    private volatile boolean closed;

    private WarmUp(List<WeightForm> forms) {
        thread = new Thread(() -> run(forms), "trainer4j-warm-up");
        thread.setDaemon(true);
        // What fails here fails again, and is told, where the model is opened.
        thread.setUncaughtExceptionHandler((failed, cause) -> {});
        thread.start();
    }

    /**
     * Begins.
     *
     * @param config of the model that is going to be opened
     * @param options in which form its weights will be
     * @throws io.trainer4j.UsageException if the options contradict each other
     */
    public static WarmUp begin(ModelConfig config, LoadOptions options) {
        return new WarmUp(forms(config, options));
    }

    /** Waits for the end, which comes soon. */
    @Override
    public void close() {
        closed = true;
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** The forms of matrices that the model is going to have, as far as there are products for them. */
    static List<WeightForm> forms(ModelConfig config, LoadOptions options) {
        WeightForm form = WeightForm.of(options);
        if (form != WeightForm.AUTO) {
            return List.of(form);
        }
        if (config.json().has("quantization_config")) {
            return List.of(WeightForm.AUTO, WeightForm.INT8);
        }
        String dtype = config.json()
                .path("dtype")
                .asString(config.json().path("torch_dtype").asString(""));
        return switch (dtype) {
            case "bfloat16" -> List.of(WeightForm.BFLOAT16);
            case "float16" -> List.of(WeightForm.FLOAT16);
            default -> List.of(WeightForm.FLOAT32);
        };
    }

    private void run(List<WeightForm> forms) {
        Engine.load();
        if (!RowProduct.isAvailable()) {
            return;
        }
        for (WeightForm form : forms) {
            try (Scope scope = Scope.open()) {
                multiply(form, TensorData.zeros(ROWS, COLUMNS));
            }
        }
        attend();
    }

    private void multiply(WeightForm form, Tensor matrix) {
        switch (form) {
            case FLOAT32 -> multiply(RowProduct.of(matrix));
            case BFLOAT16 -> multiply(HalfMatrix.of(matrix, ScalarType.BFloat16));
            case FLOAT16 -> multiply(HalfMatrix.of(matrix, ScalarType.Half));
            case INT8 -> multiply(GroupedMatrix.of(matrix, 8));
            case AUTO -> multiply(GroupedMatrix.of(matrix, 4));
            case NF4, NF4_DOUBLE -> {}
        }
    }

    private void multiply(StoredMatrix matrix) {
        try (matrix) {
            multiply(RowProduct.of(matrix));
        }
    }

    private void multiply(Optional<RowProduct> product) {
        float[] x = new float[COLUMNS];
        product.ifPresent(matrix -> repeat(() -> matrix.apply(x)));
    }

    private void attend() {
        int dim = 64;
        int tokens = 64;
        float[] query = new float[dim];
        float[] out = new float[dim];
        try (Scope scope = Scope.open()) {
            TensorMemory cache = TensorMemory.of(TensorData.zeros(1, tokens, dim));
            RowAttention attention = new RowAttention(1, 1, dim, 1);
            repeat(() -> {
                attention.attend(query, cache, cache, tokens, 0, tokens, out);
                RowAttention.gatedSilu(query, dim / 2);
            });
        }
    }

    private void repeat(Runnable round) {
        for (int i = 0; i < ROUNDS + ROUNDS_WITH_RESTS && !closed; i++) {
            round.run();
            if (i >= ROUNDS) {
                LockSupport.parkNanos(REST_NANOS);
            }
        }
    }
}
