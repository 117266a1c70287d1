package io.trainer4j.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class ConfiguredTokensTest {
    @Test
    void rolesStandInTheirOrderAndNullLeavesOneOut() {
        Map<String, AddedToken> named = ConfiguredTokens.named(
                read("{'mask_token':'[M]','eos_token':'</s>','cls_token':null,'bos_token':{'content':'<s>'}}"),
                read("{}"),
                TokenizerClass.BERT,
                token -> true);

        assertThat(named.keySet())
                .containsExactly("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "mask_token");
        assertThat(named).containsEntry("mask_token", AddedToken.special("[M]"));
    }

    @Test
    void assumedTokensCountOnlyWhereTheyMay() {
        assertThat(ConfiguredTokens.named(read("{}"), read("{}"), TokenizerClass.BERT, "[PAD]"::equals))
                .containsOnlyKeys("pad_token");
        assertThat(ConfiguredTokens.named(read("{'pad_token':'<p>'}"), read("{}"), TokenizerClass.OTHER, t -> false))
                .containsEntry("pad_token", AddedToken.special("<p>"));
    }

    @Test
    void theMapOfSpecialTokensCountsBesideAnOldConfigurationOnly() {
        JsonNode map = read("{'eos_token':'<old>','additional_special_tokens':['<m>']}");

        JsonNode old = read("{'eos_token':'<new>','additional_special_tokens':['<c>']}");
        assertThat(ConfiguredTokens.named(old, map, TokenizerClass.OTHER, t -> true)
                        .get("eos_token")
                        .content())
                .isEqualTo("<old>");
        assertThat(ConfiguredTokens.extra(old, map)).containsExactly(AddedToken.special("<m>"));

        JsonNode recent = read("{'eos_token':'<new>','additional_special_tokens':['<c>'],'added_tokens_decoder':{}}");
        assertThat(ConfiguredTokens.named(recent, map, TokenizerClass.OTHER, t -> true)
                        .get("eos_token")
                        .content())
                .isEqualTo("<new>");
        assertThat(ConfiguredTokens.extra(recent, map)).containsExactly(AddedToken.special("<c>"));
    }

    @Test
    void tokensWithoutARoleAreAListOrNamed() {
        assertThat(ConfiguredTokens.extra(
                        read("{'extra_special_tokens':{'image_token':'<image>'},"
                                + "'additional_special_tokens':[{'content':'<a>','rstrip':true},null]}"),
                        read("{}")))
                .containsExactly(AddedToken.special("<image>"), new AddedToken("<a>", false, false, true, true, true));
    }

    @Test
    void onlyWhatIsMissingIsAddedWithTheIdOfTheVocabularyOrTheNextOne() {
        ObjectNode tokenizer = (ObjectNode)
                read("{'model':{'vocab':{'a':0,'</s>':1}},'added_tokens':[{'id':2,'content':'<x>','special':true}]}");
        Vocabulary vocabulary = Vocabulary.of(tokenizer, Path.of("tokenizer.json"));
        Map<String, AddedToken> named =
                Map.of("eos_token", AddedToken.special("</s>"), "unk_token", AddedToken.special("</s>"));

        assertThat(ConfiguredTokens.addMissing(
                        tokenizer, named, List.of(AddedToken.special("<x>"), AddedToken.special("<y>")), vocabulary))
                .isTrue();

        assertThat(tokenizer.path("added_tokens").values().stream()
                        .map(token ->
                                token.path("id") + " " + token.path("content").asString()))
                .containsExactly("2 <x>", "1 </s>", "3 <y>");
        assertThat(ConfiguredTokens.addMissing(tokenizer, named, List.of(), vocabulary))
                .isFalse();
    }

    @Test
    void aFileWithoutAddedTokensGetsTheList() {
        ObjectNode tokenizer = (ObjectNode) read("{'model':{'vocab':{'a':0}},'added_tokens':null}");
        Vocabulary vocabulary = Vocabulary.of(tokenizer, Path.of("tokenizer.json"));

        ConfiguredTokens.addMissing(tokenizer, Map.of("pad_token", AddedToken.special("<p>")), List.of(), vocabulary);

        assertThat(tokenizer.path("added_tokens").path(0).path("id").asInt()).isEqualTo(1);
    }

    private static JsonNode read(String json) {
        return JsonMapper.shared().readTree(json.replace('\'', '"'));
    }
}
