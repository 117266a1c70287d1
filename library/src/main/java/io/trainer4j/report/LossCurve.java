package io.trainer4j.report;

import io.trainer4j.AtomicFile;
import io.trainer4j.TrainerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The losses of a run by step, to be looked at. */
public final class LossCurve {
    /** NaN and Infinity stand in the file as Python writes them. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private final List<Series> series;

    private LossCurve(List<Series> series) {
        this.series = series;
    }

    /**
     * The losses a run has logged.
     *
     * @param logHistory as {@code log_history} in {@code trainer_state.json}: rows with {@code step} and {@code loss} or
     *     {@code eval_loss}; others are passed over
     */
    public static LossCurve of(List<? extends Map<String, ?>> logHistory) {
        return new LossCurve(
                List.of(series("training loss", "loss", logHistory), series("evaluation loss", "eval_loss", logHistory))
                        .stream()
                        .filter(line -> !line.points().isEmpty())
                        .toList());
    }

    /**
     * The losses in a {@code trainer_state.json}.
     *
     * @throws TrainerException if the file cannot be read
     */
    public static LossCurve read(Path trainerState) {
        try {
            JsonNode state = JSON.readTree(Files.readString(trainerState));
            if (!state.isObject()) {
                throw broken(trainerState, "it holds no JSON object", null);
            }
            JsonNode history = state.path("log_history");
            List<Map<String, Object>> rows =
                    JSON.convertValue(history.isArray() ? history : List.of(), new TypeReference<>() {});
            return of(rows);
        } catch (JacksonException e) {
            throw broken(trainerState, e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw broken(trainerState, e.getMessage(), e);
        }
    }

    private static TrainerException broken(Path trainerState, String why, Exception cause) {
        return new TrainerException(
                trainerState + " is not a whole trainer_state.json (" + why + "); correct it or move it away.", cause);
    }

    private static Series series(String name, String key, List<? extends Map<String, ?>> rows) {
        return new Series(
                name,
                rows.stream()
                        .filter(row -> row.get("step") instanceof Number
                                && row.get(key) instanceof Number loss
                                && Double.isFinite(loss.doubleValue()))
                        .map(row -> new Series.Point(
                                ((Number) row.get("step")).doubleValue(), ((Number) row.get(key)).doubleValue()))
                        .toList());
    }

    /** Whether there is nothing to look at. */
    public boolean isEmpty() {
        return series.isEmpty();
    }

    List<Series> series() {
        return series;
    }

    /**
     * Draws the curve as a PNG image.
     *
     * @throws io.trainer4j.TrainerException if the file cannot be written
     */
    public void writePng(Path file) {
        byte[] png = LossImage.draw(series).png();
        AtomicFile.write(file, temporary -> Files.write(temporary, png));
    }
}
