package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.trainer4j.UsageException;
import io.trainer4j.data.Columns;
import io.trainer4j.data.Dataset;
import io.trainer4j.model.CausalLM;
import io.trainer4j.model.PretrainedModel;
import io.trainer4j.tensor.Scope;
import io.trainer4j.testing.TinyModels;
import io.trainer4j.train.TrainerCallback.Decision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Three epochs of training the top layer of three; in the first, the rest is computed and kept. */
class FrozenCacheTest {
    @TempDir
    Path out;

    private TrainingArguments arguments() {
        return TinyRun.arguments(out).saveStrategy(SaveStrategy.NO).freezeTrainableLayers(1);
    }

    private record Run(List<Double> losses, Map<String, float[]> weights) {}

    /** A model without dropout; equal calls train equal models. */
    private static Run run(TrainingArguments arguments, TrainerCallback... callbacks) {
        try (CausalLM model = model()) {
            List<Double> losses = new ArrayList<>();
            Trainer.Builder builder = Trainer.builder(model, arguments).trainDataset(TinyRun.TRAIN);
            builder.callback(event -> {
                if (event instanceof TrainingEvent.StepEnd step) {
                    losses.add(step.loss());
                }
                return Decision.CONTINUE;
            });
            for (TrainerCallback callback : callbacks) {
                builder.callback(callback);
            }
            builder.build().train();
            return new Run(losses, TinyModels.weights(model));
        }
    }

    private static CausalLM model() {
        return TinyModels.causalLM(2, json -> json.put("num_hidden_layers", 3));
    }

    private Path file() {
        return out.resolve("frozen_states.safetensors");
    }

    @Test
    void aRunOfTheSameBatchesHasTheSameBits() {
        TrainingArguments sequential = arguments().trainSamplingStrategy(SamplingStrategy.SEQUENTIAL);
        Run without = run(sequential);
        Run with = run(sequential.cacheFrozen(true));

        assertThat(with.losses()).hasSize(9).isEqualTo(without.losses());
        without.weights()
                .forEach((name, values) ->
                        assertThat(with.weights().get(name)).as(name).isEqualTo(values));
        assertThat(file()).doesNotExist();
    }

