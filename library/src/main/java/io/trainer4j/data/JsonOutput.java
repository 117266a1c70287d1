package io.trainer4j.data;

import io.trainer4j.TrainerException;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.SequenceWriter;
import tools.jackson.databind.json.JsonMapper;

/** Writes datasets as JSON: to a temporary file beside the target, which then takes its place. */
enum JsonOutput {
    /** One array, indented by 2 as by Python's json module. */
    ARRAY {
        @Override
        SequenceWriter open(Writer text) {
            return INDENTED.writeValuesAsArray(text);
        }
    },
    /** One object per line. */
    LINES {
        @Override
        SequenceWriter open(Writer text) {
            return COMPACT.withRootValueSeparator("\n").writeValues(text);
        }
    };

    private static final ObjectWriter COMPACT = JsonMapper.shared().writer();
    private static final ObjectWriter INDENTED = COMPACT.with(indentedBy2());

    abstract SequenceWriter open(Writer text);

    void write(Dataset dataset, Path target) {
        Path absolute = target.toAbsolutePath();
        Path temporary = absolute.resolveSibling(absolute.getFileName() + ".tmp");
        try {
            try {
                writeRows(dataset, temporary);
                Files.move(temporary, absolute, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException | JacksonException e) {
            throw new TrainerException(
                    "File " + target + " cannot be written (" + e + "); check the folder, its"
                            + " permissions and the space left.",
                    e);
        }
    }

    private void writeRows(Dataset dataset, Path file) throws IOException {
        try (Writer text = Files.newBufferedWriter(file);
                SequenceWriter rows = open(text)) {
            for (Row row : dataset) {
                Map<String, Object> cells = row.toMap();
                cells.forEach(JsonOutput::requireFinite);
                rows.write(cells);
            }
        }
    }

    /** JSON has no infinity and no NaN. */
    private static void requireFinite(String column, Object value) {
        if (value instanceof Double number && !Double.isFinite(number)) {
            throw new TrainerException("Column \"" + column + "\" holds " + number
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
