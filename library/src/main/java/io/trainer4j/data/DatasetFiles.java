package io.trainer4j.data;

import io.trainer4j.TrainerException;
import io.trainer4j.UsageException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Reads data files and appends them. */
final class DatasetFiles {
    /** Files that are larger together are kept on disk: in memory text takes up to twice its bytes, and objects besides. */
    static final long MOST_IN_MEMORY = 32L << 20;

    private DatasetFiles() {}

    static Dataset read(FileFormat format, TextEncoding encoding, Path... files) {
        return read(format, encoding, MOST_IN_MEMORY, files);
    }

    /**
     * Reads the files.
     *
     * @param mostInMemory bytes of files up to which their cells are kept in memory
     */
    static Dataset read(FileFormat format, TextEncoding encoding, long mostInMemory, Path... files) {
        if (files.length == 0) {
            throw new UsageException("No data file was given; name at least one CSV, JSON or JSON Lines file.");
        }
        Supplier<List<Object>> newColumn = bytes(files) > mostInMemory ? DiskColumn::new : ArrayList::new;
        Map<String, List<Object>> rows = readOne(format, encoding, newColumn, files[0]);
        for (Path file : List.of(files).subList(1, files.length)) {
            Map<String, List<Object>> more = readOne(format, encoding, newColumn, file);
            if (!new HashSet<>(more.keySet()).equals(rows.keySet())) {
                throw new TrainerException("Files " + files[0] + " and " + file + " have different columns ("
                        + String.join(", ", rows.keySet()) + " and " + String.join(", ", more.keySet())
                        + "); give files with the same columns.");
            }
            rows.forEach((name, values) -> values.addAll(more.get(name)));
        }
        return Dataset.ofOwned(new LinkedHashMap<String, List<?>>(rows));
    }

    private static long bytes(Path... files) {
        long bytes = 0;
        for (Path file : files) {
            try {
                bytes += Files.isRegularFile(file) ? Files.size(file) : 0;
            } catch (IOException e) {
                throw unreadable(file, e);
            }
        }
        return bytes;
    }

    private static Map<String, List<Object>> readOne(
            FileFormat format, TextEncoding encoding, Supplier<List<Object>> newColumn, Path path) {
        try {
            TextFile file = TextFile.open(path, encoding);
            FileFormat actual = format == FileFormat.BY_CONTENT ? detect(file) : format;
            Map<String, List<Object>> rows =
                    actual == FileFormat.JSON ? JsonInput.read(file, newColumn) : CsvInput.read(file, newColumn);
            if (rows.values().stream().allMatch(List::isEmpty)) {
                throw new TrainerException("File " + path + " has no rows; give a file with data.");
            }
            rows.values().forEach(values -> {
                if (values instanceof ArrayList<Object> list) {
                    list.trimToSize();
                }
            });
            return rows;
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    private static TrainerException unreadable(Path path, IOException e) {
        return new TrainerException("File " + path + " cannot be read (" + e + "); check its permissions and disk.", e);
    }

    private static FileFormat detect(TextFile file) throws IOException {
        try (BufferedReader reader = file.reader()) {
            int first = reader.read();
            while (Character.isWhitespace(first)) {
                first = reader.read();
            }
            return first == '[' || first == '{' ? FileFormat.JSON : FileFormat.CSV;
        }
    }
}
