package io.trainer4j.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class VocabularyTest {
    @Test
    void idsOfAnObjectAreWritten() {
        Vocabulary vocabulary = vocabulary("{'vocab':{'a':3,'b':0}}", "[]");

        assertThat(vocabulary.id("a")).hasValue(3);
        assertThat(vocabulary.token(0)).contains("b");
        assertThat(vocabulary.token(1)).isEmpty();
        assertThat(vocabulary.id("c")).isEmpty();
        assertThat(vocabulary.size()).isEqualTo(2);
    }

    @Test
    void idsOfAListAreItsPlaces() {
        Vocabulary vocabulary = vocabulary("{'vocab':[['<unk>',0],['▁a',-1.5],['b',-2]]}", "[]");

        assertThat(vocabulary.id("b")).hasValue(2);
        assertThat(vocabulary.token(1)).contains("▁a");
        assertThat(vocabulary.size()).isEqualTo(3);
    }

    // Tokenizer(Unigram([("a", 0), ("a", -1), ("b", -2)], 0)) of tokenizers 0.23.2: token_to_id gives 1 and 2,
    // get_vocab_size() 3, and a token added after that 3
    @Test
    void aPieceThatStandsTwiceInAListDoesNotMoveThoseAfterIt() {
        Vocabulary vocabulary = vocabulary("{'vocab':[['a',0],['a',-1],['b',-2]]}", "[]");

        assertThat(vocabulary.id("a")).hasValue(1);
        assertThat(vocabulary.id("b")).hasValue(2);
        assertThat(vocabulary.token(2)).contains("b");
        assertThat(vocabulary.size()).isEqualTo(3);
        assertThat(vocabulary("{'vocab':[['a',0],['a',-1],['b',-2]]}", "[{'id':3,'content':'<x>'}]")
                        .size())
                .isEqualTo(4);
    }

    @Test
    void addedTokensCountOnceAndMayBeSpecial() {
        Vocabulary vocabulary = vocabulary(
                "{'vocab':{'a':0,'</s>':1}}",
                "[{'id':1,'content':'</s>','special':true},{'id':2,'content':'<x>','special':false}]");

        assertThat(vocabulary.size()).isEqualTo(3);
        assertThat(vocabulary.id("<x>")).hasValue(2);
        assertThat(vocabulary.isSpecial(1)).isTrue();
        assertThat(vocabulary.isSpecial(2)).isFalse();
        assertThat(vocabulary.isSpecial(0)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{'vocab':null}", "{'vocab':'a'}", "{'vocab':3}"})
    void aFileWithoutTokensIsNamed(String model) {
        assertThatThrownBy(() -> vocabulary(model, "[]"))
                .isInstanceOf(TrainerException.class)
                .hasMessage("t/tokenizer.json has no vocabulary under model.vocab; copy the file again.");
    }

    private static Vocabulary vocabulary(String model, String added) {
        String json = "{'model':" + model + ",'added_tokens':" + added + "}";
        return Vocabulary.of(JsonMapper.shared().readTree(json.replace('\'', '"')), Path.of("t/tokenizer.json"));
    }
}
