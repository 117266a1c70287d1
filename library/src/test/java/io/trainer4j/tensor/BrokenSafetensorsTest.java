package io.trainer4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.trainer4j.TrainerException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are cut off, mixed up or made to do harm: each refused with one sentence that names the file. */
class BrokenSafetensorsTest {
    private static final String WAY_OUT = "; copy or download the file again.";

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            overlap          | {"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}} | 3 | tensor b overlap
            same bytes twice | {"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}} | 2 | tensor b overlap
            gap              | {"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}} | 3 | tensor b overlap others or leave a gap
            gap at the start | {"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}} | 2 | tensor a overlap others or leave a gap
            rest             | {"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}} | 2 | take 1 bytes but 2 follow
            cut off          | {"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}} | 3 | take 4 bytes but 3 follow
            unknown type     | {"a":{"dtype":"F5","shape":[1],"data_offsets":[0,1]}} | 1 | tensor a has the unknown type "F5"
            no type          | {"a":{"shape":[1],"data_offsets":[0,1]}} | 1 | tensor a has the unknown type
            type is a list   | {"a":{"dtype":["U8"],"shape":[1],"data_offsets":[0,1]}} | 1 | tensor a has the unknown type ["U8"]
            negative size    | {"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}} | 1 | impossible shape [-1]
            both negative    | {"a":{"dtype":"U8","shape":[-1,-1],"data_offsets":[0,1]}} | 1 | impossible shape [-1,-1]
            fractional size  | {"a":{"dtype":"U8","shape":[1.0],"data_offsets":[0,1]}} | 1 | impossible shape [1.0]
            text size        | {"a":{"dtype":"U8","shape":["1"],"data_offsets":[0,1]}} | 1 | impossible shape ["1"]
            overflow         | {"a":{"dtype":"F64","shape":[2147483648,2147483648],"data_offsets":[0,0]}} | 0 | impossible shape
            beyond 64 bits   | {"a":{"dtype":"U8","shape":[99999999999999999999],"data_offsets":[0,1]}} | 1 | impossible shape
            negative offset  | {"a":{"dtype":"U8","shape":[1],"data_offsets":[-1,0]}} | 1 | offsets [-1,0]
            offsets swapped  | {"a":{"dtype":"U8","shape":[1],"data_offsets":[1,0]}} | 1 | does not fill its data_offsets [1,0]
            shape too small  | {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}} | 8 | does not fill its data_offsets [0,8]
            three offsets    | {"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1,2]}} | 1 | tensor a lacks its shape or data_offsets
            no shape         | {"a":{"dtype":"U8","data_offsets":[0,1]}} | 1 | tensor a lacks its shape or data_offsets
            entry is null    | {"a":null} | 0 | tensor a has the unknown type
            duplicate        | {"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}} | 1 | not valid JSON (Duplicate
            not an object    | [1, 2] | 0 | header is not a JSON object
            only spaces      | '   ' | 0 | header is not
            cut off JSON     | {"a":{"dtype | 0 | not valid JSON
            zeros behind     | '{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}\u0000\u0000' | 1 | not valid JSON
            comment          | {/*x*/} | 0 | not valid JSON
            not a number     | {"a":NaN} | 0 | not valid JSON
            single quotes    | {'a':1} | 0 | not valid JSON
            leading zero     | {"a":{"dtype":"U8","shape":[01],"data_offsets":[0,1]}} | 1 | not valid JSON
            byte order mark  | \ufeff{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}} | 1 | header is not
            exponent         | {"a":{"dtype":"U8","shape":[1e0],"data_offsets":[0,1]}} | 1 | impossible shape
            key twice inside | {"a":{"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]}} | 1 | not valid JSON (Duplicate
            small letters    | {"a":{"dtype":"u8","shape":[1],"data_offsets":[0,1]}} | 1 | unknown type "u8"
            nothing, far off | {"a":{"dtype":"U8","shape":[0],"data_offsets":[5,5]}} | 0 | tensor a overlap others or leave a gap
            huge and nothing | {"a":{"dtype":"U8","shape":[4294967296,4294967296,4294967296,0],"data_offsets":[0,0]}} | 0 | impossible shape
            data, no tensor  | {} | 1 | take 0 bytes but 1 follow
            metadata number  | {"__metadata__":{"a":1}} | 0 | its __metadata__ is not a map of texts
            metadata nested  | {"__metadata__":{"a":{}}} | 0 | its __metadata__ is not a map of texts
            metadata list    | {"__metadata__":[]} | 0 | its __metadata__ is not a map of texts
            metadata text    | {"__metadata__":"x"} | 0 | its __metadata__ is not a map of texts
            two objects      | {}{} | 0 | not valid JSON
            """)
    void headerIsChecked(String what, String header, int dataBytes, String complaint) {
        Path file = HandMadeFile.write(folder.resolve("broken.safetensors"), header, dataBytes);
        assertThat(refusal(file)).as(what).contains(complaint).endsWith(WAY_OUT);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            spaces around    | ' {"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}  ' | 1 | 1
            line breaks      | '\n{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}\n' | 1 | 1
            scalar           | {"a":{"dtype":"U8","shape":[],"data_offsets":[0,1]}} | 1 | 1
            empty name       | {"":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}} | 1 | 1
            one more key     | {"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"x":1}} | 1 | 1
            unaligned inside | {"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"F32","shape":[1],"data_offsets":[1,5]}} | 5 | 2
            unaligned start  | '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} ' | 4 | 1
            two empty        | {"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"b":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}} | 0 | 2
            nothing of huge  | {"a":{"dtype":"U8","shape":[0,9223372036854775807],"data_offsets":[0,0]}} | 0 | 1
            metadata         | {"__metadata__":{"a":"b"}} | 0 | 0
            no metadata      | {"__metadata__":null} | 0 | 0
            """)
    void oddButRightHeaderIsReadAsInPython(String what, String header, int dataBytes, int tensors) {
        Path file = HandMadeFile.write(folder.resolve("odd.safetensors"), header, dataBytes);
        try (Scope scope = Scope.open();
                SafetensorsFile opened = SafetensorsFile.open(file)) {
            assertThat(opened.names()).as(what).hasSize(tensors);
            opened.names()
                    .forEach(name ->
                            assertThat(opened.load(name).shape()).as(what).containsExactly(opened.shape(name)));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, 0, 1, 100_000_001, 1L << 32, 11})
    void impossibleHeaderLength(long claimed) {
        Path file = HandMadeFile.write(folder.resolve("t"), claimed, "{}        ".getBytes(StandardCharsets.UTF_8), 0);
        assertThat(refusal(file))
                .contains("its header claims " + Long.toUnsignedString(claimed) + " of 18 bytes")
                .endsWith(WAY_OUT);
    }

    @Test
    void textThatIsNotUtf8() {
        byte[] header = "{\"\u00e4\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}"
                .getBytes(StandardCharsets.ISO_8859_1);
        Path file = HandMadeFile.write(folder.resolve("t"), header.length, header, 1);
        assertThat(refusal(file)).contains("its header is not UTF-8").endsWith(WAY_OUT);
    }

    @Test
    void deepNestingIsNotFollowed() {
        String deep = "{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";
        assertThat(refusal(HandMadeFile.write(folder.resolve("t"), deep, 0)))
                .contains("not valid JSON")
                .endsWith(WAY_OUT);
    }

    @Test
    void emptyFile() throws IOException {
        assertThat(refusal(Files.write(folder.resolve("t"), new byte[0]))).contains("it has only 0 bytes");
    }

    @Test
    void fileShorterThanTheLength() throws IOException {
        assertThat(refusal(Files.write(folder.resolve("t"), new byte[7]))).contains("it has only 7 bytes");
    }

    @Test
    void everyShorterFileIsRefused() throws IOException {
        Path whole = folder.resolve("whole");
        try (Scope scope = Scope.open()) {
            SafetensorsFile.write(whole, Map.of("t", TensorData.longs(1, 2)));
        }
        byte[] bytes = Files.readAllBytes(whole);
        for (int length = 0; length < bytes.length; length++) {
            Path cut = Files.write(folder.resolve("cut"), Arrays.copyOf(bytes, length));
            assertThat(refusal(cut)).endsWith(WAY_OUT);
        }
    }

    @Test
    void gitLfsPointer() throws IOException {
        Path file = Files.writeString(
                folder.resolve("model.safetensors"),
                "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb\n");
        assertThat(refusal(file)).contains("is a Git LFS pointer").contains("git lfs pull");
    }

    @Test
    void missingFile() {
        assertThat(refusal(folder.resolve("absent"))).startsWith("There is no file");
    }

    @Test
    void folderInsteadOfAFile() {
        assertThat(refusal(folder)).startsWith("Cannot read");
    }

    private static String refusal(Path file) {
        Throwable thrown = catchThrowable(() -> SafetensorsFile.open(file).close());
        assertThat(thrown).isExactlyInstanceOf(TrainerException.class);
        assertThat(thrown.getMessage()).contains(file.toString()).endsWith(".").doesNotContain("\n", "Exception");
        return thrown.getMessage();
    }
}
