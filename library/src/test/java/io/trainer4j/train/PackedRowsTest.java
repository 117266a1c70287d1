package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.trainer4j.UsageException;
import io.trainer4j.data.Batch;
import io.trainer4j.data.Dataset;
import io.trainer4j.model.CausalLM;
import io.trainer4j.testing.TinyModels;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PackedRowsTest {
    @TempDir
    Path out;

    /** As {@code src/test/golden/packing.py} makes them. */
    @Test
    void theSameRowsMakeTheSamePacksAsInTrl() throws IOException {
        List<int[]> ids = IntStream.range(0, 1500)
                .mapToObj(i -> {
                    int[] row = new int[(int) ((long) i * i * 31 % 97)];
                    Arrays.fill(row, i);
                    return row;
                })
                .toList();
        PackedRows packed = PackedRows.of(Dataset.of(Map.of("input_ids", ids)), 64);
        JsonNode expected;
        try (InputStream stream = PackedRowsTest.class.getResourceAsStream("/golden/packing/packs.json")) {
            expected = JsonMapper.shared().readTree(stream);
        }

        assertThat(packed.dataset().size()).isEqualTo(expected.size());
        for (int p = 0; p < expected.size(); p++) {
            Batch pack = packed.dataset().rows(p);
            int[] tokens = pack.column("input_ids", int[].class).get(0);
            int[] lengths = pack.column("seq_lengths", int[].class).get(0);
            int start = 0;
            assertThat(lengths)
                    .as("pack %d", p)
                    .hasSameSizeAs(new int[expected.get(p).size()]);
            for (int d = 0; d < lengths.length; d++) {
                JsonNode document = expected.get(p).path(d);
                assertThat(lengths[d]).isEqualTo(document.path(1).asInt());
                assertThat(tokens[start]).isEqualTo(document.path(0).asInt());
                start += lengths[d];
            }
            assertThat(tokens).hasSize(start).hasSizeLessThanOrEqualTo(64);
        }
        int[] lengths =
                ids.stream().mapToInt(row -> row.length).filter(n -> n > 0).toArray();
        assertThat(packed.rows()).isEqualTo(lengths.length);
        assertThat(packed.tokens())
                .isEqualTo(Arrays.stream(lengths).map(n -> Math.min(n, 64)).sum());
    }

    @ParameterizedTest
    @MethodSource("io.trainer4j.train.EveryModel#decoders")
    void packsHaveTheLossAndTheGradientsOfTheirRows(EveryModel every) {
        Dataset rows = Dataset.of(Map.of("input_ids", Arrays.asList(EveryModel.SENTENCES)));
        DataCollator collator = DataCollator.forCausalLM(0);
        PackedRows packed = PackedRows.of(rows, 16);
        try (CausalLM model = (CausalLM) every.open()) {
            Objective objective = Objective.of(model, new TrainingArguments());
            MiniBatch packs = collator.collate(packed.dataset().rows(0, 1));
            double targets = objective.targets(packs);
            double loss = objective.backward(packs, targets);
            Map<String, float[]> gradients = GradientCopies.take(model);
            double alone = 0;
            for (int row = 0; row < rows.size(); row++) {
                alone += objective.backward(collator.collate(rows.rows(row)), targets);
            }

            assertThat(packed.dataset().size()).isEqualTo(2);
            assertThat(targets).isEqualTo(11 + 3 + 1);
            assertThat(loss).isCloseTo(alone, within(2e-6 * alone));
            GradientCopies.assertClose(gradients, GradientCopies.take(model));
        }
    }

    @Test
    void theFirstTokenOfADocumentIsNoTargetAndLabelsStayWithTheirTokens() {
        Dataset rows = Dataset.of(Map.of(
                "input_ids", List.of(new int[] {1, 2}, new int[] {3, 4, 5}, new int[] {6}),
                "labels", List.of(new int[] {1, 2}, new int[] {-100, 4, 5}, new int[] {6})));
        MiniBatch batch = DataCollator.forCausalLM(0)
                .collate(PackedRows.of(rows, 5).dataset().rows(0, 1));

        assertThat(batch.input().inputIds()).isDeepEqualTo(new int[][] {{3, 4, 5, 1, 2, 6}});
        assertThat(batch.input().documents()).containsExactly(3, 2, 1);
        assertThat(batch.labels()).isDeepEqualTo(new int[][] {{-100, 4, 5, -100, 2, -100}});
    }

    @Test
    void thePlanSaysHowFullThePacksAre() {
        Dataset rows = Dataset.of(Map.of(
                "input_ids",
                List.of(new int[] {1, 2}, new int[] {3, 4, 5}, new int[] {6}, new int[] {1, 2, 3, 4, 5, 6})));
        RunPlan.Item item = PackedRows.of(rows, 5).decision("training rows");
        assertThat(item.value()).isEqualTo("4 in 3 packs of at most 5 tokens, 73.3 % full");
        assertThatThrownBy(() -> PackedRows.of(Dataset.of(Map.of("input_ids", List.of(new int[0]))), 5))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("There are no tokens to pack;");
    }

    @Test
    void packsAreTrainedEvaluatedAndResumedLikeRows() {
        TrainingArguments arguments = TinyRun.arguments(out)
                .perDeviceTrainBatchSize(2)
                .maxSteps(4)
                .saveSteps(2)
                .loggingSteps(1);
        PackedRows packed = PackedRows.of(TinyRun.TRAIN, 20);
        PackedRows eval = PackedRows.of(TinyRun.EVAL, 20);
        UnaryOperator<Trainer.Builder> onPacks =
                builder -> builder.trainDataset(packed.dataset()).evalDataset(eval.dataset());
        TinyRun whole = TinyRun.of(1, arguments.evalStrategy(IntervalStrategy.EPOCH), onPacks);
        TinyRun resumed = TinyRun.of(
                9,
                arguments
                        .evalStrategy(IntervalStrategy.EPOCH)
                        .resumeFromCheckpoint(out.resolve("checkpoint-2").toString()),
                onPacks);

        assertThat(packed.dataset().size()).isLessThan(TinyRun.TRAIN.size());
        whole.weights()
                .forEach((name, values) ->
                        assertThat(resumed.weights().get(name)).isEqualTo(values));

        try (CausalLM model = TinyModels.causalLM(4)) {
            assertThat(evalLoss(model, eval.dataset())).isCloseTo(evalLoss(model, TinyRun.EVAL), within(1e-6));
        }
    }

    private double evalLoss(CausalLM model, Dataset rows) {
        return Trainer.builder(model, TinyRun.arguments(out))
                .evalDataset(rows)
                .build()
                .evaluate()
                .get("eval_loss");
    }
}
