package io.trainer4j.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.trainer4j.data.Dataset;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExampleFilesTest {
    private static final Path SOURCES = Path.of("examples/src/main/java/io/trainer4j/examples");

    /** As the README runs them: java compiles the one file. */
    @ParameterizedTest
    @ValueSource(strings = {"SequenceClassification", "MedicalQuestionAnswering"})
    void runsAsOneSourceFileAndSaysHowToUseIt(String example) throws IOException, InterruptedException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        String source = SOURCES.resolve(example + ".java").toString();
        Process process = new ProcessBuilder(
                        java.toString(),
                        "-Dfile.encoding=UTF-8",
                        "-cp",
                        System.getProperty("java.class.path"),
                        source,
                        "only one argument")
                .redirectErrorStream(true)
                .start();

        String printed = new String(process.getInputStream().readAllBytes(), UTF_8);

        assertThat(printed).startsWith("Usage: " + example + " <model folder> <output folder>");
        assertThat(process.waitFor()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SequenceClassification", "MedicalQuestionAnswering"})
    void staysUnder80Lines(String example) {
        assertThat(SOURCES.resolve(example + ".java"))
                .content(UTF_8)
                .satisfies(source -> assertThat(source.lines()).hasSizeLessThan(80));
    }

    @Test
    void departmentsHaveThirtyDifferentQuestionsEach() {
        Dataset departments = Dataset.fromCsv(Path.of("examples/data/departments.csv"));

        assertThat(departments.columnNames()).containsExactly("question", "label");
        assertThat(departments.column("question")).hasSize(120).doesNotHaveDuplicates();
        for (String label : new String[] {"0", "1", "2", "3"}) {
            assertThat(Collections.frequency(departments.column("label"), label))
                    .isEqualTo(30);
        }
    }
}
