package io.trainer4j.text;

/** For tokens that spell bytes: decodes UTF-8 as the bytes come and holds back an unfinished character. */
final class ByteLevelStream implements StreamingDecoder {
    private final Vocabulary vocabulary;
    private final SpecialTokens specialTokens;
    private Utf8Stream utf8 = new Utf8Stream();

    ByteLevelStream(Vocabulary vocabulary, SpecialTokens specialTokens) {
        this.vocabulary = vocabulary;
        this.specialTokens = specialTokens;
    }

    @Override
    public String put(int id) {
        if (specialTokens == SpecialTokens.SKIP && vocabulary.isSpecial(id)) {
            return "";
        }
        return vocabulary.token(id).map(ByteAlphabet::bytes).map(utf8::decode).orElse("");
    }

    @Override
    public String end() {
        utf8 = new Utf8Stream();
        return "";
    }
}
