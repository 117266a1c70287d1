package io.trainer4j.tensor;

/**
 * A row of 32-bit floats rounded to whole numbers from -127 to 127, of which 32 neighbours share a scale, laid out for the
 * products with a {@link GroupedMatrix}. Neighbouring groups are a pair, an even and an odd one.
 *
 * @param factors what the 16-bit words of a matrix row are multiplied with
 * @param evenScales of the even groups times {@value #SCALE_FACTOR}, {@code pairs} numbers repeated for {@value #ROWS} rows
 * @param oddScales as {@code evenScales}
 * @param evenStarts for 4 bits, what takes off the 8 that each code is too large by: -8 times the sum of the even groups'
 *     numbers, filled up with 0 to whole vectors; else empty
 * @param oddStarts as {@code evenStarts}
 */
record EightBitRow(short[] factors, float[] evenScales, float[] oddScales, float[] evenStarts, float[] oddStarts)
        implements VectorKernel.Row {
    /** Rows of a matrix whose scales are multiplied with the row's together. */
    static final int ROWS = 16;

    /** Half of what a float16 number lacks when its bits are moved to a float's; results are multiplied by the other half. */
    static final float SCALE_FACTOR = 0x1p56f;
}
