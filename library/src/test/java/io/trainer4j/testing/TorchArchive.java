package io.trainer4j.testing;

import io.trainer4j.tensor.TensorData;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.bytedeco.pytorch.Tensor;

/** Files as {@code torch.save} writes them, entry by entry, also those it would never write. */
public final class TorchArchive {
    private final Map<String, byte[]> entries = new LinkedHashMap<>();

    /** An archive with this pickle; characters below 256 stand for bytes. */
    public TorchArchive(String pickle) {
        entries.put("archive/data.pkl", pickle.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** One more entry, or another one in its place. */
    public TorchArchive with(String name, byte[] content) {
        entries.put(name, content);
        return this;
    }

    /** Writes the entries uncompressed, as PyTorch does. */
    public Path write(Path file) {
        return write(file, ZipEntry.STORED);
    }

    /** Writes with any method of compression. */
    public Path write(Path file, int method) {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (Map.Entry<String, byte[]> content : entries.entrySet()) {
                ZipEntry entry = new ZipEntry(content.getKey());
                CRC32 crc = new CRC32();
                crc.update(content.getValue());
                entry.setMethod(method);
                entry.setSize(content.getValue().length);
                entry.setCrc(crc.getValue());
                zip.putNextEntry(entry);
                zip.write(content.getValue());
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A state dict of 32-bit floats. */
    public static TorchArchive of(Map<String, Tensor> tensors) {
        StringBuilder pickle = new StringBuilder("\u0080\u0002ccollections\nOrderedDict\n)R(");
        Map<String, byte[]> storages = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> {
            String key = Integer.toString(storages.size());
            float[] values = TensorData.toFloats(tensor);
            pickle.append(text(name)).append(tensor(storage("FloatStorage", key, values.length), 0, tensor.shape()));
            ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
            for (float value : values) {
                bytes.putFloat(value);
            }
            storages.put("archive/data/" + key, bytes.array());
        });
        TorchArchive archive = new TorchArchive(pickle.append("u.").toString());
        storages.forEach(archive::with);
        return archive;
    }

    /** Operations that push a contiguous tensor. */
    public static String tensor(String storage, long offset, long... shape) {
        StringBuilder sizes = new StringBuilder("(");
        StringBuilder strides = new StringBuilder();
        long stride = 1;
        for (int d = shape.length - 1; d >= 0; d--) {
            strides.insert(0, number(stride));
            stride *= Math.max(1, shape[d]);
        }
        for (long size : shape) {
            sizes.append(number(size));
        }
        return tensor(storage, offset, sizes + "t", "(" + strides + "t");
    }

    /** Operations that push a tensor with whatever sizes and strides. */
    public static String tensor(String storage, long offset, String sizes, String strides) {
        return "ctorch._utils\n_rebuild_tensor_v2\n(" + storage + number(offset) + sizes + strides
                + "\u0089ccollections\nOrderedDict\n)RtR";
    }

    /** Operations that push a storage. */
    public static String storage(String type, String key, long count) {
        return "(" + text("storage") + "ctorch\n" + type + "\n" + text(key) + text("cpu") + number(count) + "tQ";
    }

    /** Operations that push a number. */
    public static String number(long value) {
        ByteBuffer bytes = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN);
        return latin(bytes.put((byte) 0x8a).put((byte) 8).putLong(value).array());
    }

    /** Operations that push a text. */
    public static String text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write('X');
        out.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(bytes.length)
                .array());
        out.writeBytes(bytes);
        return latin(out.toByteArray());
    }

    private static String latin(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
