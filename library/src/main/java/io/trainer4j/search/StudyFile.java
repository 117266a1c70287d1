package io.trainer4j.search;

import io.trainer4j.AtomicFile;
import io.trainer4j.TrainerException;
import io.trainer4j.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The state of a study on disk. */
record StudyFile(Path path) {
    void write(SearchSpace space, StudySettings settings, List<Trial> trials) {
        Map<String, Object> json = head(space, settings);
        json.put("trials", trials);
        AtomicFile.writeString(
                path, JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
    }

    /** What must be the same for a study to go on; it may have more trials than planned. */
    private static Map<String, Object> head(SearchSpace space, StudySettings settings) {
        Map<String, String> dimensions = new LinkedHashMap<>();
        space.dimensions().forEach((name, dimension) -> dimensions.put(name, dimension.text()));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("space", dimensions);
        json.put("sampler", settings.sampler().name());
        json.put("pruner", settings.pruner().name());
        json.put("seed", settings.seed());
        json.put("metric", settings.metric());
        json.put("greater_is_better", settings.greaterIsBetter());
        return json;
    }

    List<Trial> read(SearchSpace space, StudySettings settings) {
        JsonMapper mapper = JsonMapper.shared();
        try {
            JsonNode json = mapper.readTree(Files.readString(path));
            head(space, settings).forEach((name, value) -> {
                JsonNode wanted = mapper.readTree(mapper.writeValueAsString(value));
                if (!json.required(name).equals(wanted)) {
                    throw new UsageException(path + " is a study with another " + name + " (" + json.path(name)
                            + ", not " + wanted + "); go on with that, or choose another folder.");
                }
            });
            List<Trial> trials = mapper.convertValue(json.required("trials"), new TypeReference<List<Trial>>() {});
            requireNumbered(trials);
            return trials;
        } catch (JacksonException | IOException e) {
            throw new TrainerException(
                    path + " is not a whole study (" + e.getMessage() + "); choose another folder.", e);
        }
    }

    private void requireNumbered(List<Trial> trials) {
        int count = trials == null ? 0 : trials.size();
        boolean numbered = trials != null
                && IntStream.range(0, count)
                        .allMatch(i -> trials.get(i) != null && trials.get(i).number() == i);
        if (!numbered) {
            throw new TrainerException(
                    path + " is not a whole study (its trials are not numbered from 0); choose another folder.");
        }
    }
}
