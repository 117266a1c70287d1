package io.trainer4j.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Streams over made-up vocabularies, in which the text of every token is known. */
class WindowStreamTest {
    /** Words with a space between, as WordPiece decodes them; 9 is a token that is skipped. */
    private static String words(int[] ids) {
        return IntStream.of(ids).filter(id -> id != 9).mapToObj(id -> "w" + id).collect(Collectors.joining(" "));
    }

    /** 1 and 2 are the halves of é, alone a replacement character; others are the letters from a on. */
    private static String halves(int[] ids) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] == 1 && i + 1 < ids.length && ids[i + 1] == 2) {
                text.append('é');
                i++;
            } else {
                text.append(ids[i] <= 2 ? '\uFFFD' : (char) ('a' + ids[i]));
            }
        }
        return text.toString();
    }

    @Test
    void theSpaceBeforeAWordComesWithTheWord() {
        assertThat(pieces(new WindowStream(WindowStreamTest::words), 1, 2, 3)).containsExactly("w1", " w2", " w3", "");
    }

    @Test
    void aTokenWithoutTextBringsNothingAndBreaksNothing() {
        assertThat(pieces(new WindowStream(WindowStreamTest::words), 9, 1, 9, 9, 2))
                .containsExactly("", "w1", "", "", " w2", "");
    }

    @Test
    void halfACharacterWaitsForTheOther() {
        assertThat(pieces(new WindowStream(WindowStreamTest::halves), 3, 1, 2, 4))
                .containsExactly("d", "", "é", "e", "");
    }

    @Test
    void halfACharacterThatStaysAloneIsWrittenWithWhatFollows() {
        assertThat(pieces(new WindowStream(WindowStreamTest::halves), 2, 3)).containsExactly("", "\uFFFDd", "");
        assertThat(pieces(new WindowStream(WindowStreamTest::halves), 3, 1)).containsExactly("d", "", "");
        assertThat(pieces(new WindowStream(WindowStreamTest::halves), 2, 2, 2, 2))
                .containsExactly("", "", "", "\uFFFD".repeat(4), "");
    }

    @Test
    void aStreamThatHasEndedStartsAnew() {
        WindowStream stream = new WindowStream(WindowStreamTest::words);

        assertThat(pieces(stream, 1, 2)).containsExactly("w1", " w2", "");
        assertThat(pieces(stream, 3)).containsExactly("w3", "");
    }

    @Test
    void onlyAFewTokensAreDecodedAgain() {
        List<Integer> lengths = new ArrayList<>();
        WindowStream stream = new WindowStream(ids -> {
            lengths.add(ids.length);
            return words(ids);
        });

        pieces(stream, IntStream.range(10, 300).toArray());

        assertThat(lengths).allMatch(length -> length <= 2);
    }

    @Test
    void bytesWaitForTheirCharacterAndAnUnknownIdHasNoText() {
        Vocabulary vocabulary = Vocabulary.of(
                JsonMapper.shared()
                        .readTree("{\"model\":{\"vocab\":{\"Ã\":0,\"©\":1,\"Ġa\":2}},"
                                + "\"added_tokens\":[{\"id\":3,\"content\":\"<春>\",\"special\":true}]}"),
                Path.of("tokenizer.json"));

        assertThat(pieces(new ByteLevelStream(vocabulary, SpecialTokens.KEEP), 2, 0, 1, 77, 3))
                .containsExactly(" a", "", "é", "", "<春>", "");
        assertThat(pieces(new ByteLevelStream(vocabulary, SpecialTokens.SKIP), 0, 3, 1))
                .containsExactly("", "", "é", "");
        ByteLevelStream twice = new ByteLevelStream(vocabulary, SpecialTokens.KEEP);
        assertThat(pieces(twice, 0)).containsExactly("", "");
        assertThat(pieces(twice, 1)).containsExactly("\uFFFD", "");
    }

    private static List<String> pieces(StreamingDecoder stream, int... ids) {
        List<String> pieces = Arrays.stream(ids).mapToObj(stream::put).collect(Collectors.toCollection(ArrayList::new));
        pieces.add(stream.end());
        return pieces;
    }
}
