package io.trainer4j.tensor;

import static io.trainer4j.testing.TorchArchive.number;
import static io.trainer4j.testing.TorchArchive.storage;
import static io.trainer4j.testing.TorchArchive.tensor;
import static io.trainer4j.testing.TorchArchive.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.trainer4j.TrainerException;
import io.trainer4j.testing.TorchArchive;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are cut off, old, or would run a program in Python: each refused with one sentence that names safetensors. */
class BrokenPytorchFileTest {
    private static final String WAY_OUT =
            "; use the model's safetensors file, or write one in Python with model.save_pretrained(folder).";

    @TempDir
    Path folder;

    static Stream<Arguments> pickles() {
        String four = storage("FloatStorage", "0", 2);
        return Stream.of(
                Arguments.of("cos\nsystem\n(" + text("rm -rf ~") + "tR.", "it names os.system, which is no part of"),
                Arguments.of("cbuiltins\neval\n" + text("1") + "\u0085R.", "it names builtins.eval, which"),
                Arguments.of("\u0080\u0004" + text("posix") + text("system") + "\u0093.", "it names posix.system,"),
                Arguments.of("ctorch.storage\n_load_from_bytes\n.", "it names torch.storage._load_from_bytes,"),
                Arguments.of("ctorch\nQInt8Storage\n.", "it names torch.QInt8Storage,"),
                Arguments.of("ctorch\nload\n.", "it names torch.load,"),
                Arguments.of("cos\nsystem", "its pickle is cut off"),
                Arguments.of("ios\nsystem\n.", "the operation 0x69, which tensors do not need"),
                Arguments.of("\u0082\u0001.", "the operation 0x82"),
                Arguments.of(")\u0081.", "the operation 0x81"),
                Arguments.of("\u0097.", "the operation 0x97"),
                Arguments.of("\u0080\u0006}.", "protocol 6 instead of 2 to 5"),
                Arguments.of("\u0080\u0001}.", "protocol 1 instead"),
                Arguments.of("", "its pickle is cut off"),
                Arguments.of("}", "its pickle is cut off"),
                Arguments.of(".", "takes more from the stack than there is"),
                Arguments.of("t.", "ends a group that it did not begin"),
                Arguments.of("h\u0005.", "refers to an object 5 that it does not have"),
                Arguments.of("j\u00ff\u00ff\u00ff\u00ff.", "refers to an object 4294967295 that it does not have"),
                Arguments.of("X\u00ff\u00ff\u00ff\u007f.", "its pickle is cut off"),
                Arguments.of("X\u00ff\u00ff\u00ff\u00ff.", "its pickle is cut off"),
                Arguments.of("\u008d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f.", "its pickle is cut off"),
                Arguments.of("\u008b\u00ff\u00ff\u00ff\u00ff.", "a number of -1 bytes"),
                Arguments.of("\u008a\u0009         .", "a number of 9 bytes"),
                Arguments.of("]K\u0001s.", "takes more from the stack"),
                Arguments.of("]K\u0001K\u0002s.", "sets items of what is no dictionary"),
                Arguments.of("}K\u0001a.", "appends to what is no list"),
                Arguments.of("}]K\u0001s.", "a dictionary whose keys are no names"),
                Arguments.of("}(K\u0001u.", "sets items of what is no dictionary"),
                Arguments.of("]}b.", "gives attributes to what is no dictionary"),
                Arguments.of("K\u0001)R.", "it calls what cannot be called"),
                Arguments.of("ctorch\nfloat32\n)R.", "it calls what cannot be called"),
                Arguments.of("ccollections\nOrderedDict\nK\u0001R.", "calls something without arguments"),
                Arguments.of("ccollections\nOrderedDict\n(]K\u0001atR.", "dictionary of what are no pairs"),
                Arguments.of(text("x") + "Q.", "refers to something that is not a storage"),
                Arguments.of(storage("FloatStorage", "0", -1) + ".", "refers to something that is not a storage"),
                Arguments.of("].", "it holds no dictionary of tensors"),
                Arguments.of("}" + text("a") + "K\u0001s.", "its entry \"a\" is not a tensor"),
                Arguments.of("}" + text("a") + "}s.", "its entry \"a\" is not a tensor"),
                Arguments.of("}K\u0001" + tensor(four, 0, 2) + "s.", "its entry \"1\" is not a tensor"),
                Arguments.of(entry(tensor(four, 0, 3)), "ends at value 3 of a storage of 2 values"),
                Arguments.of(entry(tensor(four, 1, 2)), "ends at value 3 of a storage of 2 values"),
                Arguments.of(entry(tensor(four, -1, 1)), "ends at value 0 of a storage"),
                Arguments.of(entry(tensor(four, 0, -1)), "has the size -1 with the stride 1"),
                Arguments.of(entry(tensor(four, 0, list(2), list(-1))), "has the size 2 with the stride -1"),
                Arguments.of(entry(tensor(four, 0, list(2), list(1, 1))), "has 1 sizes and 2 strides"),
                Arguments.of(entry(tensor(four, 0, list(1L << 62, 4), list(0, 0))), "has impossible sizes"),
                Arguments.of(entry(tensor(four, 0, list(2), list(Long.MAX_VALUE))), "has impossible sizes"),
                Arguments.of(entry(tensor(four, 0, "]", text("x"))), "describes a tensor with the wrong parts"),
                Arguments.of(entry(tensor(storage("FloatStorage", "1", 2), 0, 2)), "the storage of a is missing"),
                Arguments.of(entry(tensor(storage("FloatStorage", "../0", 2), 0, 2)), "storage of a is missing"),
                Arguments.of(entry(tensor(storage("LongStorage", "0", 2), 0, 2)), "has 8 bytes instead of 16"),
                Arguments.of(
                        entry(tensor(storage("LongStorage", "0", 1L << 61), 0, 2)),
                        "the storage of a has an impossible size"));
    }

