package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.UsageException;
import io.trainer4j.model.CausalLM;
import io.trainer4j.model.PretrainedModel;
import io.trainer4j.testing.TinyModels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class FreezingTest {
    private static final TrainingArguments ARGUMENTS = new TrainingArguments();

    @TempDir
    Path out;

    @ParameterizedTest
    @MethodSource("io.trainer4j.train.EveryModel#all")
    void theTopLayerAndWhatStandsOnItIsTrained(EveryModel every) {
        try (PretrainedModel model = every.open()) {
            List<String> all = new ArrayList<>(model.parameters().asMap().keySet());
            List<String> layers = model.layerNames();
            String top = layers.get(layers.size() - 1);
            Freezing.apply(model, ARGUMENTS.freezeTrainableLayers(1));

            List<String> trained =
                    new ArrayList<>(model.parameters().trainable().keySet());
            int first = all.indexOf(trained.get(0));
            assertThat(all.get(first)).startsWith(top);
            assertThat(all.get(first - 1)).doesNotStartWith(top);
            assertThat(trained).isEqualTo(all.subList(first, all.size())).noneMatch(ParameterNames::isEmbedding);
            assertThat(Freezing.frozenLayers(model)).isEqualTo(layers.size() - 1);

            Objective objective = Objective.of(model, ARGUMENTS);
            MiniBatch batch = EveryModel.batch(model);
            objective.backward(batch, (double) objective.targets(batch));
            assertThat(GradientCopies.take(model).keySet()).isEqualTo(Set.copyOf(trained));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "self_attn, , 14",
        "q_proj, , 4",
        "layers.1, , 12",
        "layers.*.mlp, , 6",
        "*norm*, , 5",
        "model.norm.weight, , 1",
        ", embed_tokens, 25",
        "layers.1, layers.1.mlp, 9"
    })
    void patternsAreWholePartsOfNames(String trainable, String frozen, int expected) {
        try (CausalLM model = TinyModels.causalLM(1)) {
            TrainingArguments arguments = ARGUMENTS
                    .trainableModules(trainable == null ? null : List.of(trainable))
                    .frozenModules(frozen == null ? null : List.of(frozen));
            Freezing.apply(model, arguments);

            assertThat(model.parameters().trainable()).hasSize(expected);
        }
    }

    @Test
    void modulesAreTrainedBesidesTheTopLayers() {
        try (CausalLM model = TinyModels.causalLM(1)) {
            Freezing.apply(
                    model, ARGUMENTS.freezeTrainableLayers(1).trainableModules(List.of("layers.0.self_attn.q_proj")));
            assertThat(model.parameters().trainable().keySet())
                    .hasSize(12 + 1 + 2)
                    .contains("model.layers.0.self_attn.q_proj.bias", "model.norm.weight")
                    .doesNotContain("model.embed_tokens.weight");
            assertThat(Freezing.frozenLayers(model)).isZero();
        }
    }

    @Test
    void aRunMovesWhatIsTrainedAndNothingElse() {
        try (CausalLM model = TinyModels.causalLM(1)) {
            Map<String, float[]> before = TinyModels.weights(model);
            Trainer trainer = Trainer.builder(
                            model,
                            TinyRun.arguments(out)
                                    .maxSteps(2)
                                    .saveStrategy(SaveStrategy.NO)
                                    .freezeTrainableLayers(1))
                    .trainDataset(TinyRun.TRAIN)
                    .build();
            assertThat(trainer.plan().toString()).contains(" million trained, ").contains("the others are frozen");
            trainer.train();
            TinyModels.weights(model).forEach((name, values) -> {
                boolean trained = name.startsWith("model.layers.1.") || name.equals("model.norm.weight");
                boolean keyBias =
                        name.equals("model.layers.1.self_attn.k_proj.bias"); // attention does not depend on it
                if (!keyBias) {
                    assertThat(!Arrays.equals(values, before.get(name)))
                            .as(name)
                            .isEqualTo(trained);
                }
            });
        }
    }

    @Test
    void aFrozenRunIsResumedToTheSameEnd() {
        TrainingArguments arguments =
                TinyRun.arguments(out).maxSteps(6).saveSteps(3).freezeTrainableLayers(1);
        TinyRun whole = TinyRun.of(arguments);
        TinyRun resumed = TinyRun.of(
                99, arguments.resumeFromCheckpoint(out.resolve("checkpoint-3").toString()), builder -> builder);
        whole.weights()
                .forEach((name, values) ->
                        assertThat(resumed.weights().get(name)).as(name).isEqualTo(values));
    }

    @Test
    void whatFreezesNothingOrEverythingIsRefused() {
        try (CausalLM model = TinyModels.causalLM(1)) {
            assertRefused(
                    model,
                    ARGUMENTS.freezeTrainableLayers(3),
                    "Option freeze_trainable_layers is 3 but the model has 2 layers; lower it.");
            assertRefused(
                    model,
                    ARGUMENTS.trainableModules(List.of("attn")),
                    "Option trainable_modules has the pattern 'attn', which matches no parameter; there are"
                            + " model.embed_tokens.weight, ..., model.norm.weight.");
            assertRefused(
                    model,
                    ARGUMENTS.frozenModules(List.of("*")),
                    "Nothing is left to train; give freeze_trainable_layers or trainable_modules more, or"
                            + " frozen_modules less.");
        }
    }

    private static void assertRefused(CausalLM model, TrainingArguments arguments, String message) {
        assertThatThrownBy(() -> Freezing.apply(model, arguments))
                .isInstanceOf(UsageException.class)
                .hasMessage(message);
    }
}
