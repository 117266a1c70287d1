package io.trainer4j.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import io.trainer4j.text.SentencePieceModel.Algorithm;
import io.trainer4j.text.SentencePieceModel.Piece;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SentencePieceModelTest {
    private static final Path FILE = Path.of("tokenizer.model");

    private static ProtobufWriter pieces() {
        return new ProtobufWriter()
                .piece("<unk>", 0, 2)
                .piece("<s>", 0, 3)
                .piece("<tool>", 0, 4)
                .piece("▁a", -1.5f, 1);
    }

    @Test
    void fieldsLeftOutHaveTheirDefaults() {
        SentencePieceModel model = SentencePieceModel.parse(pieces().toBytes(), FILE);
        assertThat(model.pieces()).hasSize(4).last().isEqualTo(new Piece("▁a", -1.5f, 1));
        assertThat(model.pieces().get(1).isControl()).isTrue();
        assertThat(model.pieces().get(2).isUserDefined()).isTrue();
        assertThat(model.trainer())
                .isEqualTo(new SentencePieceModel.Trainer(Algorithm.UNIGRAM, false, 0, 1, 2, "<unk>", "<s>", "</s>"));
        assertThat(model.normalizer()).isEqualTo(new SentencePieceModel.Normalizer("", true, true));
    }

    @Test
    void readsEveryFieldThatCountsAndSkipsTheOthers() {
        ProtobufWriter trainer = new ProtobufWriter()
                .text(1, "corpus.txt")
                .integer(3, 2)
                .floatValue(10, 0.5f)
                .fixed64(99, 7)
                .integer(35, 1)
                .integer(40, 3)
                .integer(41, -1)
                .integer(42, 1)
                .text(45, "<?>")
                .text(46, "<b>")
                .text(47, "<e>");
        ProtobufWriter normalizer =
                new ProtobufWriter().bytes(2, CharsMapTest.none()).integer(3, 0).integer(4, 0);
        SentencePieceModel model = SentencePieceModel.parse(
                pieces().message(2, trainer)
                        .message(3, normalizer)
                        .integer(200, 5)
                        .toBytes(),
                FILE);
        assertThat(model.trainer())
                .isEqualTo(new SentencePieceModel.Trainer(Algorithm.BPE, true, 3, -1, 1, "<?>", "<b>", "<e>"));
        assertThat(model.normalizer())
                .isEqualTo(new SentencePieceModel.Normalizer(
                        Base64.getEncoder().encodeToString(CharsMapTest.none()), false, false));
    }

    @Test
    void refusesWhatItCannotRun() {
        refuses(new byte[0], "holds no pieces");
        refuses(pieces().piece("b", Float.NaN, 1).toBytes(), "gives the piece \"b\" the score NaN");
        refuses(pieces().message(2, new ProtobufWriter().integer(3, 4)).toBytes(), "of type 4; only Unigram (1)");
        refuses(pieces().message(2, new ProtobufWriter().integer(40, 4)).toBytes(), "the id 4, but holds 4 pieces");
        refuses(new ProtobufWriter().integer(1, 3).toBytes(), "wire type 0 instead of 2");
        refuses(new ProtobufWriter().bytes(1, new byte[] {0x0A, 1, (byte) 0xFF}).toBytes(), "not UTF-8");
        refuses(new byte[] {0x0A, 100, 1}, "a field of 100 bytes has 1 left");
        refuses(new byte[] {0x23}, "unknown wire type 3");
        refuses(new byte[] {0x02}, "a field has the number 0");
        refuses(new byte[] {(byte) 0x80}, "cut off in the middle of a number");
        byte[] endless = new byte[11];
        Arrays.fill(endless, (byte) 0x80);
        refuses(endless, "more than 10 bytes");
        refuses(new byte[] {0x25, 1}, "a field of 4 bytes has 1 left");
    }

    @Test
    void aDamagedFileIsReadOrRefusedInOneSentence() {
        byte[] whole = pieces().message(2, new ProtobufWriter().integer(3, 2).text(45, "<unk>"))
                .message(3, new ProtobufWriter().bytes(2, CharsMapTest.none()))
                .toBytes();
        Random random = new Random(5);
        for (int length = 0; length < whole.length; length++) {
            readOrRefuse(Arrays.copyOf(whole, length));
        }
        for (int i = 0; i < 5000; i++) {
            byte[] damaged = whole.clone();
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            readOrRefuse(damaged);
        }
    }

    private static void readOrRefuse(byte[] content) {
        try {
            assertThat(SentencePieceModel.parse(content, FILE).pieces()).isNotEmpty();
        } catch (TrainerException e) {
            assertThat(e).hasMessageStartingWith("tokenizer.model ");
        }
    }

    private static void refuses(byte[] content, String message) {
        assertThatThrownBy(() -> SentencePieceModel.parse(content, FILE))
                .isInstanceOf(TrainerException.class)
                .hasMessageContaining(message);
    }
}
