package io.trainer4j.data;

import io.trainer4j.TrainerException;
import io.trainer4j.UsageException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads data files and appends them. */
final class DatasetFiles {
    private DatasetFiles() {}

    static Dataset read(FileFormat format, TextEncoding encoding, Path... files) {
        if (files.length == 0) {
            throw new UsageException("No data file was given; name at least one CSV, JSON or JSON Lines file.");
        }
        Map<String, List<Object>> rows = readOne(format, encoding, files[0]);
        for (Path file : List.of(files).subList(1, files.length)) {
            Map<String, List<Object>> more = readOne(format, encoding, file);
            if (!new HashSet<>(more.keySet()).equals(rows.keySet())) {
                throw new TrainerException("Files " + files[0] + " and " + file + " have different columns ("
                        + String.join(", ", rows.keySet()) + " and " + String.join(", ", more.keySet())
                        + "); give files with the same columns.");
            }
            rows.forEach((name, values) -> values.addAll(more.get(name)));
        }
        return Dataset.ofOwned(new LinkedHashMap<String, List<?>>(rows));
    }

    private static Map<String, List<Object>> readOne(FileFormat format, TextEncoding encoding, Path path) {
        try {
            TextFile file = TextFile.open(path, encoding);
            FileFormat actual = format == FileFormat.BY_CONTENT ? detect(file) : format;
            Map<String, List<Object>> rows = actual == FileFormat.JSON ? JsonInput.read(file) : CsvInput.read(file);
            if (rows.values().stream().allMatch(List::isEmpty)) {
                throw new TrainerException("File " + path + " has no rows; give a file with data.");
            }
            rows.replaceAll((name, values) -> new ArrayList<>(values)); // without the spare room of growing
            return rows;
        } catch (IOException e) {
            throw new TrainerException(
                    "File " + path + " cannot be read (" + e + "); check its permissions and disk.", e);
        }
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
