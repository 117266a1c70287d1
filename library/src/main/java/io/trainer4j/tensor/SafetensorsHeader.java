package io.trainer4j.tensor;

import io.trainer4j.TrainerException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.global.torch.ScalarType;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The checked table of contents of a safetensors file: every entry has a known type, a length that follows from its shape,
 * and bytes inside the file that belong to it alone.
 *
 * @param dataStart offset of the first tensor byte in the file
 * @param entries name to place, in file order
 * @see <a href="https://github.com/huggingface/safetensors#format">the format</a>
 */
record SafetensorsHeader(long dataStart, Map<String, Entry> entries) {
    private static final long MAX_HEADER_BYTES = 100_000_000;
    private static final Map<String, ScalarType> TYPES = Map.of(
            "F64", ScalarType.Double,
            "F32", ScalarType.Float,
            "F16", ScalarType.Half,
            "BF16", ScalarType.BFloat16,
            "I64", ScalarType.Long,
            "I32", ScalarType.Int,
            "I16", ScalarType.Short,
            "I8", ScalarType.Char,
            "U8", ScalarType.Byte,
            "BOOL", ScalarType.Bool);
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /**
     * Place of one tensor.
     *
     * @param begin first byte, relative to {@code dataStart}
     * @param length number of bytes
     */
    record Entry(ScalarType type, long[] shape, long begin, long length) {}

    static SafetensorsHeader read(Path file) {
        LfsPointer.refuse(file);
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            long size = channel.size();
            if (size < 8) {
                throw broken(file, "it has only " + size + " bytes");
            }
            long headerLength =
                    readFully(channel, 8).order(ByteOrder.LITTLE_ENDIAN).getLong();
            if (headerLength < 2 || headerLength > MAX_HEADER_BYTES || headerLength > size - 8) {
                throw broken(
                        file, "its header claims " + Long.toUnsignedString(headerLength) + " of " + size + " bytes");
            }
            ByteBuffer json = readFully(channel, (int) headerLength);
            Map<String, Entry> entries =
                    parse(file, StandardCharsets.UTF_8.newDecoder().decode(json).toString(), size - 8 - headerLength);
            return new SafetensorsHeader(8 + headerLength, entries);
        } catch (CharacterCodingException e) {
            throw broken(file, "its header is not UTF-8");
        } catch (EOFException e) {
            throw broken(file, "it ends inside the header");
        } catch (IOException e) {
            throw new TrainerException("Cannot read " + file + ": " + e.getMessage() + ".", e);
        }
    }

    private static ByteBuffer readFully(SeekableByteChannel channel, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new EOFException();
            }
        }
        return buffer.flip();
    }

    private static Map<String, Entry> parse(Path file, String json, long dataBytes) {
        JsonNode root;
        try {
            root = JSON.readTree(json);
        } catch (JacksonException e) {
            throw broken(file, "its header is not valid JSON (" + e.getOriginalMessage() + ")");
        }
        if (!root.isObject()) {
            throw broken(file, "its header is not a JSON object");
        }
        JsonNode metadata = root.path("__metadata__");
        boolean texts = metadata.isObject() && metadata.valueStream().allMatch(JsonNode::isString);
        if (!texts && !metadata.isMissingNode() && !metadata.isNull()) {
            throw broken(file, "its __metadata__ is not a map of texts");
        }
        List<Map.Entry<String, Entry>> found = new ArrayList<>();
        for (Map.Entry<String, JsonNode> property : root.properties()) {
            if (!property.getKey().equals("__metadata__")) {
                found.add(Map.entry(property.getKey(), entry(file, property.getKey(), property.getValue())));
            }
        }
        // An empty tensor starts where the next one does, and comes first.
        found.sort(Comparator.comparingLong(
                        (Map.Entry<String, Entry> e) -> e.getValue().begin())
                .thenComparingLong(e -> e.getValue().length()));
        Map<String, Entry> entries = new LinkedHashMap<>();
        long position = 0;
        for (Map.Entry<String, Entry> next : found) {
            Entry entry = next.getValue();
            if (entry.begin() != position) {
                throw broken(file, "the bytes of tensor " + next.getKey() + " overlap others or leave a gap");
            }
            position += entry.length();
            entries.put(next.getKey(), entry);
        }
        if (position != dataBytes) {
            throw broken(file, "its tensors take " + position + " bytes but " + dataBytes + " follow the header");
        }
        return entries;
    }

    private static Entry entry(Path file, String name, JsonNode node) {
        ScalarType type = TYPES.get(node.path("dtype").asString(""));
        if (type == null) {
            throw broken(file, "tensor " + name + " has the unknown type " + node.path("dtype"));
        }
        JsonNode shapeNode = node.path("shape");
        JsonNode offsets = node.path("data_offsets");
        if (!shapeNode.isArray() || !offsets.isArray() || offsets.size() != 2) {
            throw broken(file, "tensor " + name + " lacks its shape or data_offsets");
        }
        long[] shape = new long[shapeNode.size()];
        long length = StridedTensor.elementBytes(type);
        try {
            for (int d = 0; d < shape.length; d++) {
                shape[d] = wholeNumber(shapeNode.get(d));
                length = Math.multiplyExact(length, shape[d]);
            }
            long begin = wholeNumber(offsets.get(0));
            if (Math.subtractExact(wholeNumber(offsets.get(1)), begin) != length) {
                throw broken(
                        file,
                        "tensor " + name + " of shape " + shapeNode + " does not fill its data_offsets " + offsets);
            }
            return new Entry(type, shape, begin, length);
        } catch (ArithmeticException e) {
            throw broken(file, "tensor " + name + " has an impossible shape " + shapeNode + " or offsets " + offsets);
        }
    }

    private static long wholeNumber(JsonNode node) {
        if (!node.isIntegralNumber() || !node.canConvertToLong() || node.asLong() < 0) {
            throw new ArithmeticException("not a size: " + node);
        }
        return node.asLong();
    }

    private static TrainerException broken(Path file, String why) {
        return new TrainerException(
                file + " is not a whole safetensors file: " + why + "; copy or download the file again.");
    }

    /** The name safetensors gives a type. */
    static String typeName(ScalarType type) {
        return TYPES.entrySet().stream()
                .filter(e -> e.getValue() == type)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no safetensors type for " + type));
    }
}
