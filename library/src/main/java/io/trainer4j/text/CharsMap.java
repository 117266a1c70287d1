package io.trainer4j.text;

import io.trainer4j.TrainerException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;

/**
 * The compiled rules of a SentencePiece normalizer: the size of a double array in bytes, the double array (darts-clone)
 * that finds the place of a text's replacement, and the replacements, each ended by a zero. The native library trusts
 * them and takes the process down where they lead out of bounds; so they are walked through first.
 */
final class CharsMap {
    private final IntBuffer units;
    private final ByteBuffer replacements;
    private final Path file;

    private CharsMap(IntBuffer units, ByteBuffer replacements, Path file) {
        this.units = units;
        this.replacements = replacements;
        this.file = file;
    }

    /**
     * Checks that every text finds its replacement within the rules.
     *
     * @throws TrainerException if the rules are cut off, no UTF-8, or lead out of bounds
     */
    static void check(byte[] rules, Path file) {
        ByteBuffer buffer = ByteBuffer.wrap(rules).order(ByteOrder.LITTLE_ENDIAN);
        long size = buffer.remaining() < Integer.BYTES ? -1 : Integer.toUnsignedLong(buffer.getInt());
        if (size < Integer.BYTES || size > buffer.remaining() || size % Integer.BYTES != 0) {
            throw broken(file);
        }
        IntBuffer units = buffer.slice(buffer.position(), (int) size)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asIntBuffer();
        ByteBuffer replacements = buffer.slice(buffer.position() + (int) size, buffer.remaining() - (int) size);
        try {
            StandardCharsets.UTF_8.newDecoder().decode(replacements.duplicate());
        } catch (CharacterCodingException e) {
            throw new TrainerException(file + " holds normalization rules that are not UTF-8; copy the file again.", e);
        }
        new CharsMap(units, replacements, file).walk();
    }

    /** Visits every state a text can lead to; a state is the place that the next byte is combined with. */
    private void walk() {
        BitSet seen = new BitSet(units.limit());
        Deque<Integer> states = new ArrayDeque<>();
        visit(offset(units.get(0)), seen, states);
        while (!states.isEmpty()) {
            int state = states.pop();
            for (int next = 1; next < 256; next++) {
                int unit = unit(state ^ next);
                if (label(unit) == next) {
                    int target = state ^ next ^ offset(unit);
                    if (hasLeaf(unit)) {
                        checkReplacement(unit(target) & Integer.MAX_VALUE);
                    }
                    visit(target, seen, states);
                }
            }
        }
    }

    private void visit(int state, BitSet seen, Deque<Integer> states) {
        if (state < 0 || state >= units.limit()) {
            throw broken(file);
        }
        if (!seen.get(state)) {
            seen.set(state);
            states.push(state);
        }
    }

    private int unit(int index) {
        if (index < 0 || index >= units.limit()) {
            throw broken(file);
        }
        return units.get(index);
    }

    /** A replacement starts within the text and not inside a character. */
    private void checkReplacement(int start) {
        boolean inside = start < replacements.limit() && (replacements.get(start) & 0xC0) == 0x80;
        if (start > replacements.limit() || inside) {
            throw broken(file);
        }
    }

    /** The byte a unit is for; negative if it is a leaf. */
    private static int label(int unit) {
        return unit & 0x800000FF;
    }

    private static boolean hasLeaf(int unit) {
        return ((unit >>> 8) & 1) == 1;
    }

    private static int offset(int unit) {
        return (unit >>> 10) << ((unit & (1 << 9)) >>> 6);
    }

    private static TrainerException broken(Path file) {
        return new TrainerException(file + " holds normalization rules that lead out of bounds; copy the file again.");
    }
}
