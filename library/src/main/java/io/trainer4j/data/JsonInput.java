package io.trainer4j.data;

import io.trainer4j.TrainerException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Reads one JSON array of objects, or objects one after the other (JSON Lines), row by row. */
final class JsonInput {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_LONG_FOR_INTS)
            .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Path path;
    private final JsonParser parser;
    private final Supplier<List<Object>> newColumn;
    private final Map<String, List<Object>> columns = new LinkedHashMap<>();
    private int rows;

    private JsonInput(Path path, JsonParser parser, Supplier<List<Object>> newColumn) {
        this.path = path;
        this.newColumn = newColumn;
        this.parser = parser;
    }

    /**
     * Reads all rows.
     *
     * @param newColumn makes an empty list for the cells of a column
     */
    static Map<String, List<Object>> read(TextFile file, Supplier<List<Object>> newColumn) throws IOException {
        try (Reader text = file.reader();
                JsonParser parser = MAPPER.createParser(text)) {
            JsonInput input = new JsonInput(file.path(), parser, newColumn);
            input.readRows();
            return input.columns;
        }
    }

    private void readRows() {
        try {
            JsonToken token = parser.nextToken();
            boolean array = token == JsonToken.START_ARRAY;
            if (array) {
                token = parser.nextToken();
            }
            while (token != null && token != JsonToken.END_ARRAY) {
                if (token != JsonToken.START_OBJECT) {
                    throw invalid("expected an object, which is one row", parser.currentTokenLocation());
                }
                addRow();
                token = parser.nextToken();
            }
            if (array && parser.nextToken() != null) {
                throw invalid("expected nothing after the array", parser.currentTokenLocation());
            }
        } catch (JacksonException e) {
            throw invalid(e.getOriginalMessage(), parser.currentLocation());
        }
    }

    private void addRow() {
        Map<?, ?> row = MAPPER.readValue(parser, Map.class);
        row.forEach((name, value) ->
                columns.computeIfAbsent((String) name, n -> nulls()).add(value));
        rows++;
        for (List<Object> values : columns.values()) {
            if (values.size() < rows) {
                values.add(null);
            }
        }
    }

    /** A column that the rows before this one do not have. */
    private List<Object> nulls() {
        List<Object> column = newColumn.get();
        column.addAll(Collections.nCopies(rows, null));
        return column;
    }

    private TrainerException invalid(String what, TokenStreamLocation where) {
        return new TrainerException("File " + path + ", line " + where.getLineNr() + ": " + what
                + "; give a JSON array of objects or one object per line.");
    }
}
