package io.trainer4j.tensor;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Python's pickle machine for data: protocols 2 to 5, with the caller deciding what every name and call means. It makes
 * no more objects than the pickle has bytes. A tuple becomes a list, a number a {@code Long} or {@code Double}.
 *
 * @see <a href="https://github.com/python/cpython/blob/3.12/Lib/pickletools.py">the operations</a>
 */
final class Unpickler {
    private final ByteBuffer pickle;
    private final BiFunction<String, String, Object> globals;
    private final BiFunction<Object, List<?>, Object> calls;
    private final Function<Object, Object> persistent;
    private final Map<Long, Object> memo = new HashMap<>();
    private final List<List<Object>> outer = new ArrayList<>();
    private List<Object> stack = new ArrayList<>();

    /**
     * Prepares one reading.
     *
     * @param globals what a module and a name stand for
     * @param calls the result of calling such a thing with arguments
     * @param persistent what a persistent id stands for
     */
    Unpickler(
            byte[] pickle,
            BiFunction<String, String, Object> globals,
            BiFunction<Object, List<?>, Object> calls,
            Function<Object, Object> persistent) {
        this.pickle = ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN);
        this.globals = globals;
        this.calls = calls;
        this.persistent = persistent;
    }

    /**
     * The object the pickle describes.
     *
     * @throws IllegalArgumentException if it is broken or has an operation that data does not need
     */
    Object run() {
        try {
            for (int operation = unsigned(1); operation != '.'; operation = unsigned(1)) {
                execute(operation);
            }
            return pop();
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("its pickle is cut off", e);
        }
    }

    private void execute(int operation) {
        switch (operation) {
            case 0x80 -> protocol(unsigned(1)); // PROTO
            case 0x95 -> pickle.getLong(); // FRAME
            case '(' -> mark();
            case '0' -> pop();
            case '1' -> popMark(); // POP_MARK
            case '2' -> push(top()); // DUP
            case 'N' -> push(Nothing.NONE);
            case 0x88, 0x89 -> push(operation == 0x88); // NEWTRUE, NEWFALSE
            case 'K' -> push((long) unsigned(1)); // BININT1
            case 'M' -> push((long) unsigned(2)); // BININT2
            case 'J' -> push((long) pickle.getInt()); // BININT
            case 0x8a -> push(number(unsigned(1))); // LONG1
            case 0x8b -> push(number(pickle.getInt())); // LONG4
            case 'G' -> push(Double.longBitsToDouble(Long.reverseBytes(pickle.getLong()))); // BINFLOAT
            case 'U', 'C', 0x8c -> push(text(unsigned(1))); // SHORT_BINSTRING, SHORT_BINBYTES, SHORT_BINUNICODE
            case 'T', 'B', 'X' -> push(text(pickle.getInt())); // BINSTRING, BINBYTES, BINUNICODE
            case 0x8d, 0x8e -> push(text(pickle.getLong())); // BINUNICODE8, BINBYTES8
            case '}' -> push(new LinkedHashMap<>()); // EMPTY_DICT
            case ']', ')' -> push(new ArrayList<>()); // EMPTY_LIST, EMPTY_TUPLE
            case 0x85, 0x86, 0x87 -> push(tuple(operation - 0x84)); // TUPLE1, TUPLE2, TUPLE3
            case 't' -> push(popMark()); // TUPLE
            case 'a' -> append(tuple(1)); // APPEND
            case 'e' -> append(popMark()); // APPENDS
            case 's' -> put(tuple(2)); // SETITEM
            case 'u' -> put(popMark()); // SETITEMS
            case 'q' -> memo.put((long) unsigned(1), top()); // BINPUT
            case 'r' -> memo.put(Integer.toUnsignedLong(pickle.getInt()), top()); // LONG_BINPUT
            case 0x94 -> memo.put((long) memo.size(), top()); // MEMOIZE
            case 'h' -> push(remembered(unsigned(1))); // BINGET
            case 'j' -> push(remembered(Integer.toUnsignedLong(pickle.getInt()))); // LONG_BINGET
            case 'c' -> push(globals.apply(line(), line())); // GLOBAL
            case 0x93 -> global(tuple(2)); // STACK_GLOBAL
            case 'Q' -> push(persistent.apply(pop())); // BINPERSID
            case 'R' -> call(tuple(2)); // REDUCE
            case 'b' -> build(pop()); // BUILD
            default ->
                throw new IllegalArgumentException(
                        "its pickle has the operation 0x%02x, which tensors do not need".formatted(operation));
        }
    }

    /** Python's None, where Java's null would hide mistakes. */
    private enum Nothing {
        NONE
    }

    private static void protocol(int version) {
        if (version < 2 || version > 5) {
            throw new IllegalArgumentException("its pickle has protocol " + version + " instead of 2 to 5");
        }
    }

    private int unsigned(int bytes) {
        return bytes == 1 ? Byte.toUnsignedInt(pickle.get()) : Short.toUnsignedInt(pickle.getShort());
    }

    /** A little-endian two's complement number. */
    private long number(int bytes) {
        if (bytes < 0 || bytes > 8) {
            throw new IllegalArgumentException("its pickle has a number of " + bytes + " bytes");
        }
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            long next = i == bytes - 1 ? pickle.get() : unsigned(1);
            value |= next << (8 * i);
        }
        return value;
    }

    private String text(long length) {
        if (length < 0 || length > pickle.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[(int) length];
        pickle.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private String line() {
        int start = pickle.position();
        while (pickle.get() != '\n') {}
        return new String(Arrays.copyOfRange(pickle.array(), start, pickle.position() - 1), StandardCharsets.UTF_8);
    }

    private void push(Object value) {
        stack.add(value);
    }

    private Object top() {
        if (stack.isEmpty()) {
            throw new IllegalArgumentException("its pickle takes more from the stack than there is");
        }
        return stack.get(stack.size() - 1);
    }

    private Object pop() {
        Object value = top();
        stack.remove(stack.size() - 1);
        return value;
    }

    private void mark() {
        outer.add(stack);
        stack = new ArrayList<>();
    }

    private List<Object> popMark() {
        if (outer.isEmpty()) {
            throw new IllegalArgumentException("its pickle ends a group that it did not begin");
        }
        List<Object> group = stack;
        stack = outer.remove(outer.size() - 1);
        return group;
    }

    /** The last values of the stack, taken from it. */
    private List<Object> tuple(int size) {
        Object[] values = new Object[size];
        for (int i = size - 1; i >= 0; i--) {
            values[i] = pop();
        }
        return new ArrayList<>(Arrays.asList(values));
    }

    private Object remembered(long key) {
        Object value = memo.get(key);
        if (value == null) {
            throw new IllegalArgumentException("its pickle refers to an object " + key + " that it does not have");
        }
        return value;
    }

    @SuppressWarnings("unchecked") // every list on the stack is one of ours
    private void append(List<Object> values) {
        if (!(top() instanceof List<?> list)) {
            throw new IllegalArgumentException("its pickle appends to what is no list");
        }
        ((List<Object>) list).addAll(values);
    }

    @SuppressWarnings("unchecked") // every map on the stack is one of ours
    private void put(List<Object> keysAndValues) {
        if (!(top() instanceof Map<?, ?> map) || keysAndValues.size() % 2 != 0) {
            throw new IllegalArgumentException("its pickle sets items of what is no dictionary");
        }
        for (int i = 0; i < keysAndValues.size(); i += 2) {
            ((Map<Object, Object>) map).put(key(keysAndValues.get(i)), keysAndValues.get(i + 1));
        }
    }

    /**
     * A key of a dictionary.
     *
     * @throws IllegalArgumentException unless it is text or a number
     */
    static Object key(Object value) {
        if (value instanceof String || value instanceof Long) {
            return value;
        }
        throw new IllegalArgumentException("it has a dictionary whose keys are no names");
    }

    private void global(List<Object> moduleAndName) {
        if (!(moduleAndName.get(0) instanceof String module) || !(moduleAndName.get(1) instanceof String name)) {
            throw new IllegalArgumentException("its pickle names something without a name");
        }
        push(globals.apply(module, name));
    }

    private void call(List<Object> callableAndArguments) {
        if (!(callableAndArguments.get(1) instanceof List<?> arguments)) {
            throw new IllegalArgumentException("its pickle calls something without arguments");
        }
        push(calls.apply(callableAndArguments.get(0), arguments));
    }

    /** A state dict has the attribute {@code _metadata}; attributes of a dictionary are not part of it. */
    private void build(Object state) {
        if (!(top() instanceof Map<?, ?>) || !(state instanceof Map<?, ?>)) {
            throw new IllegalArgumentException("its pickle gives attributes to what is no dictionary");
        }
    }
}
