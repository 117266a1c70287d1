package io.trainer4j.tensor;

import java.util.Arrays;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * The signed dynamic data type of 8 bits: 256 numbers from -0.993 to 1, each with a decimal exponent of variable length and
 * the remaining bits for a linear fraction.
 *
 * @see <a href="https://arxiv.org/abs/1511.04561">8-Bit Approximations for Parallelism in Deep Learning</a>
 */
final class DynamicCode {
    /** The numbers in ascending order, {@code create_dynamic_map(signed=True)} of bitsandbytes. */
    static final Tensor NUMBERS = numbers();

    /** Where the nearest number changes. */
    static final Tensor MIDDLES = middles(NUMBERS);

    private DynamicCode() {}

    /** Makes the tables; part of {@link Engine#load()}, so that no caller's scope owns them. */
    static void load() {}

    private static Tensor numbers() {
        float[] numbers = new float[256];
        int count = 0;
        for (int exponent = 0; exponent < 7; exponent++) {
            int fractions = 1 << exponent;
            double power = Math.pow(10, exponent - 6);
            for (int i = 0; i < fractions; i++) {
                double mean = (0.1 + 0.9 * (i + 0.5) / fractions) * power;
                numbers[count++] = (float) mean;
                numbers[count++] = (float) -mean;
            }
        }
        numbers[count++] = 0;
        numbers[count] = 1;
        Arrays.sort(numbers);
        return Scope.own(TensorData.floats(numbers, 256));
    }

    /** Half-way points between neighbours of an ascending vector; the caller closes it. */
    static Tensor middles(Tensor ascending) {
        try (Scope scope = Scope.open()) {
            long count = ascending.numel() - 1;
            return Scope.own(ascending
                    .narrow(0, 0, count)
                    .add(ascending.narrow(0, 1, count))
                    .div_(new Scalar(2.0)));
        }
    }
}
