package io.trainer4j.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProtobufReaderTest {
    private static final Path FILE = Path.of("m.model");

    /** Bytes: protobuf.dev/programming-guides/encoding. */
    @ParameterizedTest
    @CsvSource({
        "0801, 1, 1",
        "089601, 1, 150",
        "0800, 1, 0",
        "088000, 1, 0",
        "c03e07, 1000, 7",
        "08ffffffffffffffffff01, 1, -1",
        "08feffffffffffffffff01, 1, -2"
    })
    void readsIntegersOfAnyLength(String hex, int field, long value) {
        ProtobufReader reader = reader(hex);

        assertThat(reader.next()).isEqualTo(field);
        assertThat(reader.integer()).isEqualTo(value);
        assertThat(reader.next()).isZero();
    }

    @Test
    void readsAFieldOfEveryType() {
        ProtobufReader reader = new ProtobufReader(
                ByteBuffer.wrap(new ProtobufWriter()
                        .integer(1, 1)
                        .floatValue(2, -1.5f)
                        .text(3, "▁é")
                        .bytes(4, new byte[] {-1, 0})
                        .message(5, new ProtobufWriter().integer(1, 0))
                        .toBytes()),
                FILE);

        assertThat(reader.next()).isEqualTo(1);
        assertThat(reader.flag()).isTrue();
        assertThat(reader.next()).isEqualTo(2);
        assertThat(reader.floatValue()).isEqualTo(-1.5f);
        assertThat(reader.next()).isEqualTo(3);
        assertThat(reader.text()).isEqualTo("▁é");
        assertThat(reader.next()).isEqualTo(4);
        assertThat(reader.bytes()).containsExactly(-1, 0);
        assertThat(reader.next()).isEqualTo(5);
        ProtobufReader inner = reader.message();
        assertThat(inner.next()).isEqualTo(1);
        assertThat(inner.flag()).isFalse();
        assertThat(inner.next()).isZero();
        assertThat(reader.next()).isZero();
    }

    @Test
    void skipsAFieldOfEveryType() {
        ProtobufReader reader = new ProtobufReader(
                ByteBuffer.wrap(new ProtobufWriter()
                        .integer(1, -1)
                        .fixed64(2, Long.MIN_VALUE)
                        .text(3, "text")
                        .floatValue(4, 0)
                        .integer(5, 42)
                        .toBytes()),
                FILE);
        for (int field = 1; field < 5; field++) {
            assertThat(reader.next()).isEqualTo(field);
            reader.skip();
        }

        assertThat(reader.next()).isEqualTo(5);
        assertThat(reader.integer()).isEqualTo(42);
    }

    @Test
    void aMessageInsideEndsWhereItsLengthSays() {
        ProtobufReader reader = reader("0a03089601" + "1005");
        reader.next();
        ProtobufReader inner = reader.message();
        inner.next();

        assertThat(inner.integer()).isEqualTo(150);
        assertThat(inner.next()).isZero();
        assertThat(reader.next()).isEqualTo(2);
    }

    @Test
    void contentDoesNotStartAtTheBeginningOfItsBuffer() {
        ByteBuffer whole = ByteBuffer.wrap(HexFormat.of().parseHex("ffff0d0000803f"));
        ProtobufReader reader = new ProtobufReader(whole.position(2), FILE);

        assertThat(reader.next()).isEqualTo(1);
        assertThat(reader.floatValue()).isEqualTo(1.0f);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            00                         | is no complete SentencePiece model: a field has the number 0
            8080808010                 | is no complete SentencePiece model: a field has the number 536870912
            08                         | is cut off in the middle of a number
            0896                       | is cut off in the middle of a number
            088080808080808080808000   | is no complete SentencePiece model: a number has more than 10 bytes
            0a05 61                    | is no complete SentencePiece model: a field of 5 bytes has 1 left
            0affffffffffffffffff01     | is no complete SentencePiece model: a field of 18446744073709551615 bytes has 0 left
            09 00                      | is no complete SentencePiece model: a field of 8 bytes has 1 left
            0d 000000                  | is no complete SentencePiece model: a field of 4 bytes has 3 left
            0b                         | is no complete SentencePiece model: a field has the unknown wire type 3
            0f                         | is no complete SentencePiece model: a field has the unknown wire type 7
            """)
    void whatBreaksOffIsNamed(String hex, String what) {
        ProtobufReader reader = reader(hex.replace(" ", ""));

        assertThatThrownBy(() -> {
                    while (reader.next() != 0) {
                        reader.skip();
                    }
                })
                .isExactlyInstanceOf(TrainerException.class)
                .hasMessage("m.model " + what + "; copy the file again.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0801", "0d0000803f", "090000000000000000"})
    void aTextOfAnotherTypeIsRefused(String hex) {
        ProtobufReader reader = reader(hex);
        reader.next();

        assertThatThrownBy(reader::text)
                .isExactlyInstanceOf(TrainerException.class)
                .hasMessageMatching("m.model is no complete SentencePiece model: a field has the wire type [015]"
                        + " instead of 2; copy the file again\\.");
    }

    @Test
    void aTextThatIsNotUtf8AndANumberThatIsCutOffAreRefused() {
        ProtobufReader text = reader("0a02c328");
        text.next();
        assertThatThrownBy(text::text).hasMessage("m.model holds a text that is not UTF-8; copy the file again.");

        ProtobufReader number = reader("0d0000");
        number.next();
        assertThatThrownBy(number::floatValue)
                .hasMessage("m.model is cut off in the middle of a number; copy the file again.");
    }

    private static ProtobufReader reader(String hex) {
        return new ProtobufReader(ByteBuffer.wrap(HexFormat.of().parseHex(hex)), FILE);
    }
}
