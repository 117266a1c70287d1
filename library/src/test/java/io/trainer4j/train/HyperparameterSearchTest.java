package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.UsageException;
import io.trainer4j.model.CausalLM;
import io.trainer4j.search.Pruner;
import io.trainer4j.search.Sampler;
import io.trainer4j.search.SearchSpace;
import io.trainer4j.search.Study;
import io.trainer4j.search.StudySettings;
import io.trainer4j.search.Trial;
import io.trainer4j.testing.TinyModels;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HyperparameterSearchTest {
    @TempDir
    Path out;

    @Test
    void theBestTrialHasTheLowestLossAndItsArguments() {
        TrainingArguments arguments = TinyRun.arguments(out)
                .maxSteps(3)
                .evalStrategy(IntervalStrategy.STEPS)
                .evalSteps(1)
                .saveStrategy(SaveStrategy.NO);
        Study study = study("learning_rate=choice:1e-9,1e-2");
        try (CausalLM model = TinyModels.causalLM(1)) {
            Trainer trainer = Trainer.builder(model, arguments)
                    .trainDataset(TinyRun.TRAIN)
                    .evalDataset(TinyRun.EVAL)
                    .build();
            Trial best = trainer.hyperparameterSearch(() -> TinyModels.causalLM(1), study);

            assertThat(best.parameters()).containsEntry("learning_rate", "1e-2");
            assertThat(Trainer.argumentsOf(best, arguments)).isEqualTo(arguments.learningRate(1e-2));
            assertThat(study.trials()).hasSize(6).allMatch(trial -> trial.state() != Trial.State.FAILED);
            assertThat(study.trials().stream().filter(trial -> trial.state() == Trial.State.PRUNED))
                    .allMatch(trial -> trial.parameters().containsValue("1e-9"));
        }
    }

    @Test
    void whatIsNoArgumentIsRefusedBeforeTheFirstTrial() {
        try (CausalLM model = TinyModels.causalLM(1)) {
            Trainer trainer = Trainer.builder(model, TinyRun.arguments(out))
                    .trainDataset(TinyRun.TRAIN)
                    .evalDataset(TinyRun.EVAL)
                    .build();
            Study study = study("layers=int:1,2");
            assertThatThrownBy(() -> trainer.hyperparameterSearch(() -> TinyModels.causalLM(1), study))
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining("layers");
            assertThat(study.trials()).isEmpty();
        }
    }

    private Study study(String space) {
        return Study.open(
                out.resolve("study.json"),
                SearchSpace.parse(List.of(space)),
                new StudySettings(6, Sampler.RANDOM, Pruner.SUCCESSIVE_HALVING, 1, "eval_loss", false));
    }
}
