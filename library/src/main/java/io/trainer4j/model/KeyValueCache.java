package io.trainer4j.model;

import io.trainer4j.tensor.Device;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The keys and values of the tokens a conversation has already passed through a decoder, so that a new token costs one
 * row. One per conversation, not per model; it owns its memory and belongs to one thread.
 */
public final class KeyValueCache implements AutoCloseable {
    private static final int FIRST_CAPACITY = 128;

    private final Tensor[] keys;
    private final Tensor[] values;
    private int length;

    /**
     * An empty cache.
     *
     * @param layers number of decoder layers
     */
    public KeyValueCache(int layers) {
        keys = new Tensor[layers];
        values = new Tensor[layers];
    }

    /** Number of tokens held. */
    public int length() {
        return length;
    }

    /** Forgets the tokens from position {@code newLength} on. */
    public void truncate(int newLength) {
        length = Math.max(0, Math.min(length, newLength));
    }

    /** Appends {@code key [1, N, T, D]} and returns all keys so far, {@code [1, N, length + T, D]}. */
    Tensor appendKeys(int layer, Tensor key) {
        keys[layer] = append(keys[layer], key);
        return keys[layer].narrow(2, 0, length + key.size(2));
    }

    /** As {@link #appendKeys}, for values. */
    Tensor appendValues(int layer, Tensor value) {
        values[layer] = append(values[layer], value);
        return values[layer].narrow(2, 0, length + value.size(2));
    }

    /** Counts {@code tokens} as held, once every layer has appended them. */
    void advance(int tokens) {
        length += tokens;
    }

    /**
     * The memory of a layer's keys with room for one more token, {@code [1, N, capacity, D]}, of which a first part has been
     * appended before. It changes when a cache that is full grows.
     */
    Tensor keysWithRoom(int layer) {
        keys[layer] = room(keys[layer], 1, keys[layer]);
        return keys[layer];
    }

    /** As {@link #keysWithRoom}, for values. */
    Tensor valuesWithRoom(int layer) {
        values[layer] = room(values[layer], 1, values[layer]);
        return values[layer];
    }

    private Tensor append(Tensor buffer, Tensor added) {
        Tensor room = room(buffer, added.size(2), added);
        room.narrow(2, length, added.size(2)).copy_(added);
        return room;
    }

    /** For more tokens {@code like [1, N, T, D]}, on its device. */
    private Tensor room(Tensor buffer, long tokens, Tensor like) {
        long needed = length + tokens;
        Tensor room = buffer;
        if (buffer == null || buffer.size(2) < needed) {
            long capacity = Math.max(needed, buffer == null ? FIRST_CAPACITY : 2 * buffer.size(2));
            try (Scope scope = Scope.open()) {
                Tensor empty = TensorData.empty(ScalarType.Float, 1, like.size(1), capacity, like.size(3));
                room = Scope.own(Device.of(like).putNew(empty));
                if (buffer != null) {
                    room.narrow(2, 0, length).copy_(buffer.narrow(2, 0, length));
                }
            }
            if (buffer != null) {
                buffer.close();
            }
        }
        return room;
    }

    @Override
    public void close() {
        for (int layer = 0; layer < keys.length; layer++) {
            if (keys[layer] != null) {
                keys[layer].close();
                values[layer].close();
                keys[layer] = null;
                values[layer] = null;
            }
        }
    }
}
