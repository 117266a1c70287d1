package io.trainer4j.search;

import io.trainer4j.UsageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * A search and all it has tried, in one JSON file that is replaced after every change. A study whose file exists goes on
 * with it: the trial that was running is run again with the same parameters. Same space, settings and figures: same trials.
 */
public final class Study {
    private final SearchSpace space;
    private final StudySettings settings;
    private final StudyFile file;
    private final List<Trial> trials;

    private Study(SearchSpace space, StudySettings settings, StudyFile file, List<Trial> trials) {
        this.space = space;
        this.settings = settings;
        this.file = file;
        this.trials = trials;
    }

    /**
     * Begins a study, or goes on with the one in the file.
     *
     * @throws UsageException if the file's study has another space or other settings
     * @throws io.trainer4j.TrainerException if the file is damaged
     */
    public static Study open(Path path, SearchSpace space, StudySettings settings) {
        StudyFile file = new StudyFile(path);
        List<Trial> trials = Files.exists(path) ? file.read(space, settings) : List.of();
        return new Study(space, settings, file, new ArrayList<>(trials));
    }

    /** What is varied. */
    public SearchSpace space() {
        return space;
    }

    /** How it is searched. */
    public StudySettings settings() {
        return settings;
    }

    /** All trials so far, by number. */
    public List<Trial> trials() {
        return List.copyOf(trials);
    }

    /** The trial to run now: the one that was interrupted, or a new one; empty if there are as many as wanted. */
    public Optional<Trial> next() {
        Optional<Trial> interrupted = trials.stream()
                .filter(trial -> trial.state() == Trial.State.RUNNING)
                .findFirst()
                .map(Trial::restarted);
        interrupted.ifPresent(this::put);
        if (interrupted.isPresent() || trials.size() >= settings.trials()) {
            return interrupted;
        }
        int number = trials.size();
        Map<String, String> parameters = settings.sampler().next(space, ranked(), random(number));
        Trial trial = new Trial(number, parameters, Trial.State.RUNNING, List.of(), null, null);
        trials.add(trial);
        file.write(space, settings, trials);
        return Optional.of(trial);
    }

    /** The random stream of one trial, which does not depend on how many trials this process has made. */
    private Random random(int number) {
        return new Random((settings.seed() + 1) * 0x9E3779B97F4A7C15L ^ (number + 1) * 0xBF58476D1CE4E5B9L);
    }

    /**
     * Notes a figure of a running trial.
     *
     * @return whether the trial is to end now
     */
    public boolean report(int number, double figure) {
        Trial trial = trials.get(number).reporting(figure);
        put(trial);
        List<Trial> others =
                trials.stream().filter(other -> other.number() != number).toList();
        return settings.pruner().ends(trial, others, settings.greaterIsBetter());
    }

    /** Notes that a trial has run to its end with this figure. */
    public void complete(int number, double figure) {
        put(trials.get(number).ended(Trial.State.COMPLETE, figure));
    }

    /** Notes that a trial was ended early; its last report counts. */
    public void prune(int number) {
        List<Double> reports = trials.get(number).reports();
        put(trials.get(number).ended(Trial.State.PRUNED, reports.get(reports.size() - 1)));
    }

    /** Notes that a trial failed, such as one whose loss left the range of numbers. */
    public void fail(int number, String reason) {
        put(trials.get(number).failed(reason));
    }

    /** The best trial that has run to its end. */
    public Optional<Trial> best() {
        return ranked().stream()
                .filter(trial -> trial.state() == Trial.State.COMPLETE)
                .findFirst();
    }

    /** All that have a figure which is a number, complete ones first and the best of them first. */
    private List<Trial> ranked() {
        Comparator<Trial> byValue = Comparator.comparing(Trial::value);
        return trials.stream()
                .filter(trial -> trial.value() != null && !trial.value().isNaN())
                .sorted(Comparator.comparing(Trial::state)
                        .thenComparing(settings.greaterIsBetter() ? byValue.reversed() : byValue))
                .toList();
    }

    private void put(Trial trial) {
        trials.set(trial.number(), trial);
        file.write(space, settings, trials);
    }
}
