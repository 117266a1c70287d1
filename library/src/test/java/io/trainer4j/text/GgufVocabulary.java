package io.trainer4j.text;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The vocabulary in a GGUF file, written again as the files a model's folder has. */
final class GgufVocabulary {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int UNKNOWN = 2;
    private static final int CONTROL = 3;
    private static final int USER_DEFINED = 4;

    private final Map<String, Object> fields = new HashMap<>();

    private GgufVocabulary() {}

    static GgufVocabulary read(Path file) throws IOException {
        GgufVocabulary vocabulary = new GgufVocabulary();
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer buffer = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size())
                    .order(ByteOrder.LITTLE_ENDIAN);
            buffer.position(16); // magic, version, number of tensors
            for (long left = buffer.getLong(); left > 0; left--) {
                vocabulary.fields.put(text(buffer), value(buffer.getInt(), buffer));
            }
        }
        return vocabulary;
    }

    private static Object value(int type, ByteBuffer buffer) {
        return switch (type) {
            case 0, 1, 7 -> (int) buffer.get();
            case 2, 3 -> (int) buffer.getShort();
            case 4, 5 -> buffer.getInt();
            case 6 -> buffer.getFloat();
            case 8 -> text(buffer);
            case 9 -> {
                int element = buffer.getInt();
                List<Object> values = new ArrayList<>();
                for (long left = buffer.getLong(); left > 0; left--) {
                    values.add(value(element, buffer));
                }
                yield values;
            }
            case 10, 11, 12 -> buffer.getLong();
            default -> throw new IllegalStateException("type " + type);
        };
    }

    private static String text(ByteBuffer buffer) {
        byte[] bytes = new byte[Math.toIntExact(buffer.getLong())];
        buffer.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private List<?> list(String name) {
        return (List<?>) fields.get("tokenizer.ggml." + name);
    }

    int size() {
        return list("tokens").size();
    }

    private String token(int id) {
        return (String) list("tokens").get(id);
    }

    private int type(int id) {
        return (int) list("token_type").get(id);
    }

    /** {@code tokenizer.json} of a byte level BPE with this normalizer (JSON or null) and these steps before it. */
    void writeBytePairs(Path folder, String normalizer, String preTokenizer) throws IOException {
        ObjectNode root = JSON.createObjectNode();
        ArrayNode added = root.putArray("added_tokens");
        ObjectNode model = root.putObject("model").put("type", "BPE");
        ObjectNode vocab = model.putObject("vocab");
        for (int id = 0; id < size(); id++) {
            vocab.put(token(id), id);
            if (type(id) == CONTROL || type(id) == USER_DEFINED) {
                added.addObject()
                        .put("id", id)
                        .put("content", token(id))
                        .put("single_word", false)
                        .put("lstrip", false)
                        .put("rstrip", false)
                        .put("normalized", false)
                        .put("special", type(id) == CONTROL);
            }
        }
        ArrayNode merges = model.putArray("merges");
        list("merges").forEach(merge -> merges.add((String) merge));
        root.set("normalizer", JSON.readTree(normalizer));
        root.set("pre_tokenizer", JSON.readTree(preTokenizer));
        root.putObject("decoder")
                .put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", true)
                .put("use_regex", true);
        Files.writeString(folder.resolve("tokenizer.json"), root.toString());
    }

    /** {@code tokenizer.model} of a SentencePiece BPE with bytes, whose texts are not normalized. */
    void writeSentencePiece(Path folder) throws IOException {
        ProtobufWriter model = new ProtobufWriter();
        for (int id = 0; id < size(); id++) {
            model.piece(token(id), (float) list("scores").get(id), id == 0 ? UNKNOWN : type(id));
        }
        model.message(2, new ProtobufWriter().integer(3, 2).integer(35, 1));
        model.message(3, new ProtobufWriter().integer(3, 1).integer(4, 0));
        Files.write(folder.resolve("tokenizer.model"), model.toBytes());
    }

    /** {@code vocab.txt}; the file marks where a word begins, WordPiece where it goes on. */
    void writeWordPieces(Path folder) throws IOException {
        Set<String> special = Set.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");
        Files.write(
                folder.resolve("vocab.txt"),
                IntStream.range(0, size())
                        .mapToObj(id -> {
                            String token = token(id);
                            if (token.startsWith("▁")) {
                                return token.substring(1);
                            }
                            return special.contains(token) || token.startsWith("[unused") ? token : "##" + token;
                        })
                        .toList());
    }
}
