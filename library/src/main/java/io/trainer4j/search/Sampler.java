package io.trainer4j.search;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Chooses the parameters of the next trial. */
public enum Sampler {
    /** Each trial independent of the others (Bergstra and Bengio 2012). */
    RANDOM,
    /** Where trials were good, more often: {@link ParzenEstimator}. The first ten trials are random. */
    TPE;

    private static final int RANDOM_TRIALS = 10;
    private static final double GOOD_SHARE = 0.15;

    /**
     * The next parameters.
     *
     * @param best finished trials, the best first
     */
    Map<String, String> next(SearchSpace space, List<Trial> best, Random random) {
        Map<String, String> parameters = new LinkedHashMap<>();
        boolean uninformed = this == RANDOM || best.size() < RANDOM_TRIALS;
        int good = (int) Math.ceil(GOOD_SHARE * best.size());
        space.dimensions().forEach((name, dimension) -> {
            String value = uninformed
                    ? dimension.at(random.nextDouble())
                    : likeliestGood(
                            dimension,
                            values(name, best.subList(0, good)),
                            values(name, best.subList(good, best.size())),
                            random);
            parameters.put(name, value);
        });
        return parameters;
    }

    private static List<String> values(String name, List<Trial> trials) {
        return trials.stream().map(trial -> trial.parameters().get(name)).toList();
    }

    private static String likeliestGood(Dimension dimension, List<String> good, List<String> bad, Random random) {
        return new ParzenEstimator(dimension, good).likelierThan(new ParzenEstimator(dimension, bad), random);
    }
}
