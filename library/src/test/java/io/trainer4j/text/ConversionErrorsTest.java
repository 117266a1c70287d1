package io.trainer4j.text;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConversionErrorsTest {
    @TempDir
    private Path folder;

    @Test
    void aVocabularyNeedsItsMerges() throws IOException {
        write("tokenizer_config.json", "{\"tokenizer_class\":\"GPT2Tokenizer\"}");
        write("vocab.json", "{\"a\":0}");
        refuses("and no merges.txt, from which it could be made");
    }

    @Test
    void mergesNameTokensOfTheVocabulary() throws IOException {
        bytePairs("{\"a\":0,\"b\":1,\"ab\":2}", "#version: 0.2\na b\nb a\n");
        refuses("merges.txt, line 3, names the token \"ba\", which is not in vocab.json");
        bytePairs("{\"a\":0,\"b\":1,\"ab\":2}", "a c");
        refuses("merges.txt, line 1, names the token \"c\"");
    }

    @Test
    void aMergeIsTwoTokens() throws IOException {
        bytePairs("{\"a\":0}", "a a a\n");
        refuses("merges.txt, line 1, is \"a a a\" instead of two tokens");
    }

    @Test
    void vocabJsonHoldsTokensWithIds() throws IOException {
        bytePairs("{}", "");
        refuses("vocab.json holds no tokens");
        bytePairs("{\"a\":\"0\"}", "");
        refuses("vocab.json gives the token \"a\" the id \"0\"");
        bytePairs("{\"a\":-1}", "");
        refuses("the id -1; an id is a whole number from 0 on");
        bytePairs("[\"a\"]", "");
        refuses("vocab.json does not hold a JSON object");
    }

    @Test
    void vocabTxtNeedsTheUnknownToken() throws IOException {
        write("tokenizer_config.json", "{\"tokenizer_class\":\"BertTokenizer\"}");
        write("vocab.txt", "");
        refuses("vocab.txt has no line \"[UNK]\"");
        write("vocab.txt", "[PAD]\nhello\n");
        refuses("vocab.txt has no line \"[UNK]\"");
        Files.write(folder.resolve("vocab.txt"), new byte[] {'a', (byte) 0xFF});
        refuses("vocab.txt is not UTF-8");
    }

    @Test
    void bertNeedsItsTokens() throws IOException {
        write("tokenizer_config.json", "{\"tokenizer_class\":\"BertTokenizer\",\"cls_token\":null}");
        write("vocab.txt", "[UNK]\n");
        refuses("says that there is no cls_token, but BertTokenizer needs one");
    }

    @Test
    void aClassItDoesNotKnowIsNamed() throws IOException {
        write("tokenizer_config.json", "{\"tokenizer_class\":\"XLNetTokenizerFast\"}");
        Files.write(
                folder.resolve("spiece.model"),
                new ProtobufWriter().piece("a", 0, 1).toBytes());
        refuses("is a XLNetTokenizer, which this version cannot convert");
    }

    @Test
    void textFilesDoNotTellTheirClass() throws IOException {
        write("vocab.txt", "[UNK]\n");
        refuses("names no tokenizer_class, which this version cannot convert");
    }

    @Test
    void aPieceModelHasTheAlgorithmOfItsClass() throws IOException {
        write("config.json", "{\"model_type\":\"llama\"}");
        write("tokenizer_config.json", "{}");
        Files.write(
                folder.resolve("tokenizer.model"),
                new ProtobufWriter().piece("a", 0, 1).toBytes());
        refuses("tokenizer.model is a UNIGRAM model, but LlamaTokenizer needs BPE");
        Files.delete(folder.resolve("tokenizer.model"));
        refuses("and no tokenizer.model, from which it could be made");
    }

    @Test
    void aTruncatedPieceModelIsRefused() throws IOException {
        write("config.json", "{\"model_type\":\"t5\"}");
        byte[] whole = new ProtobufWriter().piece("<unk>", 0, 2).toBytes();
        Files.write(folder.resolve("spiece.model"), Arrays.copyOf(whole, whole.length - 3));
        refuses("spiece.model is no complete SentencePiece model: a field of ");
    }

    @Test
    void ranksAreBase64WithNumbers() throws IOException {
        write("tokenizer.model", "YQ== 0\nYg==\n");
        refuses("tokenizer.model, line 2, is not a token in Base64 with its rank");
        write("tokenizer.model", "YQ== 0\nYgg== 1\n");
        refuses("tokenizer.model, line 2, is not Base64");
    }

    @Test
    void addedTokensFollowTheVocabulary() throws IOException {
        bytePairs("{\"a\":0}", "");
        write(
                "tokenizer_config.json",
                "{\"tokenizer_class\":\"GPT2Tokenizer\",\"added_tokens_decoder\":{\"5\":{\"content\":\"<x>\"}}}");
        refuses("tokenizer_config.json gives the token \"<x>\" the id 5, but it follows a vocabulary in which it has"
                + " the id 1");
        write(
                "tokenizer_config.json",
                "{\"tokenizer_class\":\"GPT2Tokenizer\",\"added_tokens_decoder\":{\"x\":{\"content\":\"<x>\"}}}");
        refuses("has the added token \"x\"; an id is a whole number");
        write("tokenizer_config.json", "{\"tokenizer_class\":\"GPT2Tokenizer\",\"added_tokens_decoder\":{\"1\":{}}}");
        refuses("tells no content of the added token 1");
        write("tokenizer_config.json", "{\"tokenizer_class\":\"GPT2Tokenizer\"}");
        write("added_tokens.json", "{\"<x>\":\"1\"}");
        refuses("added_tokens.json gives the token \"<x>\" the id \"1\"");
    }

    private void bytePairs(String vocabulary, String merges) throws IOException {
        write("tokenizer_config.json", "{\"tokenizer_class\":\"GPT2Tokenizer\"}");
        write("vocab.json", vocabulary);
        write("merges.txt", merges);
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(folder.resolve(name), content);
    }

    private void refuses(String message) {
        assertThatThrownBy(() -> AutoTokenizer.fromPretrained(folder).close())
                .isInstanceOf(TrainerException.class)
                .hasMessageContaining(message);
    }
}
