package io.trainer4j.tensor;

import io.trainer4j.TrainerException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Set;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An open, memory-mapped safetensors file. The mapping lives until {@link #close}; tensors that were loaded are copies
 * and do not depend on it. Not thread-safe.
 */
public final class SafetensorsFile implements TensorFile {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Path path;
    private final SafetensorsHeader header;
    private final Tensor mapping;

    private SafetensorsFile(Path path, SafetensorsHeader header, Tensor mapping) {
        this.path = path;
        this.header = header;
        this.mapping = mapping;
    }

    /**
     * Maps a file after checking its header.
     *
     * @throws TrainerException if the file is missing, truncated, hostile, or a Git LFS pointer
     */
    public static SafetensorsFile open(Path path) {
        SafetensorsHeader header = SafetensorsHeader.read(path);
        try (Scope scope = Scope.open()) {
            Tensor mapping = torch.from_file(
                    new BytePointer(path.toString(), StandardCharsets.UTF_8),
                    new BoolOptional(false),
                    new LongOptional(Files.size(path)),
                    new TensorOptions(ScalarType.Byte));
            return new SafetensorsFile(path, header, Scope.own(mapping));
        } catch (IOException e) {
            throw new TrainerException("Cannot read " + path + ": " + e.getMessage() + ".", e);
        }
    }

    @Override
    public Set<String> names() {
        return header.entries().keySet();
    }

    @Override
    public long[] shape(String name) {
        return header.entries().get(name).shape().clone();
    }

    @Override
    public ScalarType type(String name) {
        return header.entries().get(name).type();
    }

    @Override
    public Tensor load(String name, ScalarType type) {
        SafetensorsHeader.Entry entry = header.entries().get(name);
        try (Scope scope = Scope.open()) {
            Tensor target = TensorData.empty(type, entry.shape());
            if (entry.length() > 0) {
                target.copy_(view(entry));
            }
            return scope.keep(target);
        }
    }

    /** Copies one tensor out of the mapping in the type it has in the file. */
    public Tensor load(String name) {
        return load(name, type(name));
    }

    private Tensor view(SafetensorsHeader.Entry entry) {
        long offset = header.dataStart() + entry.begin();
        Tensor bytes = mapping.narrow(0, offset, entry.length());
        // A view as wider elements needs an aligned start; old writers did not pad their header.
        Tensor aligned = offset % 8 == 0 ? bytes : bytes.clone();
        return aligned.view(entry.type()).view(entry.shape());
    }

    @Override
    public void close() {
        mapping.close();
    }

    @Override
    public String toString() {
        return path.toString();
    }

    /**
     * Writes tensors in the order given, as {@code safetensors.torch.save_file} does, with metadata {@code format=pt}.
     *
     * @param path file to create; the caller writes beside the final place and renames
     * @param tensors name to CPU tensor; copied to contiguous memory one at a time where needed
     * @throws IOException when the disk is full or the folder not writable
     */
    public static void write(Path path, Map<String, Tensor> tensors) throws IOException {
        byte[] json = headerJson(tensors).getBytes(StandardCharsets.UTF_8);
        int padded = (json.length + 7) / 8 * 8;
        try (SeekableByteChannel channel =
                Files.newByteChannel(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer head = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN);
            head.putLong(padded).put(json);
            while (head.hasRemaining()) {
                head.put((byte) ' ');
            }
            writeFully(channel, head.flip());
            for (Tensor tensor : tensors.values()) {
                try (Scope scope = Scope.open()) {
                    Tensor plain = tensor.detach().contiguous();
                    if (plain.numel() > 0) {
                        writeBytes(channel, TensorData.bytes(plain));
                    }
                }
            }
        }
    }

    private static String headerJson(Map<String, Tensor> tensors) {
        ObjectNode root = JSON.createObjectNode();
        root.putObject("__metadata__").put("format", "pt");
        long position = 0;
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            Tensor tensor = entry.getValue();
            ObjectNode node = root.putObject(entry.getKey());
            node.put("dtype", SafetensorsHeader.typeName(tensor.scalar_type().intern()));
            ArrayNode shape = node.putArray("shape");
            for (long size : tensor.shape()) {
                shape.add(size);
            }
            node.putArray("data_offsets").add(position).add(position + tensor.nbytes());
            position += tensor.nbytes();
        }
        return root.toString();
    }

    private static void writeBytes(SeekableByteChannel channel, BytePointer bytes) throws IOException {
        long chunk = 1 << 26;
        for (long from = 0; from < bytes.capacity(); from += chunk) {
            long until = Math.min(bytes.capacity(), from + chunk);
            writeFully(
                    channel,
                    bytes.getPointer(BytePointer.class, from)
                            .capacity(until - from)
                            .asByteBuffer());
        }
    }

    private static void writeFully(SeekableByteChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }
}
