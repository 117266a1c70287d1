package io.trainer4j.data;

import io.trainer4j.AtomicFile;
import io.trainer4j.TrainerException;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/** Writes datasets as JSON: to a temporary file beside the target, which then takes its place. */
enum JsonOutput {
    /** One array, indented by 2 as by Python's json module. */
    ARRAY {
        @Override
        void write(Iterator<Map<String, Object>> rows, Writer text) {
            INDENTED.writeValue(text, rows);
        }
    },
    /** One object per line. */
    LINES {
        @Override
        void write(Iterator<Map<String, Object>> rows, Writer text) throws IOException {
            while (rows.hasNext()) {
                text.write(COMPACT.writeValueAsString(rows.next()));
                text.write('\n');
            }
        }
    };

    private static final ObjectWriter COMPACT = JsonMapper.shared().writer();
    private static final ObjectWriter INDENTED = COMPACT.with(indentedBy2());

    abstract void write(Iterator<Map<String, Object>> rows, Writer text) throws IOException;

    void write(Dataset dataset, Path target) {
        AtomicFile.write(target, temporary -> {
            try (Writer text = Files.newBufferedWriter(temporary)) {
                write(rows(dataset), text);
            } catch (JacksonIOException e) {
                throw e.getCause();
            }
        });
    }

    private static Iterator<Map<String, Object>> rows(Dataset dataset) {
        return StreamSupport.stream(dataset.spliterator(), false)
                .map(JsonOutput::finiteCells)
                .iterator();
    }

    /** JSON has no infinity and no NaN. */
    private static Map<String, Object> finiteCells(Row row) {
        Map<String, Object> cells = row.toMap();
        cells.forEach(JsonOutput::requireFinite);
        return cells;
    }

    private static void requireFinite(String column, Object value) {
        if (value instanceof List<?> list) {
            list.forEach(element -> requireFinite(column, element));
        } else if (value instanceof Map<?, ?> map) {
            map.values().forEach(element -> requireFinite(column, element));
        } else if ((value instanceof Double || value instanceof Float)
                && !Double.isFinite(((Number) value).doubleValue())) {
            throw new TrainerException("Column \"" + column + "\" holds " + value
                    + ", which JSON cannot express; replace it with map before saving.");
        }
    }

    private static DefaultPrettyPrinter indentedBy2() {
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        Separators separators = Separators.createDefaultInstance()
                .withObjectNameValueSpacing(Separators.Spacing.AFTER)
                .withArrayEmptySeparator("")
                .withObjectEmptySeparator("");
        return new DefaultPrettyPrinter(separators).withObjectIndenter(indenter).withArrayIndenter(indenter);
    }
}
