package io.trainer4j.text;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** For tokens that spell bytes: decodes UTF-8 as the bytes come and holds back an unfinished character. */
final class ByteLevelStream implements StreamingDecoder {
    private final Vocabulary vocabulary;
    private final SpecialTokens specialTokens;
    private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPLACE);
    private byte[] unfinished = new byte[0];

    ByteLevelStream(Vocabulary vocabulary, SpecialTokens specialTokens) {
        this.vocabulary = vocabulary;
        this.specialTokens = specialTokens;
    }

    @Override
    public String put(int id) {
        if (specialTokens == SpecialTokens.SKIP && vocabulary.isSpecial(id)) {
            return "";
        }
        return vocabulary.token(id).map(ByteAlphabet::bytes).map(this::decode).orElse("");
    }

    @Override
    public String end() {
        unfinished = new byte[0];
        return "";
    }

    private String decode(byte[] bytes) {
        ByteBuffer input = ByteBuffer.allocate(unfinished.length + bytes.length)
                .put(unfinished)
                .put(bytes)
                .flip();
        CharBuffer text = CharBuffer.allocate(input.remaining());
        utf8.decode(input, text, false);
        unfinished = new byte[input.remaining()];
        input.get(unfinished);
        return text.flip().toString();
    }
}
