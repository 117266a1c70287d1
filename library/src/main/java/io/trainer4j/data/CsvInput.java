package io.trainer4j.data;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import io.trainer4j.TrainerException;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Reads CSV as RFC 4180 writes it: header line, commas, fields in double quotes may hold line breaks.
 *
 * <p>As in pandas, an empty cell is null, blank lines are skipped, a quote inside an unquoted field is text, and a
 * column without a name is called {@code Unnamed: } and its number from 0. Unlike pandas, {@code NA} and the like stay
 * text, and a record with too few or too many fields, or with text after a closing quote, is an error.
 */
final class CsvInput {
    private CsvInput() {}

    /**
     * Reads all records.
     *
     * @param newColumn makes an empty list for the cells of a column
     */
    static Map<String, List<Object>> read(TextFile file, Supplier<List<Object>> newColumn) throws IOException {
        try (Reader text = file.reader();
                CsvReader<CsvRecord> records = CsvReader.builder()
                        .allowUnclosedQuote(false)
                        .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                        .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                        .ofCsvRecord(text)) {
            return read(file, newColumn, records.iterator());
        } catch (CsvParseException e) {
            throw new TrainerException(
                    "File " + file.path() + " is not valid CSV: " + e.getMessage()
                            + "; close every quoted field and double the quotes inside it.",
                    e);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static Map<String, List<Object>> read(
            TextFile file, Supplier<List<Object>> newColumn, Iterator<CsvRecord> records) {
        Map<String, List<Object>> columns = new LinkedHashMap<>();
        if (!records.hasNext()) {
            return columns;
        }
        for (String name : names(records.next())) {
            if (columns.put(name, newColumn.get()) != null) {
                throw new TrainerException("File " + file.path() + " has two columns named \"" + name
                        + "\"; rename one in the header line.");
            }
        }
        List<List<Object>> inOrder = List.copyOf(columns.values());
        while (records.hasNext()) {
            CsvRecord record = records.next();
            if (isBlankLine(record, inOrder.size())) {
                continue;
            }
            requireFields(file, record, inOrder.size());
            for (int i = 0; i < inOrder.size(); i++) {
                String cell = record.getField(i);
                inOrder.get(i).add(cell.isEmpty() ? null : cell);
            }
        }
        return columns;
    }

    private static List<String> names(CsvRecord header) {
        List<String> names = new ArrayList<>(header.getFields());
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).isEmpty()) {
                names.set(i, "Unnamed: " + i);
            }
        }
        return names;
    }

    /** Where there are several columns, a line of white space alone is blank; in a single column it is text. */
    private static boolean isBlankLine(CsvRecord record, int columns) {
        return columns > 1 && record.getFieldCount() == 1 && record.getField(0).isBlank();
    }

    private static void requireFields(TextFile file, CsvRecord record, int expected) {
        if (record.getFieldCount() != expected) {
            throw new TrainerException(
                    "File " + file.path() + ", line " + record.getStartingLineNumber() + ": expected "
                            + expected + " fields as in the header, found " + record.getFieldCount()
                            + "; put fields that hold commas in double quotes.");
        }
    }
}
