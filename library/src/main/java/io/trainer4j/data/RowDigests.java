package io.trainer4j.data;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A set of cells that keeps 128 bits of the SHA-256 of each, whatever their size: about 32 bytes a member. Cells are equal
 * where {@code equals} says so; that two others count as equal is less likely than a fault of the memory.
 */
final class RowDigests {
    private final MessageDigest digest;
    private long[] table = new long[2 * 1024];
    private int size;

    RowDigests() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256.", e);
        }
    }

    /** Adds a cell, or several as a list, and tells whether it was new. */
    boolean add(Object cells) {
        update(cells);
        ByteBuffer bytes = ByteBuffer.wrap(digest.digest());
        if (4L * (size + 1) > 3L * (table.length / 2)) {
            grow();
        }
        boolean added = put(table, bytes.getLong() | 1, bytes.getLong());
        size += added ? 1 : 0;
        return added;
    }

    private void grow() {
        long[] larger = new long[2 * table.length];
        for (int i = 0; i < table.length; i += 2) {
            if (table[i] != 0) {
                put(larger, table[i], table[i + 1]);
            }
        }
        table = larger;
    }

    /**
     * Puts a member in the first free place from its own on.
     *
     * @param first not 0, which marks a free place
     */
    private static boolean put(long[] table, long first, long second) {
        int places = table.length / 2; // a power of two
        for (int place = (int) (second & (places - 1)); ; place = (place + 1) & (places - 1)) {
            if (table[2 * place] == 0) {
                table[2 * place] = first;
                table[2 * place + 1] = second;
                return true;
            }
            if (table[2 * place] == first && table[2 * place + 1] == second) {
                return false;
            }
        }
    }

    /** A cell's kind and length go before its content, so that no two cells look the same one after another. */
    private void update(Object cell) {
        if (cell instanceof String text) {
            update('t', text);
        } else if (cell instanceof List<?> list) {
            update('l', Integer.toString(list.size()));
            list.forEach(this::update);
        } else if (cell instanceof Map<?, ?> map) {
            update('m', Integer.toString(map.size()));
            new TreeMap<>(map).forEach((key, value) -> {
                update(key);
                update(value);
            });
        } else if (cell == null) {
            update('n', "");
        } else {
            update('o', cell.getClass().getName() + ' ' + cell);
        }
    }

    private void update(char kind, String text) {
        ByteBuffer bytes = ByteBuffer.allocate(Character.BYTES * (1 + text.length()) + Integer.BYTES)
                .putChar(kind)
                .putInt(text.length());
        bytes.asCharBuffer().put(text); // every char as it is, also half a pair
        digest.update(bytes.rewind());
    }
}
