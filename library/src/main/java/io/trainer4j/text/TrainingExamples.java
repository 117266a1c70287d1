package io.trainer4j.text;

import io.trainer4j.data.Columns;
import java.util.List;
import java.util.Map;

/**
 * Rows to train on, as columns {@code input_ids} and {@code labels} with one {@code int[]} per row.
 *
 * @param rows in the order of the prompts they were made of
 */
public record TrainingExamples(List<TrainingExample> rows) implements Columns {
    @Override
    public Map<String, List<int[]>> columns() {
        return Map.of(
                "input_ids", rows.stream().map(TrainingExample::inputIds).toList(),
                "labels", rows.stream().map(TrainingExample::labels).toList());
    }
}
