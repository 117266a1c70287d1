package io.trainer4j.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.trainer4j.TrainerException;
import io.trainer4j.UsageException;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class StudyTest {
    private static final SearchSpace SPACE = SearchSpace.parse(List.of(
            "learning_rate=loguniform:1e-5,1e-1",
            "--num-train-epochs=int:1,5",
            "lr_scheduler_type=choice:linear,cosine"));

    private final FileSystem memory = Jimfs.newFileSystem(Configuration.unix());
    private final Path folder = memory.getPath("/");

    @AfterEach
    void close() throws IOException {
        memory.close();
    }

    @ParameterizedTest
    @EnumSource(Sampler.class)
    void aSeedGivesTheSameTrials(Sampler sampler) {
        List<Trial> once = run(study("a", 30, sampler, Pruner.NONE, 1));
        assertThat(run(study("b", 30, sampler, Pruner.NONE, 1))).isEqualTo(once);
        assertThat(run(study("c", 30, sampler, Pruner.NONE, 2))).isNotEqualTo(once);
    }

    @Test
    void aCrashedStudyGoesOnAtTheUnfinishedTrial() {
        List<Trial> whole = run(study("whole", 25, Sampler.TPE, Pruner.NONE, 1));
        Study crashed = study("crashed", 25, Sampler.TPE, Pruner.NONE, 1);
        for (int i = 0; i < 15; i++) {
            Trial trial = crashed.next().orElseThrow();
            crashed.complete(trial.number(), loss(trial));
        }
        Trial unfinished = crashed.next().orElseThrow();
        crashed.report(unfinished.number(), 99);

        Study resumed = study("crashed", 25, Sampler.TPE, Pruner.NONE, 1);
        assertThat(resumed.trials().get(15).reports()).containsExactly(99.0);
        assertThat(resumed.next()).contains(unfinished);
        assertThat(run(resumed)).isEqualTo(whole);
    }

    @Test
    void tpeComesCloserThanChance() {
        double tpe = 0;
        double random = 0;
        for (int seed = 0; seed < 10; seed++) {
            tpe += bestLoss(study("t" + seed, 60, Sampler.TPE, Pruner.NONE, seed));
            random += bestLoss(study("r" + seed, 60, Sampler.RANDOM, Pruner.NONE, seed));
        }
        assertThat(tpe).isLessThan(random / 2);
    }

    private static double bestLoss(Study study) {
        run(study);
        return study.best().orElseThrow().value();
    }

    @Test
    void failedAndPrunedTrialsAreNotTheBest() {
        Study study = study("f", 4, Sampler.RANDOM, Pruner.NONE, 1);
        study.fail(study.next().orElseThrow().number(), "The loss is NaN.");
        int pruned = study.next().orElseThrow().number();
        study.report(pruned, 0.5);
        study.prune(pruned);
        assertThat(study.best()).isEmpty();
        study.complete(study.next().orElseThrow().number(), 2);
        study.complete(study.next().orElseThrow().number(), 1);
        assertThat(study.next()).isEmpty();
        assertThat(study.best().map(Trial::number)).contains(3);
        assertThat(study.trials().stream().map(Trial::state))
                .containsExactly(Trial.State.FAILED, Trial.State.PRUNED, Trial.State.COMPLETE, Trial.State.COMPLETE);
    }

    /** With a reduction of 3: the first trial always goes on, the second only if it is better, of four one. */
    @Test
    void successiveHalvingKeepsTheBestThird() {
        Study study = study("h", 10, Sampler.RANDOM, Pruner.SUCCESSIVE_HALVING, 1);
        assertThat(reports(study, 5, 4, 3)).isEqualTo(0);
        assertThat(reports(study, 6)).isEqualTo(1);
        assertThat(reports(study, 4, 9)).as("two evaluations are no rung").isEqualTo(0);
        assertThat(reports(study, 4.5)).isEqualTo(1);
        assertThat(reports(study, 3.5, 9, 3.5))
                .as("worse at the third evaluation")
                .isEqualTo(3);
    }

    /** Which report ended the trial, from 1; 0 if none. */
    private static int reports(Study study, double... figures) {
        int number = study.next().orElseThrow().number();
        for (int i = 0; i < figures.length; i++) {
            if (study.report(number, figures[i])) {
                study.prune(number);
                return i + 1;
            }
        }
        study.complete(number, figures[figures.length - 1]);
        return 0;
    }

    @Test
    void valuesStayInTheirSpace() {
        for (Trial trial : run(study("v", 60, Sampler.TPE, Pruner.NONE, 3))) {
            assertThat(Double.parseDouble(trial.parameters().get("learning_rate")))
                    .isBetween(1e-5, 1e-1);
            assertThat(Integer.parseInt(trial.parameters().get("num_train_epochs")))
                    .isBetween(1, 5);
            assertThat(trial.parameters().get("lr_scheduler_type")).isIn("linear", "cosine");
        }
        Dimension whole = new Dimension.WholeNumber(1, 3);
        assertThat(List.of(whole.at(0), whole.at(0.5), whole.at(1))).containsExactly("1", "2", "3");
        Dimension log = new Dimension.LogUniform(1e-4, 1e-2);
        assertThat(Double.parseDouble(log.at(0.5))).isCloseTo(1e-3, org.assertj.core.api.Assertions.within(1e-9));
        assertThat(log.position("1e-3")).isCloseTo(0.5, org.assertj.core.api.Assertions.within(1e-9));
    }

    @Test
    void anotherSpaceInTheSameFileIsRefused() throws IOException {
        study("s", 3, Sampler.TPE, Pruner.NONE, 1).next();
        assertThatThrownBy(() -> study("s", 3, Sampler.TPE, Pruner.NONE, 2))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("another seed (1, not 2)");
        Files.writeString(folder.resolve("s.json"), "{\"space\":");
        assertThatThrownBy(() -> study("s", 3, Sampler.TPE, Pruner.NONE, 1))
                .isInstanceOf(TrainerException.class)
                .hasMessageContaining("not a whole study");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "learning_rate",
                "learning_rate=1e-5,1e-3",
                "learning_rate=loguniform:0,1",
                "learning_rate=uniform:2,1",
                "learning_rate=uniform:1",
                "epochs=int:1.5,3",
                "x=choice:a,,b",
                "x=choice:a,a",
                "x=normal:0,1"
            })
    void aSpaceThatCannotBeReadIsRefused(String text) {
        assertThatThrownBy(() -> SearchSpace.parse(List.of(text)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(text.replaceFirst("^.*=", ""));
    }

    private Study study(String name, int trials, Sampler sampler, Pruner pruner, long seed) {
        StudySettings settings = new StudySettings(trials, sampler, pruner, seed, "eval_loss", false);
        return Study.open(folder.resolve(name + ".json"), SPACE, settings);
    }

    private static List<Trial> run(Study study) {
        for (Optional<Trial> trial = study.next(); trial.isPresent(); trial = study.next()) {
            study.complete(trial.get().number(), loss(trial.get()));
        }
        return study.trials();
    }

    /** Least at a learning rate of 1e-3 with 3 epochs and a cosine. */
    private static double loss(Trial trial) {
        Map<String, String> values = trial.parameters();
        double rate = Math.log10(Double.parseDouble(values.get("learning_rate"))) + 3;
        double epochs = Integer.parseInt(values.get("num_train_epochs")) - 3;
        return rate * rate
                + epochs * epochs / 10
                + (values.get("lr_scheduler_type").equals("cosine") ? 0 : 1);
    }
}