    @ParameterizedTest
    @MethodSource("pickles")
    void pickleIsChecked(String pickle, String complaint) {
        assertThat(refusal(archive(pickle).write(folder.resolve("pytorch_model.bin"))))
                .contains(" is not a PyTorch file of tensors: ", complaint)
                .endsWith(WAY_OUT);
    }

    @Test
    void manyObjectsAreNoDanger() {
        String pickle = "}".repeat(3_999_999) + ".";
        assertThat(refusalOrNothing(archive(pickle).write(folder.resolve("pytorch_model.bin"))))
                .isNull();
        assertThat(refusal(archive("}" + pickle).write(folder.resolve("pytorch_model.bin"))))
                .contains("its pickle has more than 4000000 bytes");
    }

    @Test
    void deepNestingIsNotFollowed() {
        String pickle = "(".repeat(500_000) + "t".repeat(500_000) + ".";
        assertThat(refusal(archive(pickle).write(folder.resolve("pytorch_model.bin"))))
                .contains("it holds no dictionary of tensors");
    }

    @Test
    void compressedStorage() {
        Path file = archive(entry(tensor(storage("FloatStorage", "0", 2), 0, 2)))
                .write(folder.resolve("pytorch_model.bin"), ZipEntry.DEFLATED);
        assertThat(refusal(file)).contains("the storage of a is compressed");
    }

    @Test
    void bigEndianBytes() {
        Path file = archive("}.")
                .with("archive/byteorder", "big".getBytes(StandardCharsets.US_ASCII))
                .write(folder.resolve("pytorch_model.bin"));
        assertThat(refusal(file)).contains("its bytes are in big-endian order");
    }

    @Test
    void zipOfSomethingElse() {
        Path file = new TorchArchive("}.").write(folder.resolve("x.bin"));
        assertThat(refusalOrNothing(file)).isNull();
        assertThat(refusal(otherZip())).contains("it has no data.pkl").endsWith(WAY_OUT);
    }

    private Path otherZip() {
        Path file = folder.resolve("other.bin");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("a/b/data.pkl"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    @Test
    void theOldFormatIsRefusedWithTheWayOut() {
        assertThat(refusal(PytorchFileTest.written("legacy.bin")))
                .contains("is not in the zip format of PyTorch 1.6 and later; its old format can hold any program")
                .endsWith(WAY_OUT);
    }

    @Test
    void aWholeModuleIsRefusedByTheNameOfItsClass() {
        assertThat(refusal(PytorchFileTest.written("module.bin")))
                .contains("it names torch.nn.modules.linear.Linear, which is no part of a tensor");
    }

    @Test
    void everyShorterFileIsRefused() throws IOException {
        byte[] bytes = Files.readAllBytes(PytorchFileTest.written("state_dict.bin"));
        for (int length = 0; length < bytes.length; length += 7) {
            Path cut = Files.write(folder.resolve("cut.bin"), Arrays.copyOf(bytes, length));
            assertThat(refusal(cut)).endsWith(WAY_OUT);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pytorch_model.bin", "model.safetensors"})
    void gitLfsPointer(String name) throws IOException {
        Path file =
                Files.writeString(folder.resolve(name), "version https://git-lfs.github.com/spec/v1\noid sha256:4\n");
        assertThat(refusal(file)).contains("is a Git LFS pointer").contains("git lfs pull");
    }

    @Test
    void missingFile() {
        assertThat(refusal(folder.resolve("absent.bin"))).startsWith("There is no file");
    }

    private static String list(long... numbers) {
        StringBuilder text = new StringBuilder("(");
        for (long value : numbers) {
            text.append(number(value));
        }
        return text + "t";
    }

    private static String entry(String tensor) {
        return "}" + text("a") + tensor + "s.";
    }

    private static TorchArchive archive(String pickle) {
        return new TorchArchive(pickle).with("archive/data/0", new byte[8]);
    }

    private static Throwable refusalOrNothing(Path file) {
        return catchThrowable(() -> TensorFile.open(file).close());
    }

    private static String refusal(Path file) {
        Throwable thrown = refusalOrNothing(file);
        assertThat(thrown).isExactlyInstanceOf(TrainerException.class);
        assertThat(thrown.getMessage()).contains(file.toString()).endsWith(".").doesNotContain("\n", "Exception");
        return thrown.getMessage();
    }
}
