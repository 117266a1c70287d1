package io.trainer4j.tensor;

import static io.trainer4j.tensor.SimdKernel.BYTES;
import static io.trainer4j.tensor.SimdKernel.FLOATS;
import static io.trainer4j.tensor.SimdKernel.LANES;
import static io.trainer4j.tensor.SimdKernel.LOAD;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** The part of {@link SimdKernel} that lies between the products of a token. */
final class SimdAttention {
    private SimdAttention() {}

    /** As {@link VectorKernel#attend}. */
    static void attend(float[] query, int at, VectorKernel.Head head, float[] out) {
        int count = head.tokens();
        float[] weights = new float[(count + LANES - 1) / LANES * LANES];
        try {
            float largest = scores(query, at, head, weights);
            for (int t = 0; t < weights.length; t += LANES) {
                exp(FloatVector.fromArray(FLOATS, weights, t).sub(largest)).intoArray(weights, t);
            }
            float total = 0;
            for (int t = 0; t < count; t++) {
                total += weights[t];
            }
            mix(weights, 1 / total, head, out, at);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes the scores of the keys, and returns the largest. */
    private static float scores(float[] query, int at, VectorKernel.Head head, float[] scores) throws Throwable {
        Object keys = head.keys().address();
        long first = head.first();
        int count = head.tokens();
        int size = head.size();
        float scale = head.scale();
        float largest = Float.NEGATIVE_INFINITY;
        for (int t = 0; t < count; t++) {
            long key = (first + (long) t * size) * Float.BYTES;
            FloatVector sum = FloatVector.zero(FLOATS);
            for (int d = 0; d < size; d += LANES) {
                IntVector words = (IntVector) LOAD.invokeExact(keys, key + (long) d * Float.BYTES);
                sum = words.reinterpretAsFloats().fma(FloatVector.fromArray(FLOATS, query, at + d), sum);
            }
            scores[t] = sum.reduceLanes(VectorOperators.ADD) * scale;
            largest = Math.max(largest, scores[t]);
        }
        return largest;
    }

    /** The weighted sum of values, a cache line of each at a time. */
    private static void mix(float[] weights, float factor, VectorKernel.Head head, float[] out, int at)
            throws Throwable {
        Object values = head.values().address();
        long first = head.first();
        int count = head.tokens();
        int size = head.size();
        for (int d = 0; d < size; d += 2 * LANES) {
            long value = (first + d) * Float.BYTES;
            FloatVector a = FloatVector.zero(FLOATS);
            FloatVector b = a;
            for (int t = 0; t < count; t++) {
                long offset = value + (long) t * size * Float.BYTES;
                FloatVector weight = FloatVector.broadcast(FLOATS, weights[t]);
                a = ((IntVector) LOAD.invokeExact(values, offset))
                        .reinterpretAsFloats()
                        .fma(weight, a);
                b = ((IntVector) LOAD.invokeExact(values, offset + BYTES))
                        .reinterpretAsFloats()
                        .fma(weight, b);
            }
            a.mul(factor).intoArray(out, at + d);
            b.mul(factor).intoArray(out, at + d + LANES);
        }
    }

    /** As {@link VectorKernel#gatedSilu}. */
    static void gatedSilu(float[] gateAndUp, int count) {
        for (int i = 0; i < count; i += LANES) {
            FloatVector gate = FloatVector.fromArray(FLOATS, gateAndUp, i);
            FloatVector up = FloatVector.fromArray(FLOATS, gateAndUp, count + i);
            gate.mul(up).div(exp(gate.neg()).add(1)).intoArray(gateAndUp, i);
        }
    }

    /**
     * The exponential function within 2 units in the last place, between the smallest and the largest normal number: {@code
     * 2^n e^r} with the polynomial of Cephes's {@code expf}.
     */
    private static FloatVector exp(FloatVector x) {
        FloatVector bounded = x.max(-87).min(88);
        FloatVector shifted = bounded.mul(1.44269504f).add(12582912f);
        FloatVector n = shifted.sub(12582912f);
        FloatVector r = n.mul(-0.693359375f).add(bounded);
        r = n.mul(2.12194440e-4f).add(r);
        FloatVector p = r.mul(1.9875691500e-4f).add(1.3981999507e-3f);
        p = p.mul(r).add(8.3334519073e-3f);
        p = p.mul(r).add(4.1665795894e-2f);
        p = p.mul(r).add(1.6666665459e-1f);
        p = p.mul(r).add(5.0000001201e-1f);
        p = p.mul(r).mul(r).add(r).add(1);
        IntVector power = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
        return p.reinterpretAsInts().add(power).reinterpretAsFloats();
    }
}
