package io.trainer4j.text.jinja;

import java.util.Collection;
import java.util.Map;

/** What one rendering may use, so that no template runs or grows without end. */
final class Budget {
    /** Far beyond a conversation of thousands of turns, and done within seconds. */
    static final int STEPS = 10_000_000;

    /** Characters of one text, and items of one list. */
    static final int SIZE = 16_000_000;

    private static final int SIZE_PER_STEP = 64;

    private long steps;

    void step() {
        spend(1);
    }

    /** Counts the use of a value; a large one costs more. */
    void spend(Object value) {
        int size = 0;
        if (value instanceof String text) {
            size = text.length();
        } else if (value instanceof Collection<?> items) {
            size = items.size();
        } else if (value instanceof Map<?, ?> map) {
            size = map.size();
        }
        spend(1 + size / SIZE_PER_STEP);
    }

    private void spend(int count) {
        steps += count;
        if (steps > STEPS) {
            throw new Fault("the template takes more than " + STEPS + " steps");
        }
    }

    /** Refuses a text or list that is too large to be made. */
    static void room(long size) {
        if (size > SIZE) {
            throw new Fault("the template makes a text or list longer than " + SIZE);
        }
    }
}
