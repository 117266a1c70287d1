package io.trainer4j.data;

import io.trainer4j.UsageException;
import java.util.function.IntSupplier;

/**
 * The 32-bit words that {@code numpy.random.default_rng(seed)} draws permutations from.
 *
 * <p>Follows numpy 2.4: {@code SeedSequence} (bit_generator.pyx) and PCG64 XSL-RR (pcg64.h).
 */
final class Pcg64 implements IntSupplier {
    private static final int POOL_WORDS = 4;
    private static final long MULTIPLIER_HIGH = 0x2360ED051FC65DA4L;
    private static final long MULTIPLIER_LOW = 0x4385DF649FCCF645L;

    private final long incrementHigh;
    private final long incrementLow;
    private long stateHigh;
    private long stateLow;
    private int spareWord;
    private boolean hasSpareWord;

    Pcg64(long seed) {
        if (seed < 0) {
            throw new UsageException("Seed " + seed + " is negative; give 0 or more.");
        }
        long[] words = seedWords(seed);
        incrementHigh = (words[2] << 1) | (words[3] >>> 63);
        incrementLow = (words[3] << 1) | 1;
        step();
        add(words[0], words[1]);
        step();
    }

    /** Each 64-bit output gives its low half first, then its high half. */
    @Override
    public int getAsInt() {
        if (hasSpareWord) {
            hasSpareWord = false;
            return spareWord;
        }
        step();
        long output = Long.rotateRight(stateHigh ^ stateLow, (int) (stateHigh >>> 58));
        spareWord = (int) (output >>> 32);
        hasSpareWord = true;
        return (int) output;
    }

    private void step() {
        long low = stateLow * MULTIPLIER_LOW;
        long high = unsignedMultiplyHigh(stateLow, MULTIPLIER_LOW)
                + stateHigh * MULTIPLIER_LOW
                + stateLow * MULTIPLIER_HIGH;
        stateHigh = high;
        stateLow = low;
        add(incrementHigh, incrementLow);
    }

    private void add(long high, long low) {
        stateLow += low;
        stateHigh += high + (Long.compareUnsigned(stateLow, low) < 0 ? 1 : 0);
    }

    private static long unsignedMultiplyHigh(long a, long b) {
        return Math.multiplyHigh(a, b) + ((a >> 63) & b) + ((b >> 63) & a);
    }

    /** {@code SeedSequence(seed).generate_state(4, uint64)}. */
    private static long[] seedWords(long seed) {
        int[] pool = {(int) seed, (int) (seed >>> 32), 0, 0};
        int hash = 0x43b0d7e5;
        for (int i = 0; i < POOL_WORDS; i++) {
            int next = hash * 0x931e8875;
            pool[i] = mixed(pool[i], hash, next);
            hash = next;
        }
        for (int source = 0; source < POOL_WORDS; source++) {
            for (int target = 0; target < POOL_WORDS; target++) {
                if (source != target) {
                    int next = hash * 0x931e8875;
                    int value = 0xca01f9dd * pool[target] - 0x4973f715 * mixed(pool[source], hash, next);
                    pool[target] = value ^ (value >>> 16);
                    hash = next;
                }
            }
        }
        long[] words = new long[4];
        hash = 0x8b51f9dd;
        for (int i = 0; i < 2 * words.length; i++) {
            int next = hash * 0x58f38ded;
            long half = Integer.toUnsignedLong(mixed(pool[i % POOL_WORDS], hash, next));
            words[i / 2] |= half << (32 * (i % 2));
            hash = next;
        }
        return words;
    }

    private static int mixed(int value, int hash, int nextHash) {
        int product = (value ^ hash) * nextHash;
        return product ^ (product >>> 16);
    }
}
