package io.trainer4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import io.trainer4j.UsageException;
import io.trainer4j.tensor.RandomState;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.NoGradGuard;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GenerationTest {
    private static final int[] PROMPT = {5, 17, 300, 42, 8, 511, 64};

    private CausalLM model;

    @BeforeEach
    void open() {
        model = AutoModelForCausalLM.fromPretrained(GoldenModel.resource("/golden/models/llama3"));
    }

    @AfterEach
    void close() {
        model.close();
    }

    @Test
    void greedyIsTheArgmaxOfTheWholeText() {
        List<Integer> text = new ArrayList<>(Arrays.stream(PROMPT).boxed().toList());
        try (NoGradGuard noGrad = new NoGradGuard()) {
            for (int step = 0; step < 12; step++) {
                text.add(likeliestNext(text.stream().mapToInt(i -> i).toArray()));
            }
        }
        assertThat(model.generate(PROMPT, greedy(12)))
                .containsExactly(text.subList(7, 19).stream().mapToInt(i -> i).toArray());
    }

    private int likeliestNext(int[] text) {
        try (Scope scope = Scope.open()) {
            float[] scores = TensorData.toFloats(
                    model.logits(ModelInput.of(text), Mode.EVAL).select(1, -1));
            return IntStream.range(0, scores.length).reduce(0, (best, id) -> scores[id] > scores[best] ? id : best);
        }
    }

    /**
     * Python: {@code torch.manual_seed(0); model.generate(ids, max_new_tokens=12, eos_token_id=None, pad_token_id=0,
     * do_sample=..., temperature=..., top_k=..., top_p=..., repetition_penalty=...)} with transformers 5.17.
     */
    @ParameterizedTest
    @CsvSource({
        "false, 1.0, 50, 1.0, 1.0, 486 505 498 459 257 498 391  65 211 274 122 215",
        "false, 1.0, 50, 1.0, 1.5, 486 505 498 459 257  91  22 245  65 211 274 122",
        "true,  1.0,  0, 1.0, 1.0, 436 395 491 327 399 220  73 504 349 185 420  37",
        "true,  0.1,  0, 1.0, 1.0, 436 422 459 327 508 211  73 504 315 427 420  37",
        "true,  0.1,  5, 1.0, 1.0, 172 347  59 389 389 211  65 211  85 389 321 345",
        "true,  0.1,  0, 0.7, 1.0, 464 215 170 460   6 220 219   5 355 159  72 340",
        "true,  0.1, 20, 0.8, 1.3, 464 215 151  65 192 278 481 124  22 489 437 180",
    })
    void seedZeroGivesPythonsTokens(
            boolean doSample, double temperature, int topK, double topP, double penalty, String expected) {
        RandomState.manualSeed(0);
        GenerationConfig options = new GenerationConfig(12, doSample, temperature, topK, topP, penalty, Set.of());
        assertThat(model.generate(PROMPT, options))
                .containsExactly(Arrays.stream(expected.split(" +"))
                        .mapToInt(Integer::parseInt)
                        .toArray());
    }

    @Test
    void topKBeyondTheVocabularyMeansAll() {
        RandomState.manualSeed(0);
        int[] all = model.generate(PROMPT, new GenerationConfig(5, true, 1, 0, 1, 1, Set.of()));
        RandomState.manualSeed(0);
        assertThat(model.generate(PROMPT, new GenerationConfig(5, true, 1, 513, 1, 1, Set.of())))
                .containsExactly(all);
    }

    @Test
    void onlyTheLikeliestRemainsInTheSmallestTopP() {
        assertThat(model.generate(PROMPT, new GenerationConfig(5, true, 1, 0, 1e-9, 1, Set.of())))
                .containsExactly(model.generate(PROMPT, greedy(5)));
    }

    @Test
    void endsAfterAnEndToken() {
        assertThat(model.generate(PROMPT, greedy(12).withEosTokenId(498))).containsExactly(486, 505, 498);
        assertThat(model.generate(PROMPT, greedy(12).withEosTokenId(498).withEosTokenId(505)))
                .containsExactly(486, 505);
    }

    @Test
    void endTokensOfThePromptDoNotCount() {
        assertThat(model.generate(PROMPT, greedy(3).withEosTokenId(64))).hasSize(3);
    }

    @Test
    void endsAfterTheGivenNumberOfTokens() {
        assertThat(model.generate(PROMPT, greedy(1))).containsExactly(486);
    }

    @Test
    void listenerHearsEveryTokenAndCanStop() {
        List<Integer> heard = new ArrayList<>();
        try (KeyValueCache cache = model.newCache()) {
            int[] tokens = model.generate(PROMPT, greedy(12), cache, id -> {
                heard.add(id);
                return heard.size() < 4;
            });
            assertThat(tokens).containsExactly(486, 505, 498, 459);
            assertThat(heard).containsExactly(486, 505, 498, 459);
        }
    }

    @Test
    void secondTurnWithTheCacheEqualsOneLongPrompt() {
        try (KeyValueCache cache = model.newCache()) {
            int[] answer = model.generate(PROMPT, greedy(6), cache, id -> true);
            int[] secondPrompt =
                    concat(concat(PROMPT, answer), IntStream.range(100, 260).toArray());
            int cached = cache.length();
            int[] second = model.generate(secondPrompt, greedy(6), cache, id -> true);
            assertThat(cached).isEqualTo(PROMPT.length + 5);
            assertThat(cache.length()).isEqualTo(secondPrompt.length + 5);
            assertThat(second).containsExactly(model.generate(secondPrompt, greedy(6)));
        }
    }

    @Test
    void nothingNewToReadIsRefused() {
        try (KeyValueCache cache = model.newCache()) {
            assertThatThrownBy(() -> model.generate(new int[0], greedy(1), cache, id -> true))
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining("give it at least one token");
            model.generate(PROMPT, greedy(2), cache, id -> true);
            assertThatThrownBy(() -> model.generate(PROMPT, greedy(1), cache, id -> true))
                    .isInstanceOf(UsageException.class)
                    .hasMessage(
                            "The prompt has 7 tokens, none beyond the 8 already computed; give it at least one token.");
        }
    }

    @Test
    void aListenerThatFailsLeavesTheCacheUsable() {
        try (KeyValueCache cache = model.newCache()) {
            assertThatThrownBy(() -> model.generate(PROMPT, greedy(3), cache, id -> {
                        throw new IllegalStateException("window closed");
                    }))
                    .hasMessage("window closed");
            assertThat(model.generate(concat(PROMPT, new int[] {9}), greedy(3), cache, id -> true))
                    .containsExactly(model.generate(concat(PROMPT, new int[] {9}), greedy(3)));
        }
    }

    @Test
    void tokensOfAnotherVocabularyAreRefused() {
        assertThatThrownBy(() -> model.generate(new int[] {5, 512}, greedy(1)))
                .isInstanceOf(TrainerException.class)
                .hasMessage(
                        "Token id 512 is outside the model's vocabulary of 512 ids; use the tokenizer that belongs to "
                                + "the model.");
        assertThatThrownBy(() -> model.generate(new int[] {-1}, greedy(1))).hasMessageContaining("Token id -1");
    }

    private static GenerationConfig greedy(int maxNewTokens) {
        return GenerationConfig.greedy(Set.of()).withMaxNewTokens(maxNewTokens);
    }

    private static int[] concat(int[] a, int[] b) {
        return IntStream.concat(Arrays.stream(a), Arrays.stream(b)).toArray();
    }
}
