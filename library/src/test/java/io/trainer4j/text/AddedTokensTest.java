package io.trainer4j.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class AddedTokensTest {
    private final Map<String, byte[]> contents = new LinkedHashMap<>();
    private final Map<String, AddedToken> named = new LinkedHashMap<>();

    @Test
    void tokensOfTheVocabularyKeepTheirIdsAndOthersFollow() {
        named.put("eos_token", AddedToken.special("</s>"));
        named.put("pad_token", AddedToken.special("<pad>"));

        assertThat(written("{}", List.of(AddedToken.plain("<tool>"))))
                .containsExactly("1 </s> special", "2 <pad> special", "3 <tool>");
    }

    @Test
    void statedTokensComeFirstAndSpecialOnesWithoutARoleBehindThoseWithOne() {
        contents.put("added_tokens.json", json("{'<y>':3,'<x>':2}"));
        named.put("pad_token", AddedToken.special("<pad>"));

        assertThat(written("{'additional_special_tokens':['<extra>']}", List.of()))
                .containsExactly("2 <x>", "3 <y>", "4 <pad> special", "5 <extra> special");
    }

    @Test
    void aStatedTokenWithARoleIsSpecial() {
        contents.put("added_tokens.json", json("{'<pad>':2}"));
        named.put("pad_token", AddedToken.special("<pad>"));

        assertThat(written("{}", List.of())).containsExactly("2 <pad> special");
    }

    @Test
    void theDecoderOfTheConfigurationReplacesTheFile() {
        contents.put("added_tokens.json", json("{'<y>':2}"));

        assertThat(written(
                        "{'added_tokens_decoder':{'3':{'content':'<z>','lstrip':true},"
                                + "'2':{'content':'<x>','special':true}}}",
                        List.of()))
                .containsExactly("2 <x> special", "3 <z>");
    }

    @Test
    void aTokenThatOneFileCallsSpecialIsSpecial() {
        assertThat(written(
                        "{'added_tokens_decoder':{'2':{'content':'<x>','rstrip':true}}}",
                        List.of(AddedToken.special("<x>"))))
                .containsExactly("2 <x> special");
    }

    @Test
    void aStatedIdThatDoesNotFollowIsNamed() {
        contents.put("added_tokens.json", json("{'a':7}"));

        assertThatThrownBy(() -> written("{}", List.of()))
                .isExactlyInstanceOf(TrainerException.class)
                .hasMessage("m/added_tokens.json gives the token \"a\" the id 7, but it follows a vocabulary in which"
                        + " it has the id 0; copy all files from the same model.");
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
            'x'                      | the id "x"; an id is a whole number from 0 on.
            -1                       | the id -1; an id is a whole number from 0 on.
            1.5                      | the id 1.5; an id is a whole number from 0 on.
            null                     | the id null; an id is a whole number from 0 on.
            """)
    void whatIsNoIdIsNamed(String id, String message) {
        contents.put("added_tokens.json", json("{'<x>':" + id + "}"));

        assertThatThrownBy(() -> written("{}", List.of()))
                .isExactlyInstanceOf(TrainerException.class)
                .hasMessage("m/added_tokens.json gives the token \"<x>\" " + message);
    }

    /** Fields and their order: {@code Tokenizer.to_str()} of tokenizers 0.23.2 for the same two tokens. */
    @Test
    void aTokenIsWrittenAsTokenizersWritesIt() {
        ArrayNode written = JsonMapper.shared().createArrayNode();
        AddedToken.of(read("{'content':'x','lstrip':true}")).orElseThrow().appendTo(written, 0);
        AddedToken.special(read("'y'")).orElseThrow().appendTo(written, 1);

        assertThat(written.toString().replace('"', '\''))
                .isEqualTo("[{'id':0,'content':'x','single_word':false,'lstrip':true,'rstrip':false,"
                        + "'normalized':true,'special':false},{'id':1,'content':'y','single_word':false,"
                        + "'lstrip':false,'rstrip':false,'normalized':false,'special':true}]");
    }

    @Test
    void whatIsNeitherTextNorObjectIsNoToken() {
        assertThat(AddedToken.special(read("null"))).isEmpty();
        assertThat(AddedToken.special(read("3"))).isEmpty();
        assertThat(AddedToken.special(read("{}"))).isEmpty();
        assertThat(AddedToken.special(read("{'content':'x','normalized':true}")))
                .contains(new AddedToken("x", false, false, false, true, true));
    }

    /** The tokens added to a vocabulary of two. */
    private List<String> written(String config, List<AddedToken> pieces) {
        TokenizerFiles files = new TokenizerFiles(Path.of("m"), contents);
        ObjectNode tokenizer = JsonMapper.shared().createObjectNode();
        AddedTokens.of(files, read(config), named, pieces)
                .writeTo(tokenizer, (ObjectNode) read("{'model':{'vocab':{'a':0,'</s>':1}}}"));
        return tokenizer.path("added_tokens").values().stream()
                .map(token -> token.path("id") + " " + token.path("content").asString()
                        + (token.path("special").asBoolean() ? " special" : ""))
                .toList();
    }

    private static byte[] json(String text) {
        return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    private static JsonNode read(String json) {
        return JsonMapper.shared().readTree(json.replace('\'', '"'));
    }
}
