package io.trainer4j.tensor;

import io.trainer4j.TrainerException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
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
 * An open safetensors file. Tensors are read straight into their own memory or stay in the file's, whichever is asked for: of
 * a mapping every page that was looked at counts to the process, so it is for tensors that are kept as they are. Not
 * thread-safe.
 */
public final class SafetensorsFile implements TensorFile {
    private static final JsonMapper JSON = JsonMapper.shared();

    /** Bytes read at a time, where values are converted and where buffers cannot be longer. */
    private static final int CHUNK = 1 << 26;

    private static final long PAGE = 4096;

    private final Path path;
    private final SafetensorsHeader header;
    private final SeekableByteChannel channel;
    private Tensor mapping;

    private SafetensorsFile(Path path, SafetensorsHeader header, SeekableByteChannel channel) {
        this.path = path;
        this.header = header;
        this.channel = channel;
    }

    /**
     * Opens a file after checking its header.
     *
     * @throws TrainerException if the file is missing, truncated, hostile, or a Git LFS pointer
     */
    public static SafetensorsFile open(Path path) {
        SafetensorsHeader header = SafetensorsHeader.read(path);
        try {
            return new SafetensorsFile(path, header, Files.newByteChannel(path));
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
            channel.position(header.dataStart() + entry.begin());
            if (type == entry.type()) {
                read(name, target);
            } else {
                readConverted(name, entry, target.view(-1));
            }
            return scope.keep(target);
        } catch (IOException e) {
            throw new TrainerException("Cannot read " + name + " from " + path + ": " + e.getMessage() + ".", e);
        }
    }

    /** Copies one tensor in the type it has in the file. */
    public Tensor load(String name) {
        return load(name, type(name));
    }

    @Override
    public Tensor mapped(String name) {
        SafetensorsHeader.Entry entry = header.entries().get(name);
        long from = header.dataStart() + entry.begin();
        boolean isAligned = from % torch.elementSize(entry.type()) == 0;
        if (!isAligned || entry.length() == 0 || path.getFileSystem() != FileSystems.getDefault()) {
            return load(name);
        }
        try (Scope scope = Scope.open()) {
            Tensor bytes = mapping().narrow(0, from, entry.length());
            readAhead(bytes);
            return scope.keep(bytes.view(entry.type()).view(entry.shape()));
        }
    }

    /** All bytes of the file, without reading them. */
    private Tensor mapping() {
        if (mapping == null) {
            try (BytePointer name = new BytePointer(path.toString(), StandardCharsets.UTF_8)) {
                mapping = Scope.own(torch.from_file(
                        name,
                        new BoolOptional(false),
                        new LongOptional(channel.size()),
                        new TensorOptions(ScalarType.Byte)));
            } catch (IOException | RuntimeException e) {
                throw new TrainerException("Cannot map " + path + " into memory: " + e.getMessage() + ".", e);
            }
        }
        return mapping;
    }

    /** Touches every page, so that a slow disk is met now and what the process has can be measured. */
    private static void readAhead(Tensor bytes) {
        bytes.slice(0, new LongOptional(0), new LongOptional(bytes.size(0)), PAGE)
                .sum();
    }

    /** Fills a contiguous tensor from where the file is. */
    private void read(String name, Tensor target) throws IOException {
        BytePointer memory = TensorData.bytes(target);
        for (long from = 0; from < memory.capacity(); from += CHUNK) {
            ByteBuffer chunk = chunk(memory, from);
            while (chunk.hasRemaining()) {
                if (channel.read(chunk) < 0) {
                    throw new TrainerException(path + " ends within " + name + "; download it again.");
                }
            }
        }
    }

    private void readConverted(String name, SafetensorsHeader.Entry entry, Tensor target) throws IOException {
        long count = target.numel();
        try (Scope scope = Scope.open()) {
            Tensor buffer = TensorData.empty(entry.type(), Math.min(count, CHUNK / Long.BYTES));
            for (long from = 0; from < count; from += buffer.numel()) {
                try (Scope part = Scope.open()) {
                    Tensor values = buffer.narrow(0, 0, Math.min(buffer.numel(), count - from));
                    read(name, values);
                    target.narrow(0, from, values.numel()).copy_(values);
                }
            }
        }
    }

    private static ByteBuffer chunk(BytePointer memory, long from) {
        long size = Math.min(memory.capacity() - from, CHUNK);
        return memory.getPointer(BytePointer.class, from).capacity(size).asByteBuffer();
    }

    @Override
    public void close() {
        if (mapping != null) {
            mapping.close();
        }
        try {
            channel.close();
        } catch (IOException e) {
            throw new TrainerException("Cannot close " + path + ": " + e.getMessage() + ".", e);
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }

    /**
     * Writes tensors in the order given, as {@code safetensors.torch.save_file} does, with metadata {@code format=pt}.
     *
     * @param path file to create; the caller writes beside the final place and renames
     * @param tensors name to tensor; copied to contiguous memory of the CPU one at a time where needed
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
                    Tensor plain = tensor.detach().cpu().contiguous();
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
        for (long from = 0; from < bytes.capacity(); from += CHUNK) {
            writeFully(channel, chunk(bytes, from));
        }
    }

    private static void writeFully(SeekableByteChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }
}
