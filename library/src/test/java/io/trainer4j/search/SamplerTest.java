package io.trainer4j.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SamplerTest {
    private static final SearchSpace SPACE = SearchSpace.parse(
            List.of("rate=uniform:0,1", "log=loguniform:1e-4,1", "whole=int:1,10", "word=choice:a,b,c,d"));

    @ParameterizedTest
    @EnumSource(Sampler.class)
    void everyDimensionHasAValueInItsRange(Sampler sampler) {
        List<Trial> best = trials(40, 0.1);
        Random random = new Random(5);
        for (int i = 0; i < 200; i++) {
            Map<String, String> drawn = sampler.next(SPACE, best, random);
            assertThat(drawn.keySet()).containsExactly("rate", "log", "whole", "word");
            assertThat(Double.parseDouble(drawn.get("rate"))).isBetween(0.0, 1.0);
            assertThat(Double.parseDouble(drawn.get("log"))).isBetween(1e-4, 1.0);
            assertThat(Integer.parseInt(drawn.get("whole"))).isBetween(1, 10);
            assertThat(drawn.get("word")).isIn("a", "b", "c", "d");
        }
    }

    @Test
    void randomSamplesCoverTheSpaceEvenly() {
        Random random = new Random(3);
        int[] tenths = new int[10];
        int[] orders = new int[4];
        Map<String, Integer> words = new HashMap<>();
        Map<String, Integer> wholes = new HashMap<>();
        for (int i = 0; i < 4000; i++) {
            Map<String, String> drawn = Sampler.RANDOM.next(SPACE, List.of(), random);
            tenths[(int) (Double.parseDouble(drawn.get("rate")) * 10)]++;
            orders[(int) Math.min(3, -Math.floor(Math.log10(Double.parseDouble(drawn.get("log")))) - 1)]++;
            words.merge(drawn.get("word"), 1, Integer::sum);
            wholes.merge(drawn.get("whole"), 1, Integer::sum);
        }
        assertThat(Arrays.stream(tenths)).allMatch(count -> count > 320 && count < 480);
        assertThat(Arrays.stream(orders)).allMatch(count -> count > 880 && count < 1120);
        assertThat(words)
                .hasSize(4)
                .allSatisfy((word, count) -> assertThat(count).isBetween(880, 1120));
        assertThat(wholes)
                .hasSize(10)
                .allSatisfy((whole, count) -> assertThat(count).isBetween(320, 480));
    }

    @Test
    void theFirstTenTrialsOfTpeAreRandom() {
        for (int count : new int[] {0, 1, 9}) {
            assertThat(Sampler.TPE.next(SPACE, trials(count, 0.1), new Random(1)))
                    .isEqualTo(Sampler.RANDOM.next(SPACE, List.of(), new Random(1)));
        }
        assertThat(Sampler.TPE.next(SPACE, trials(10, 0.1), new Random(1)))
                .isNotEqualTo(Sampler.RANDOM.next(SPACE, List.of(), new Random(1)));
    }

    /** The good seventh stood near the given place of every dimension, the rest elsewhere. */
    @Test
    void tpeDrawsWhereTrialsWereGood() {
        for (double place : new double[] {0.15, 0.85}) {
            List<Trial> best = trials(40, place);
            Random random = new Random(11);
            int near = 0;
            int nearWhole = 0;
            int word = 0;
            for (int i = 0; i < 200; i++) {
                Map<String, String> drawn = Sampler.TPE.next(SPACE, best, random);
                near += Math.abs(Double.parseDouble(drawn.get("rate")) - place) < 0.15 ? 1 : 0;
                nearWhole += Math.abs(Integer.parseInt(drawn.get("whole")) - (place * 10 + 0.5)) <= 1.5 ? 1 : 0;
                word += drawn.get("word").equals(place < 0.5 ? "a" : "d") ? 1 : 0;
            }
            assertThat(near).as("of 200, 60 by chance").isGreaterThan(150);
            assertThat(nearWhole).as("of 200, 60 by chance").isGreaterThan(120);
            assertThat(word).as("of 200, 50 by chance").isGreaterThan(120);
        }
    }

    @Test
    void aWordThatFailedAsOftenAsItWonGivesWayToOthers() {
        List<Trial> best = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            best.add(trial(i, 0.5, 0.1, 5, "a"));
        }
        Random random = new Random(2);
        Set<String> words = new LinkedHashSet<>();
        for (int i = 0; i < 100; i++) {
            words.add(Sampler.TPE.next(SPACE, best, random).get("word"));
        }
        assertThat(words).contains("b", "c", "d");
    }

    @Test
    void equalTrialsDoNotStopTheEstimator() {
        List<Trial> same = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            same.add(trial(i, 1, 1, 10, "d"));
        }
        Map<String, String> drawn = Sampler.TPE.next(SPACE, same, new Random(4));
        assertThat(Double.parseDouble(drawn.get("rate"))).isBetween(0.0, 1.0);
    }

    @Test
    void ofTwoDensitiesTheFirstIsFollowedAndTheSecondAvoided() {
        Dimension line = new Dimension.Uniform(0, 1);
        ParzenEstimator low = new ParzenEstimator(line, List.of("0.1", "0.12", "0.15"));
        ParzenEstimator high = new ParzenEstimator(line, List.of("0.8", "0.85", "0.9"));
        Random random = new Random(1);
        for (int i = 0; i < 50; i++) {
            assertThat(Double.parseDouble(low.likelierThan(high, random))).isLessThan(0.5);
            assertThat(Double.parseDouble(high.likelierThan(low, random))).isGreaterThan(0.5);
        }
    }

    @Test
    void nothingSeenIsTheUniformPrior() {
        Dimension line = new Dimension.Uniform(0, 1);
        ParzenEstimator nothing = new ParzenEstimator(line, List.of());
        ParzenEstimator low = new ParzenEstimator(line, List.of("0.05", "0.1"));
        assertThat(Double.parseDouble(nothing.likelierThan(low, new Random(1)))).isGreaterThan(0.4);
    }

    /** The best first: 15 % at the place, the others spread over the rest of the space. */
    private static List<Trial> trials(int count, double place) {
        int good = (int) Math.ceil(0.15 * count);
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    double shift = i < good ? 0.01 * (i - good / 2.0) : 0;
                    double rest = (i - good + 0.5) / (count - good) * 0.6;
                    double position = i < good ? place + shift : place < 0.5 ? 0.4 + rest : 0.6 - rest;
                    String word = i < good ? (place < 0.5 ? "a" : "d") : "abcd".substring(i % 4, i % 4 + 1);
                    return trial(i, position, Math.pow(10, -4 + 4 * position), (int) (position * 10) + 1, word);
                })
                .toList();
    }

    private static Trial trial(int number, double rate, double log, int whole, String word) {
        Map<String, String> parameters =
                Map.of("rate", "" + rate, "log", "" + log, "whole", "" + Math.min(10, whole), "word", word);
        return new Trial(number, parameters, Trial.State.COMPLETE, List.of(), (double) number, null);
    }
}
