package io.trainer4j.train;

import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The losses of past steps: of all, and of those since the last log. */
final class LossSums {
    private double total;
    private double sinceLog;
    private int lastLoggedStep;

    static LossSums of(JsonNode json) {
        LossSums sums = new LossSums();
        sums.total = json.path("total").asDouble();
        sums.sinceLog = json.path("since_log").asDouble();
        sums.lastLoggedStep = json.path("last_logged_step").asInt();
        return sums;
    }

    Map<String, Object> toMap() {
        return Map.of("total", total, "since_log", sinceLog, "last_logged_step", lastLoggedStep);
    }

    void add(double loss) {
        total += loss;
        sinceLog += loss;
    }

    boolean hasUnlogged(int step) {
        return step > lastLoggedStep;
    }

    /** The mean since the last call, which is thereby logged. */
    double takeMean(int step) {
        double mean = sinceLog / (step - lastLoggedStep);
        sinceLog = 0;
        lastLoggedStep = step;
        return mean;
    }

    double mean(int steps) {
        return steps == 0 ? 0 : total / steps;
    }
}
