package io.trainer4j.data;

import io.trainer4j.UsageException;
import java.util.function.IntSupplier;

/**
 * The 32-bit words of the legacy {@code numpy.random.RandomState(seed)}, which scikit-learn draws from.
 *
 * <p>Follows numpy 2.4: MT19937 seeded by {@code init_genrand} (mt19937.c).
 */
final class Mt19937 implements IntSupplier {
    private static final int WORDS = 624;
    private static final int SHIFT = 397;
    private static final long LARGEST_SEED = 0xFFFFFFFFL;

    private final int[] state = new int[WORDS];
    private int position = WORDS;

    Mt19937(long seed) {
        if (seed < 0 || seed > LARGEST_SEED) {
            throw new UsageException("Random state " + seed + " is out of range; give 0 to " + LARGEST_SEED + ".");
        }
        state[0] = (int) seed;
        for (int i = 1; i < WORDS; i++) {
            state[i] = 1812433253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
        }
    }

    @Override
    public int getAsInt() {
        if (position == WORDS) {
            twist();
            position = 0;
        }
        int word = state[position++];
        word ^= word >>> 11;
        word ^= (word << 7) & 0x9d2c5680;
        word ^= (word << 15) & 0xefc60000;
        return word ^ (word >>> 18);
    }

    private void twist() {
        for (int i = 0; i < WORDS; i++) {
            int joined = (state[i] & 0x80000000) | (state[(i + 1) % WORDS] & 0x7fffffff);
            int twisted = (joined & 1) == 0 ? 0 : 0x9908b0df;
            state[i] = state[(i + SHIFT) % WORDS] ^ (joined >>> 1) ^ twisted;
        }
    }
}
