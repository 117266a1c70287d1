package io.trainer4j.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What tokenizers 0.23.2 writes for the same steps with {@code Tokenizer.to_str()}. */
class StepsTest {
    static Stream<Arguments> steps() {
        return Stream.of(
                Arguments.of(
                        Steps.metaspace("first", false),
                        "{'type':'Metaspace','replacement':'▁','prepend_scheme':'first','split':false}"),
                Arguments.of(
                        Steps.byteLevel(false, true, false),
                        "{'type':'ByteLevel','add_prefix_space':false,'trim_offsets':true,'use_regex':false}"),
                Arguments.of(
                        Steps.byteLevelDecoder(),
                        "{'type':'ByteLevel','add_prefix_space':true,'trim_offsets':true,'use_regex':true}"),
                Arguments.of(
                        Steps.splitByRegex("a+"),
                        "{'type':'Split','pattern':{'Regex':'a+'},'behavior':'Isolated','invert':false}"),
                Arguments.of(
                        Steps.sequence("normalizers", Steps.step("NFC"), Steps.replace(" ", Steps.SPACE)),
                        "{'type':'Sequence','normalizers':[{'type':'NFC'},"
                                + "{'type':'Replace','pattern':{'String':' '},'content':'▁'}]}"),
                Arguments.of(
                        Steps.pieceDecoder(true),
                        "{'type':'Sequence','decoders':[{'type':'Replace','pattern':{'String':'▁'},'content':' '},"
                                + "{'type':'ByteFallback'},{'type':'Fuse'},"
                                + "{'type':'Strip','content':' ','start':1,'stop':0}]}"),
                Arguments.of(
                        Steps.pieceDecoder(false),
                        "{'type':'Sequence','decoders':[{'type':'Replace','pattern':{'String':'▁'},'content':' '},"
                                + "{'type':'ByteFallback'},{'type':'Fuse'}]}"));
    }

    @ParameterizedTest
    @MethodSource
    void steps(JsonNode step, String expected) {
        assertThat(step).isEqualTo(read(expected));
    }

    @Test
    void theTemplateAroundTextsNamesEveryTokenOnce() {
        Vocabulary vocabulary = Vocabulary.of(read("{'model':{'vocab':{'a':0,'<s>':1,'</s>':2}}}"), null);

        assertThat(PostProcessor.around(Optional.of("<s>"), Optional.of("</s>")).json(vocabulary))
                .isEqualTo(read("{'type':'TemplateProcessing','single':[{'SpecialToken':{'id':'<s>','type_id':0}},"
                        + "{'Sequence':{'id':'A','type_id':0}},{'SpecialToken':{'id':'</s>','type_id':0}}],"
                        + "'pair':[{'SpecialToken':{'id':'<s>','type_id':0}},{'Sequence':{'id':'A','type_id':0}},"
                        + "{'SpecialToken':{'id':'</s>','type_id':0}},{'SpecialToken':{'id':'<s>','type_id':1}},"
                        + "{'Sequence':{'id':'B','type_id':1}},{'SpecialToken':{'id':'</s>','type_id':1}}],"
                        + "'special_tokens':{'<s>':{'id':'<s>','ids':[1],'tokens':['<s>']},"
                        + "'</s>':{'id':'</s>','ids':[2],'tokens':['</s>']}}}"));
    }

    @Test
    void aTextAloneNeedsNoToken() {
        JsonNode template = PostProcessor.around(Optional.empty(), Optional.empty())
                .json(Vocabulary.of(read("{'model':{'vocab':{'a':0}}}"), null));

        assertThat(template.path("single")).isEqualTo(read("[{'Sequence':{'id':'A','type_id':0}}]"));
        assertThat(template.path("special_tokens")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
            {}                                                       | true  | null  | true
            {'do_lower_case':false}                                  | true  | null  | false
            {'strip_accents':true,'tokenize_chinese_chars':false}    | false | true  | true
            {'strip_accents':null}                                   | true  | null  | true
            """)
    void theNormalizerOfBertFollowsTheConfiguration(String config, boolean chinese, String accents, boolean lowercase) {
        JsonNode normalizer = BertNormalizer.of(read(config));

        assertThat(normalizer)
                .isEqualTo(read("{'type':'BertNormalizer','clean_text':true,'handle_chinese_chars':" + chinese
                        + ",'strip_accents':" + accents + ",'lowercase':" + lowercase + "}"));
    }

    private static JsonNode read(String json) {
        return JsonMapper.shared().readTree(json.replace('\'', '"'));
    }
}
