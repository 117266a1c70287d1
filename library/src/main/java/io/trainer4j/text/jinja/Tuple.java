package io.trainer4j.text.jinja;

import java.util.AbstractList;

/** An immutable list that Python writes in parentheses. */
class Tuple extends AbstractList<Object> {
    private final Object[] items;

    Tuple(Object... items) {
        this.items = items.clone();
    }

    @Override
    public final Object get(int index) {
        return items[index];
    }

    @Override
    public final int size() {
        return items.length;
    }
}
