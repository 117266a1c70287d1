package io.trainer4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TurnsTest {
    @Test
    void theLastAnswerIsAskedForByWhatWasSaidBefore() {
        Turns turns = turns("[{'role':'system','content':'s'},{'role':'user','content':'a'},"
                + "{'role':'assistant','content':'b'},{'role':'user','content':'c'},"
                + "{'role':'assistant','content':'d'},{'role':'user','content':'e'}]");
        assertThat(turns.hasAnswer()).isTrue();
        assertThat(turns.answer()).isEqualTo("d");
        assertThat(turns.question().list()).isEqualTo(turns.list().subList(0, 4));
        assertThat(turns.question().text()).isEqualTo("system: s\nuser: a\nassistant: b\nuser: c");
    }

    @Test
    void oneTurnIsShownWithoutItsRoleAndPartsAreJoined() {
        Turns turns = turns("[{'role':'user','content':[{'type':'text','text':'a'},{'type':'image'},"
                + "{'type':'text','text':'b'}]},{'role':'assistant','content':null}]");
        assertThat(turns.question().text()).isEqualTo("ab");
        assertThat(turns.answer()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[{'role':'user','content':'a'}]", "[{'role':'assistant','content':'a'}]"})
    void withoutAQuestionBeforeItThereIsNoAnswer(String cell) {
        assertThat(turns(cell).hasAnswer()).isFalse();
    }

    private static Turns turns(String json) {
        return Turns.of(json.replace('\'', '"'), "messages");
    }
}
