package io.trainer4j.data;

import io.trainer4j.UsageException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** A cell as bytes: its kind, then its content. Token ids take as many bytes each as the widest of the cell needs. */
final class CellCode {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_LONG_FOR_INTS)
            .build();

    private static final byte TEXT = 't';
    private static final byte JSON = 'j';
    private static final byte DOUBLE = 'd';
    private static final byte LONG = 'l';
    private static final byte INTEGER = 'i';
    private static final byte FLOATS = 'f';

    private CellCode() {}

    /**
     * The bytes of a cell, at least one.
     *
     * @param cell not null
     * @throws UsageException if it is of a type that a column does not hold
     */
    static byte[] encoded(Object cell) {
        if (cell instanceof String text) {
            return chars(TEXT, text); // every char as it is, also half a pair
        }
        if (cell instanceof int[] values) {
            return ints(values);
        }
        if (cell instanceof float[] values) {
            byte[] bytes = of(FLOATS, values.length * Float.BYTES);
            content(bytes).asFloatBuffer().put(values);
            return bytes;
        }
        if (cell instanceof Integer number) {
            byte[] bytes = of(INTEGER, Integer.BYTES);
            content(bytes).putInt(number);
            return bytes;
        }
        if (cell instanceof Long number) {
            byte[] bytes = of(LONG, Long.BYTES);
            content(bytes).putLong(number);
            return bytes;
        }
        if (cell instanceof Double number) {
            byte[] bytes = of(DOUBLE, Double.BYTES);
            content(bytes).putDouble(number);
            return bytes;
        }
        if (cell instanceof Boolean || cell instanceof List || cell instanceof Map) {
            return chars(JSON, MAPPER.writeValueAsString(cell));
        }
        throw new UsageException("A cell is " + Cell.describe(cell)
                + ", which no file can keep; make it text, a number, a truth value, int[], float[], a list or a map.");
    }

    static Object decoded(byte... cell) {
        ByteBuffer bytes = content(cell);
        return switch (cell[0]) {
            case TEXT -> bytes.asCharBuffer().toString();
            case JSON -> MAPPER.readValue(bytes.asCharBuffer().toString(), Object.class);
            case DOUBLE -> bytes.getDouble();
            case LONG -> bytes.getLong();
            case INTEGER -> bytes.getInt();
            case FLOATS -> {
                float[] values = new float[bytes.remaining() / Float.BYTES];
                bytes.asFloatBuffer().get(values);
                yield values;
            }
            default -> ints(cell[0], cell);
        };
    }

    private static byte[] of(byte kind, int length) {
        byte[] bytes = new byte[1 + length];
        bytes[0] = kind;
        return bytes;
    }

    /** What comes after the kind. */
    private static ByteBuffer content(byte... cell) {
        return ByteBuffer.wrap(cell).position(1);
    }

    private static byte[] chars(byte kind, String text) {
        byte[] bytes = of(kind, text.length() * Character.BYTES);
        content(bytes).asCharBuffer().put(text);
        return bytes;
    }

    /** The kind is the width: 1 to 4 bytes, the highest first. */
    private static byte[] ints(int... values) {
        int bits = 0;
        for (int value : values) {
            bits |= value < 0 ? ~value : value;
        }
        int width = (Integer.SIZE - Integer.numberOfLeadingZeros(bits)) / Byte.SIZE + 1;
        byte[] bytes = of((byte) width, values.length * width);
        int at = 1;
        for (int value : values) {
            for (int shift = (width - 1) * Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
                bytes[at++] = (byte) (value >> shift);
            }
        }
        return bytes;
    }

    private static int[] ints(int width, byte... bytes) {
        int[] values = new int[(bytes.length - 1) / width];
        int at = 1;
        for (int i = 0; i < values.length; i++) {
            int value = bytes[at++]; // carries the sign
            for (int b = 1; b < width; b++) {
                value = value << Byte.SIZE | (bytes[at++] & 0xff);
            }
            values[i] = value;
        }
        return values;
    }
}
