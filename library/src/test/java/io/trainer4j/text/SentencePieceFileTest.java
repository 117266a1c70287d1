package io.trainer4j.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SentencePieceFileTest {
    private static final Path FILE = Path.of("m/spiece.model");
    private static final int UNIGRAM = 1;
    private static final int BPE = 2;

    @Test
    void t5AppendsItsExtraTokensFromTheLastToTheFirst() {
        JsonNode model = file(UNIGRAM, none())
                .tokenizer(TokenizerClass.T5, read("{'extra_ids':3}"))
                .path("model");

        assertThat(model.path("vocab").values().stream()
                        .map(piece -> piece.path(0).asString()))
                .containsExactly(
                        "<unk>", "<s>", "</s>", "<tool>", "▁a", "b", "<extra_id_2>", "<extra_id_1>", "<extra_id_0>");
        assertThat(model.path("unk_id").asInt()).isZero();
        assertThat(model.path("vocab").path(4).path(1).asDouble()).isEqualTo(-1.5);
    }

    @Test
    void t5HasAHundredExtraTokensUnlessTold() {
        SentencePieceFile file = file(UNIGRAM, none());

        assertThat(file.addedTokens(TokenizerClass.T5, read("{}")))
                .extracting(AddedToken::content)
                .hasSize(103)
                .startsWith("<s>", "</s>", "<tool>", "<extra_id_99>")
                .endsWith("<extra_id_0>");
        assertThat(file.addedTokens(TokenizerClass.T5, read("{'extra_ids':0}"))).hasSize(3);
    }

    @Test
    void controlPiecesAreSpecialAndTheUsersOwnAreNot() {
        List<AddedToken> tokens = file(UNIGRAM, none()).addedTokens(TokenizerClass.OTHER, read("{}"));

        assertThat(tokens)
                .containsExactly(AddedToken.special("<s>"), AddedToken.special("</s>"), AddedToken.plain("<tool>"));
    }

    @Test
    void xlmRobertaPutsFairseqsTokensFirstAndTheMaskLast() {
        JsonNode model = file(UNIGRAM, none())
                .tokenizer(TokenizerClass.XLM_ROBERTA, read("{}"))
                .path("model");

        assertThat(model.path("vocab").values().stream()
                        .map(piece -> piece.path(0).asString()))
                .containsExactly("<s>", "<pad>", "</s>", "<unk>", "<tool>", "▁a", "b", "<mask>");
        assertThat(model.path("unk_id").asInt()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
            {}                                          | first  | true
            {'legacy':true}                             | always | true
            {'legacy':null}                             | first  | true
            {'add_prefix_space':false}                  | never  | false
            {'add_prefix_space':false,'legacy':true}    | never  | false
            """)
    void llamaPutsASpaceInFrontAsItsConfigurationSays(String config, String scheme, boolean stripped) {
        JsonNode tokenizer = file(BPE, none()).tokenizer(TokenizerClass.LLAMA, read(config));

        assertThat(tokenizer.path("pre_tokenizer").path("prepend_scheme").asString())
                .isEqualTo(scheme);
        assertThat(tokenizer.path("decoder").path("decoders").size()).isEqualTo(stripped ? 4 : 3);
        assertThat(tokenizer.path("model").path("byte_fallback").asBoolean()).isTrue();
        assertThat(tokenizer.path("model").path("unk_token").isNull()).isTrue();
    }

    @Test
    void aModelOfNoClassFollowsItsOwnNormalizer() {
        ProtobufWriter plain = new ProtobufWriter().integer(3, 0).integer(4, 0);
        JsonNode asIs = file(UNIGRAM, plain).tokenizer(TokenizerClass.OTHER, read("{}"));
        assertThat(asIs.path("normalizer").path("normalizers"))
                .isEqualTo(read("[{'type':'Replace','pattern':{'String':' '},'content':'▁'}]"));
        assertThat(asIs.path("pre_tokenizer").isNull()).isTrue();
        assertThat(asIs.path("decoder").path("decoders").size()).isEqualTo(3);

        ProtobufWriter rules = new ProtobufWriter().bytes(2, CharsMapTest.none());
        JsonNode usual = file(BPE, rules).tokenizer(TokenizerClass.OTHER, read("{}"));
        assertThat(usual.path("normalizer").path("normalizers").values().stream()
                        .map(step -> step.path("type").asString()))
                .containsExactly("Precompiled", "Strip", "Replace", "Replace");
        assertThat(usual.path("normalizer")
                        .path("normalizers")
                        .path(0)
                        .path("precompiled_charsmap")
                        .asString())
                .isEqualTo(Base64.getEncoder().encodeToString(CharsMapTest.none()));
        assertThat(usual.path("pre_tokenizer").path("prepend_scheme").asString())
                .isEqualTo("first");
        assertThat(usual.path("model").path("unk_token").asString()).isEqualTo("<unk>");
    }

    @Test
    void theModelTellsItsOwnSpecialTokens() {
        assertThat(file(UNIGRAM, none()).specialTokens())
                .isEqualTo(Map.of("unk_token", "<unk>", "bos_token", "<s>", "eos_token", "</s>"));
        ProtobufWriter without =
                new ProtobufWriter().integer(41, -1).integer(42, -1).text(45, "<?>");
        SentencePieceModel model =
                SentencePieceModel.parse(pieces().message(2, without).toBytes(), FILE);
        assertThat(new SentencePieceFile(model, FILE).specialTokens()).isEqualTo(Map.of("unk_token", "<?>"));
    }

    @ParameterizedTest
    @EnumSource(
            value = TokenizerClass.class,
            names = {"LLAMA", "GEMMA", "T5", "XLM_ROBERTA"})
    void theOtherAlgorithmIsRefusedWithAWayOut(TokenizerClass type) {
        boolean bytePairs = type == TokenizerClass.LLAMA || type == TokenizerClass.GEMMA;
        SentencePieceFile wrong = file(bytePairs ? UNIGRAM : BPE, none());

        assertThatThrownBy(() -> wrong.tokenizer(type, read("{}")))
                .isExactlyInstanceOf(TrainerException.class)
                .hasMessage(
                        "m/spiece.model is a %s model, but %s needs %s; write \"tokenizer_class\":"
                                + " \"PreTrainedTokenizerFast\" in tokenizer_config.json to use the file as it is.",
                        bytePairs ? "UNIGRAM" : "BPE", type.className(), bytePairs ? "BPE" : "UNIGRAM");
    }

    private static SentencePieceFile file(int algorithm, ProtobufWriter normalizer) {
        byte[] content = pieces().message(2, new ProtobufWriter().integer(3, algorithm))
                .message(3, normalizer)
                .toBytes();
        return new SentencePieceFile(SentencePieceModel.parse(content, FILE), FILE);
    }

    private static ProtobufWriter pieces() {
        return new ProtobufWriter()
                .piece("<unk>", 0, 2)
                .piece("<s>", 0, 3)
                .piece("</s>", 0, 3)
                .piece("<tool>", 0, 4)
                .piece("▁a", -1.5f, 1)
                .piece("b", -2, 1);
    }

    private static ProtobufWriter none() {
        return new ProtobufWriter();
    }

    private static JsonNode read(String json) {
        return JsonMapper.shared().readTree(json.replace('\'', '"'));
    }
}
