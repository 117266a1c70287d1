package io.trainer4j.text;

import io.trainer4j.TrainerException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Ranks of tiktoken, a line for every token: its bytes in Base64, a space, its rank. transformers' {@code
 * TikTokenConverter} (convert_slow_tokenizer.py).
 */
final class TiktokenFile {
    /** How Llama 3 and GPT-4 split a text into words. */
    private static final String WORD = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
            + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    private static final Pattern LINE = Pattern.compile("([A-Za-z0-9+/]+={0,2}) ([0-9]{1,9})");

    private TiktokenFile() {}

    /** Whether a file starts like one of tiktoken; a SentencePiece model starts with a line feed. */
    static boolean isTiktoken(byte[] content) {
        int length = 0;
        while (length < content.length && content[length] != '\n') {
            length++;
        }
        String first = new String(content, 0, length, StandardCharsets.ISO_8859_1).stripTrailing();
        return LINE.matcher(first).matches();
    }

    static ObjectNode tokenizer(TokenizerFiles files, String name) {
        ObjectNode tokenizer = JsonMapper.shared().createObjectNode();
        tokenizer.putNull("normalizer");
        tokenizer.set(
                "pre_tokenizer",
                Steps.sequence("pretokenizers", Steps.splitByRegex(WORD), Steps.byteLevel(false, true, false)));
        tokenizer.set("decoder", Steps.byteLevelDecoder());
        ObjectNode model = tokenizer.putObject("model").put("type", "BPE");
        model.putNull("dropout").putNull("unk_token");
        model.putNull("continuing_subword_prefix").putNull("end_of_word_suffix");
        model.put("fuse_unk", false).put("byte_fallback", false).put("ignore_merges", true);
        Map<String, Integer> ranks = ranks(files, name);
        ObjectNode vocabulary = model.putObject("vocab");
        ranks.forEach(vocabulary::put);
        MergeList.writeForRanks(ranks, model.putArray("merges"));
        return tokenizer;
    }

    private static Map<String, Integer> ranks(TokenizerFiles files, String name) {
        Map<String, Integer> ranks = new LinkedHashMap<>();
        List<String> lines = files.lines(name);
        for (int i = 0; i < lines.size(); i++) {
            var line = LINE.matcher(lines.get(i));
            if (!line.matches()) {
                throw new TrainerException(files.file(name) + ", line " + (i + 1)
                        + ", is not a token in Base64 with its rank; copy the file again.");
            }
            ranks.put(spell(decode(line.group(1), files, name, i + 1)), Integer.valueOf(line.group(2)));
        }
        return ranks;
    }

    private static byte[] decode(String base64, TokenizerFiles files, String name, int line) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new TrainerException(
                    files.file(name) + ", line " + line + ", is not Base64 (" + e.getMessage()
                            + "); copy the file again.",
                    e);
        }
    }

    private static String spell(byte[] token) {
        StringBuilder spelled = new StringBuilder(token.length);
        for (byte value : token) {
            spelled.append(ByteAlphabet.character(Byte.toUnsignedInt(value)));
        }
        return spelled.toString();
    }
}
