package io.trainer4j.text;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Normalizers, pre-tokenizers and decoders as {@code tokenizer.json} writes them; the names are those of that format. */
final class Steps {
    /** Stands for a space in the pieces of SentencePiece, U+2581. */
    static final String SPACE = "▁";

    private Steps() {}

    static ObjectNode step(String type) {
        return JsonMapper.shared().createObjectNode().put("type", type);
    }

    /** Several steps in order; the key is that of the steps' kind, for example {@code normalizers}. */
    static ObjectNode sequence(String key, ObjectNode... steps) {
        ObjectNode sequence = step("Sequence");
        ArrayNode list = sequence.putArray(key);
        for (ObjectNode step : steps) {
            list.add(step);
        }
        return sequence;
    }

    static ObjectNode byteLevel(boolean addPrefixSpace, boolean trimOffsets, boolean useRegex) {
        return step("ByteLevel")
                .put("add_prefix_space", addPrefixSpace)
                .put("trim_offsets", trimOffsets)
                .put("use_regex", useRegex);
    }

    /** The decoder of every byte-level vocabulary. */
    static ObjectNode byteLevelDecoder() {
        return byteLevel(true, true, true);
    }

    static ObjectNode splitByRegex(String regex) {
        ObjectNode split = step("Split");
        split.putObject("pattern").put("Regex", regex);
        return split.put("behavior", "Isolated").put("invert", false);
    }

    static ObjectNode replace(String text, String content) {
        ObjectNode replace = step("Replace");
        replace.putObject("pattern").put("String", text);
        return replace.put("content", content);
    }

    static ObjectNode metaspace(String prependScheme, boolean split) {
        return step("Metaspace")
                .put("replacement", SPACE)
                .put("prepend_scheme", prependScheme)
                .put("split", split);
    }

    /** Decodes pieces of SentencePiece, bytes among them. */
    static ObjectNode pieceDecoder(boolean stripFirstSpace) {
        ObjectNode decoder = sequence("decoders", replace(SPACE, " "), step("ByteFallback"), step("Fuse"));
        if (stripFirstSpace) {
            ((ArrayNode) decoder.path("decoders"))
                    .add(step("Strip").put("content", " ").put("start", 1).put("stop", 0));
        }
        return decoder;
    }
}
