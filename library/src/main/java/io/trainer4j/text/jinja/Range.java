package io.trainer4j.text.jinja;

import java.math.BigInteger;
import java.util.AbstractList;

/** What {@code range()} makes: integers with equal distances, written as Python writes a range. */
final class Range extends AbstractList<Object> {
    private final long start;
    private final long stop;
    private final long step;
    private final int size;

    /**
     * @param stop the bound that is not reached
     * @param step not zero
     */
    Range(long start, long stop, long step) {
        this.start = start;
        this.stop = stop;
        this.step = step;
        this.size = (int) Math.min(Integer.MAX_VALUE, length(start, stop, step));
    }

    /** How many integers a range has. */
    static double length(long start, long stop, long step) {
        BigInteger distance = BigInteger.valueOf(stop).subtract(BigInteger.valueOf(start));
        BigInteger by = BigInteger.valueOf(step);
        return distance.signum() != by.signum()
                ? 0
                : distance.add(by)
                        .subtract(BigInteger.valueOf(by.signum()))
                        .divide(by)
                        .doubleValue();
    }

    @Override
    public Object get(int index) {
        return start + index * step;
    }

    @Override
    public int size() {
        return size;
    }

    /**
     * A part of this range.
     *
     * @param from first position
     * @param to the position that is not reached
     * @param by distance of positions
     */
    Range slice(long from, long to, long by) {
        return new Range(
                Numbers.within64Bits(at(from)), Numbers.within64Bits(at(to)), Numbers.within64Bits(product(step, by)));
    }

    private BigInteger at(long position) {
        return BigInteger.valueOf(start).add(product(position, step));
    }

    private static BigInteger product(long a, long b) {
        return BigInteger.valueOf(a).multiply(BigInteger.valueOf(b));
    }

    @Override
    public String toString() {
        return "range(" + start + ", " + stop + (step == 1 ? "" : ", " + step) + ")";
    }
}
