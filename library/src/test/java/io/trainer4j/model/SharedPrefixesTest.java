package io.trainer4j.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainer4j.testing.TinyModels;
import org.junit.jupiter.api.Test;

class SharedPrefixesTest {
    private static final int[][] ROWS = {{7, 8, 9, 1}, {7, 8, 2, 9}, {7, 8, 9, 3, 4}, {5}, {7, 8, 2, 9}};

    @Test
    void tokensStandOnceBehindEqualBeginnings() {
        assertThat(SharedPrefixes.places(ROWS)).containsExactly(0, 1, 2, 3, 0, 1, 4, 5, 0, 1, 2, 6, 7, 8, 0, 1, 4, 5);
    }

    @Test
    void theSameTokenBehindOthersIsAnother() {
        assertThat(SharedPrefixes.places(new int[][] {{1, 1, 1}, {2, 1, 1}, {}, {1, 2}}))
                .containsExactly(0, 1, 2, 3, 4, 5, 0, 6);
    }

    @Test
    void theRowHasIdsAndPositionsOfEachOfItsTokens() {
        ModelInput input = ModelInput.packed(ROWS).withSharedPrefixes();
        assertThat(input.inputIds()[0]).containsExactly(7, 8, 9, 1, 2, 9, 3, 4, 5);
        assertThat(input.positions()).containsExactly(0, 1, 2, 3, 2, 3, 3, 4, 0);
        assertThat(input.documents()).containsExactly(4, 4, 5, 1, 4);
        assertThat(input.place(11)).isEqualTo(6);
        assertThat(input.longest()).isEqualTo(5);
        assertThat(input.firstTokens().stream()).containsExactly(0, 4, 8, 13, 14);
    }

    @Test
    void onlyInputsThatSaveEnoughAreShared() {
        try (CausalLM model = TinyModels.causalLM(1)) {
            Pass pass = Pass.of(Mode.TRAIN);
            ModelInput shared = model.withSharedPrefixes(ModelInput.packed(ROWS), pass);
            assertThat(shared.length()).isEqualTo(9);
            assertThat(model.withSharedPrefixes(shared, pass)).isSameAs(shared);
            int[][] sameStart = new int[2][40];
            for (int t = 1; t < 40; t++) {
                sameStart[1][t] = 1;
            }
            for (ModelInput other : new ModelInput[] {
                ModelInput.of(sameStart), // 1 of 80 tokens
                ModelInput.of(ROWS[0]),
                new ModelInput(new int[][] {{0, 5}, {0, 5}}, new int[][] {{0, 1}, {0, 1}}, null),
                new ModelInput(new int[][] {{4, 5}, {4, 5}}, new int[][] {{1, 1}, {1, 1}}, new int[2][2])
            }) {
                assertThat(model.withSharedPrefixes(other, pass)).isSameAs(other);
            }
            ModelInput equal = ModelInput.of(ROWS[1], ROWS[4]);
            assertThat(model.withSharedPrefixes(equal, pass).length()).isEqualTo(4);
        }
    }

    @Test
    void rowsAreWholeWhereTokensDrawRandomNumbers() {
        try (CausalLM model = TinyModels.causalLM(1)) {
            model.embeddingNoise(5);
            ModelInput packed = ModelInput.packed(ROWS);
            assertThat(model.withSharedPrefixes(packed, Pass.of(Mode.TRAIN))).isSameAs(packed);
            assertThat(model.withSharedPrefixes(packed, Pass.of(Mode.EVAL)).length())
                    .isEqualTo(9);
        }
    }
}
