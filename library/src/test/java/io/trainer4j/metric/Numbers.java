package io.trainer4j.metric;

import java.util.Arrays;

/** Numbers written as text, with spaces between. */
final class Numbers {
    private Numbers() {}

    static int[] ints(String text) {
        return Arrays.stream(text.split(" ")).mapToInt(Integer::parseInt).toArray();
    }

    static double[] doubles(String text) {
        return Arrays.stream(text.split(" ")).mapToDouble(Double::parseDouble).toArray();
    }

    static float[] floats(String text) {
        double[] values = doubles(text);
        float[] narrowed = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            narrowed[i] = (float) values[i];
        }
        return narrowed;
    }
}
