package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trainer4j.model.CausalLM;
import io.trainer4j.model.Checkpointing;
import io.trainer4j.model.LoraConfig;
import io.trainer4j.model.ModelInput;
import io.trainer4j.model.Pass;
import io.trainer4j.model.PeftModel;
import io.trainer4j.testing.TinyModels;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What rows begin with alike is computed once, which gives what each of them gives alone. */
class SharedPrefixesTest {
    /** The first begins like the others, which are longer than tiny windows; every token but the first is a label. */
    private static final int[][] ROWS = {
        {5, 9, 33, 60, 7, 12, 9, 41},
        {5, 9, 33, 60, 7, 12, 9, 17, 20, 2, 8, 4},
        {5, 9, 33, 44, 9, 17, 20, 2, 8, 4, 31, 3, 50},
        {8, 3}
    };

    @ParameterizedTest
    @MethodSource("io.trainer4j.train.EveryModel#decoders")
    void lossAndGradientsAreThoseOfTheRowsAlone(EveryModel every) {
        try (CausalLM model = (CausalLM) every.open()) {
            assertThat(padded().withoutPadding(model, pass())
                            .withSharedPrefixes(model, pass())
                            .input()
                            .length())
                    .isEqualTo(25);
            assertAsAlone(model, padded(), pass());
            assertAsAlone(model, packed(), pass());
            assertAsAlone(model, padded(), Pass.recorded(new Checkpointing(2)));
        }
    }

    @Test
    void adaptersAreTrainedAlike() {
        try (CausalLM model = TinyModels.causalLM(1)) {
            PeftModel.getPeftModel(
                    model, new LoraConfig().initLoraWeights("gaussian").targetModules("all-linear"));
            assertAsAlone(model, padded(), pass());
        }
    }

    @Test
    void anEvaluationHasTheFiguresOfTheRowsAlone() {
        try (CausalLM model = TinyModels.causalLM(1)) {
            Objective objective = Objective.of(model, new TrainingArguments());
            EvaluationSums together = new EvaluationSums(null);
            objective.evaluate(padded(), together);
            EvaluationSums alone = new EvaluationSums(null);
            for (int[] row : ROWS) {
                objective.evaluate(batch(ModelInput.of(row), row), alone);
            }
            assertThat(together.meanLossByTarget()).isCloseTo(alone.meanLossByTarget(), within(1e-6));
            assertThat(together.accuracy()).isEqualTo(alone.accuracy());
            assertThat(together.perplexity()).isCloseTo(alone.perplexity(), within(1e-4));
        }
    }

    private static Pass pass() {
        return Pass.recorded(Checkpointing.NONE);
    }

    private static void assertAsAlone(CausalLM model, MiniBatch batch, Pass pass) {
        Objective objective = Objective.of(model, new TrainingArguments());
        double targets = objective.targets(batch);
        double loss;
        try (pass) {
            loss = objective.backward(batch, targets, pass);
        }
        Map<String, float[]> gradients = GradientCopies.take(model);
        double alone = 0;
        for (int[] row : ROWS) {
            try (Pass own = pass()) {
                alone += objective.backward(batch(ModelInput.of(row), row), targets, own);
            }
        }
        assertThat(targets)
                .isEqualTo(Arrays.stream(ROWS).mapToInt(row -> row.length - 1).sum());
        assertThat(loss).isCloseTo(alone, within(2e-6 * Math.max(1, alone)));
        assertThat(gradients).isNotEmpty();
        GradientCopies.assertClose(gradients, GradientCopies.take(model));
    }

    private static MiniBatch batch(ModelInput input, int[]... labels) {
        return new MiniBatch(input, labels);
    }

    private static MiniBatch padded() {
        List<int[]> labels = Arrays.stream(ROWS)
                .map(row -> {
                    int[] padded = Arrays.copyOf(row, 13);
                    Arrays.fill(padded, row.length, 13, MiniBatch.IGNORED);
                    return padded;
                })
                .toList();
        int[][] mask = Arrays.stream(ROWS)
                .map(row -> {
                    int[] ones = new int[13];
                    Arrays.fill(ones, 0, row.length, 1);
                    return ones;
                })
                .toArray(int[][]::new);
        int[][] ids = Arrays.stream(ROWS).map(row -> Arrays.copyOf(row, 13)).toArray(int[][]::new);
        return batch(new ModelInput(ids, mask, null), labels.toArray(int[][]::new));
    }

    private static MiniBatch packed() {
        return batch(
                ModelInput.packed(ROWS),
                Arrays.stream(ROWS).flatMapToInt(Arrays::stream).toArray());
    }
}