    /** The frozen layers are spoiled once their states are known: whoever asks them again learns nothing. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void otherBatchesOfTheSameRowsDoNotAskTheFrozenLayersAgain(boolean checkpointing) {
        Run without = run(arguments());
        try (CausalLM model = model()) {
            List<Double> losses = new ArrayList<>();
            Trainer.builder(model, arguments().cacheFrozen(true).gradientCheckpointing(checkpointing))
                    .trainDataset(TinyRun.TRAIN)
                    .callback(event -> {
                        if (event instanceof TrainingEvent.StepEnd step) {
                            losses.add(step.loss());
                        } else if (event instanceof TrainingEvent.EpochEnd) {
                            spoil(model);
                        }
                        return Decision.CONTINUE;
                    })
                    .build()
                    .train();
            assertThat(losses).hasSize(9);
            for (int step = 0; step < 9; step++) {
                assertThat(losses.get(step)).isCloseTo(without.losses().get(step), within(1e-5));
            }
        }
    }

    private static void spoil(CausalLM model) {
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            model.parameters().asMap().forEach((name, tensor) -> {
                if (name.startsWith("model.layers.0.") || name.startsWith("model.layers.1.")) {
                    tensor.fill_(new Scalar(Double.NaN));
                }
            });
        }
    }

    @Test
    void brokenRowsAreComputedAgain() {
        TrainingArguments sequential = arguments().trainSamplingStrategy(SamplingStrategy.SEQUENTIAL);
        Run broken = run(sequential.cacheFrozen(true), event -> {
            if (event instanceof TrainingEvent.EpochEnd) {
                breakLastByte();
            }
            return Decision.CONTINUE;
        });
        assertThat(broken.losses()).isEqualTo(run(sequential).losses());
    }

    private void breakLastByte() {
        try {
            byte[] bytes = Files.readAllBytes(file());
            bytes[bytes.length - 1] ^= 1;
            Files.write(file(), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void anInterruptedRunLeavesTheFileForItsResumption() {
        TrainingArguments arguments = arguments().cacheFrozen(true).trainSamplingStrategy(SamplingStrategy.SEQUENTIAL);
        Run whole = run(arguments);
        run(
                arguments,
                event -> event instanceof TrainingEvent.StepEnd step && step.step() == 4
                        ? Decision.SAVE_AND_STOP
                        : Decision.CONTINUE);
        assertThat(file()).exists();
        Run resumed = run(arguments.resumeFromCheckpoint("true"));

        assertThat(resumed.losses()).isEqualTo(whole.losses().subList(4, 9));
        assertThat(file()).doesNotExist();
    }

    @Test
    void anEncoderIsCachedInItsPaddedBatches() {
        EveryModel bert = EveryModel.all()
                .filter(model -> model.toString().equals("bert-single"))
                .findFirst()
                .orElseThrow();
        Dataset rows = TinyModels.labelled(10, 2)
                .map(batch -> Columns.of(
                        "input_ids",
                        batch.column("input_ids", int[].class).stream()
                                .map(ids ->
                                        Arrays.stream(ids).map(id -> id % 61).toArray())
                                .toList()));
        List<List<Double>> losses = new ArrayList<>();
        for (boolean cached : new boolean[] {false, true}) {
            Path folder = out.resolve("model-" + cached);
            folder.toFile().mkdir();
            List<Double> own = new ArrayList<>();
            try (PretrainedModel model = bert.open(0, folder)) {
                Trainer.builder(model, arguments().cacheFrozen(cached))
                        .trainDataset(rows)
                        .callback(event -> {
                            if (event instanceof TrainingEvent.StepEnd step) {
                                own.add(step.loss());
                            }
                            return Decision.CONTINUE;
                        })
                        .build()
                        .train();
            }
            losses.add(own);
        }
        assertThat(losses.get(0)).hasSize(9);
        for (int step = 0; step < 9; step++) {
            assertThat(losses.get(1).get(step)).isCloseTo(losses.get(0).get(step), within(1e-5));
        }
    }

    @Test
    void thePlanSaysHowMuchDiskItTakes() {
        try (CausalLM model = model()) {
            Trainer trainer = Trainer.builder(model, arguments().cacheFrozen(true))
                    .trainDataset(TinyRun.TRAIN)
                    .build();
            assertThat(trainer.plan().toString())
                    .contains("2 of 3, computed once; up to 0.0 MB on disk during the run (cache_frozen, in " + file());
        }
    }

    @Test
    void whatChangesFromEpochToEpochIsRefused() {
        try (CausalLM dropping = TinyModels.causalLM(1, json -> json.put("attention_dropout", 0.1));
                CausalLM model = model()) {
            TrainingArguments cached = arguments().cacheFrozen(true);
            assertRefused(dropping, cached, "Option cache_frozen cannot keep what dropout changes in every epoch;");
            assertRefused(
                    model, cached.neftuneNoiseAlpha(5), "Option cache_frozen cannot keep what neftune_noise_alpha");
        }
        try (CausalLM model = model()) {
            TrainingArguments all = TinyRun.arguments(out).cacheFrozen(true);
            assertRefused(model, all, "Option cache_frozen needs frozen embeddings and frozen layers above them;");
        }
        assertThat(file()).doesNotExist();
    }

    private static void assertRefused(CausalLM model, TrainingArguments arguments, String message) {
        Trainer trainer =
                Trainer.builder(model, arguments).trainDataset(TinyRun.TRAIN).build();
        assertThatThrownBy(trainer::plan).isInstanceOf(UsageException.class).hasMessageStartingWith(message);
        assertThatThrownBy(trainer::train).isInstanceOf(UsageException.class).hasMessageStartingWith(message);
    }
}
