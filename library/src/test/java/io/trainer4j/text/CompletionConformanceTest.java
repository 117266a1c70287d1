package io.trainer4j.text;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import io.trainer4j.testing.SharedDir;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("conformance")
class CompletionConformanceTest {
    private static Tokenizer tokenizer;
    private static List<NamedCsvRecord> rows;

    @BeforeAll
    static void open() throws IOException {
        try (CsvReader<NamedCsvRecord> csv =
                CsvReader.builder().ofNamedCsvRecord(SharedDir.require("golden/runs/qa.csv"))) {
            rows = csv.stream().toList();
        }
        tokenizer = AutoTokenizer.fromPretrained(SharedDir.require("golden/models/qwen2-real-vocab"));
    }

    @AfterAll
    static void close() {
        if (tokenizer != null) {
            tokenizer.close();
        }
    }

    /**
     * Rows kept, checksums of their ids and labels and tokens trained on: {@code SFTTrainer(...).train_dataset} of TRL
     * 1.13 for the 120 rows in file order, with {@code max_length} as given.
     */
    @ParameterizedTest
    @CsvSource({
        "CHAT, 256, 120,  188754386,  599033852, 10638",
        "AUTO,  64,  40, 2096768270, 4006648638,   502",
        "TEXT, 256, 120, 4097105198, 2685411844, 10518",
        "TEXT,  64, 111, 3028770576, 1262062930,  2528"
    })
    void rowsEqualTrl(PromptStyle style, int maxLength, int kept, long ids, long labels, long targets) {
        TrainingExamples all =
                CompletionEncoder.of(tokenizer, style, maxLength).encode(column("Question"), column("Answer"));
        TrainingExamples examples = new TrainingExamples(
                all.rows().stream().filter(TrainingExample::hasTarget).toList());
        assertThat(examples.rows()).hasSize(kept);
        assertThat(Checksums.crc32(examples.columns().get("input_ids"))).isEqualTo(ids);
        assertThat(Checksums.crc32(examples.columns().get("labels"))).isEqualTo(labels);
        assertThat(examples.columns().get("labels").stream()
                        .flatMapToInt(Arrays::stream)
                        .filter(label -> label >= 0)
                        .count())
                .isEqualTo(targets);
    }

    private static List<String> column(String name) {
        return rows.stream().map(row -> row.getField(name)).toList();
    }
}
