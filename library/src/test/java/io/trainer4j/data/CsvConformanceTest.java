package io.trainer4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import io.trainer4j.testing.SharedDir;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Other people's CSV files; empty cells, null here, are compared as "". */
@Tag("conformance")
class CsvConformanceTest {
    private static final String CSV = "data/conformance/csv/";

    @TempDir
    private Path folder;

    // csv-spectrum without location_coordinates and newlines_crlf, whose files hold another telephone number and
    // other line breaks than their expected rows.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "comma_in_quotes",
                "empty",
                "empty_crlf",
                "escaped_quotes",
                "json",
                "newlines",
                "quotes_and_newlines",
                "simple",
                "simple_crlf",
                "utf8"
            })
    void readsCsvSpectrum(String name) {
        Path csv = SharedDir.require(CSV + "csv-spectrum/csvs/" + name + ".csv");
        Path json = SharedDir.require(CSV + "csv-spectrum/json/" + name + ".json");

        List<List<String>> expected = new ArrayList<>();
        for (JsonNode row : JsonMapper.shared().readTree(json.toFile())) {
            expected.add(row.values().stream().map(JsonNode::asString).toList());
        }
        assertThat(cells(Dataset.fromCsv(csv))).isEqualTo(expected);
    }

    // csv-test-data without all-empty and empty-one-column (blank lines are skipped here) and header-simple (objects).
    @ParameterizedTest
    @ValueSource(
            strings = {
                "empty-field", "leading-space", "one-column", "quotes-empty", "quotes-with-comma",
                "quotes-with-escaped-quote", "quotes-with-newline", "quotes-with-space", "simple-crlf", "simple-lf",
                "trailing-newline-one-field", "trailing-newline", "trailing-space", "utf8"
            })
    void readsCsvTestData(String name) {
        Dataset dataset = Dataset.fromCsv(SharedDir.require(CSV + "csv-test-data/csv/" + name + ".csv"));
        Path json = SharedDir.require(CSV + "csv-test-data/json/" + name + ".json");

        List<List<String>> found = new ArrayList<>(List.of(dataset.columnNames()));
        found.addAll(cells(dataset));
        assertThat(found).isEqualTo(records(JsonMapper.shared().readTree(json.toFile())));
    }

    // Not bad-unescaped-quote: a quote inside an unquoted field is text here, as in pandas.
    @ParameterizedTest
    @CsvSource({
        "bad-header-less-fields, line 2",
        "bad-header-more-fields, line 2",
        "bad-missing-quote, line 2",
        "bad-quotes-with-unescaped-quote, line 2",
        "bad-header-no-header, no rows",
        "bad-header-wrong-header, no rows",
        "header-no-rows, no rows",
    })
    void refusesWhatCsvTestDataCallsBad(String name, String reason) {
        Path csv = SharedDir.require(CSV + "csv-test-data/csv/" + name + ".csv");

        assertThatThrownBy(() -> Dataset.fromCsv(csv))
                .isInstanceOf(TrainerException.class)
                .hasMessageContaining(csv.toString())
                .hasMessageContaining(reason);
    }

    /** Record by record, under a header of the right width; a check of uneven width must be refused. */
    @Test
    void readsJavaCsvComparison() throws IOException {
        List<String> differing = new ArrayList<>();
        try (Stream<Path> files = Files.list(SharedDir.require(CSV + "JavaCsvComparison/tests"))) {
            for (Path file : files.sorted().toList()) {
                JsonNode suite = YAMLMapper.shared().readTree(file.toFile());
                if (List.of("", "NONE")
                        .contains(suite.at("/settings/commentMode").asString(""))) {
                    for (JsonNode check : suite.get("checks")) {
                        for (String lineBreak : List.of("\n", "\r", "\r\n")) {
                            if (!passes(check, lineBreak)) {
                                differing.add(check.get("id").asString());
                            }
                        }
                    }
                }
            }
        }
        // By design: a file without rows is an error, an empty line is no record, and text after a closing quote is an
        // error, as is a quote that is never closed; the suite allows the errors.
        assertThat(differing.stream().distinct())
                .containsExactly(
                        "empty-file",
                        "line-breaks-3",
                        "open-quotation-1",
                        "open-quotation-2",
                        "spaces-around-quotes-1",
                        "spaces-around-quotes-2");
    }

    // zlib.crc32 of all cells after the header as Python's csv module reads them, with rows counted.
    @ParameterizedTest
    @CsvSource({
        "data/medical/toyhom-gb18030.csv, 7644, 781465809",
        "data/conformance/csv/commons-csv/org/apache/commons/csv/CSV-196/emoji.csv, 4, 600841775",
        "data/conformance/csv/commons-csv/org/apache/commons/csv/CSV-196/japanese.csv, 3, 2779703994",
        "data/conformance/csv/commons-csv/org/apache/commons/csv/CSVFileParser/bom.csv, 251, 2077018994",
        "data/conformance/csv/messytables/excel_pasting.csv, 20, 2450952524",
        "data/conformance/csv/messytables/simple.csv, 6, 1898758976",
        "data/conformance/csv/messytables/skip_initials.csv, 2, 2722621066",
        "data/conformance/csv/papaparse/tests/long-sample.csv, 7, 866429653",
        "data/conformance/csv/papaparse/tests/sample-header.csv, 2, 1614181213",
        "data/conformance/csv/papaparse/tests/utf-8-bom-sample.csv, 1, 3750508324",
    })
    void readsTheCellsThatPythonReads(String file, int rows, long crc) {
        Dataset dataset = Dataset.load(SharedDir.require(file));

        assertThat(dataset.size()).isEqualTo(rows);
        assertThat(Crc.ofCells(dataset)).isEqualTo(crc);
    }

    @ParameterizedTest
    @CsvSource({
        "messytables/211.csv, --encoding",
        "messytables/spanish_chars.csv, --encoding",
        "messytables/utf-16le_encoded.csv, --encoding",
        "messytables/complex.csv, 'line 4: expected 4 fields as in the header, found 6'",
        "messytables/null.csv, two columns named \"0\"",
        "messytables/small.csv, has no rows",
        "commons-csv/org/apache/commons/csv/CSV-141/csv-141.csv, line 3",
    })
    void refusesWhatCannotBeATable(String file, String reason) {
        Path csv = SharedDir.require(CSV + file);

        assertThatThrownBy(() -> Dataset.load(csv))
                .isInstanceOf(TrainerException.class)
                .hasMessageContaining(csv.toString())
                .hasMessageContaining(reason);
    }

    private boolean passes(JsonNode check, String lineBreak) throws IOException {
        List<List<String>> expected = records(withLineBreaks(check.get("records"), lineBreak));
        int width = expected.isEmpty() ? 1 : expected.get(0).size();
        String header = String.join(
                ",", IntStream.range(0, width).mapToObj(i -> "column" + i).toList());
        String input = withLineBreaks(check.get("input"), lineBreak).asString();
        Path csv = Files.writeString(folder.resolve("check.csv"), header + lineBreak + input);
        boolean even = expected.stream().allMatch(record -> record.size() == width);
        try {
            return cells(Dataset.fromCsv(csv)).equals(expected) && even;
        } catch (TrainerException e) {
            return !even && e.getMessage().contains("fields as in the header");
        }
    }

    private static JsonNode withLineBreaks(JsonNode node, String lineBreak) {
        String escaped = lineBreak.replace("\r", "\\r").replace("\n", "\\n");
        return JsonMapper.shared()
                .readTree(node.toString().replace("⏎", escaped).replace("␤", "\\r\\n"));
    }

    private static List<List<String>> records(JsonNode records) {
        List<List<String>> all = new ArrayList<>();
        for (JsonNode record : records) {
            all.add(record.values().stream().map(JsonNode::asString).toList());
        }
        return all;
    }

    private static List<List<String>> cells(Dataset dataset) {
        List<List<String>> rows = new ArrayList<>();
        for (Row row : dataset) {
            Map<String, Object> cells = new LinkedHashMap<>(row.toMap());
            cells.replaceAll((name, cell) -> cell == null ? "" : cell);
            rows.add(cells.values().stream().map(Object::toString).toList());
        }
        return rows;
    }
}
