package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.UsageException;
import io.trainer4j.data.Dataset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** group_texts of transformers' run_mlm.py. */
class TokenBlocksTest {
    @Test
    void textsAreJoinedAndCutAndTheRestIsDropped() {
        Map<String, List<?>> columns = new LinkedHashMap<>();
        columns.put("text", List.of("a", "b", "c"));
        columns.put("input_ids", List.of(new int[] {2, 5, 3}, new int[] {2, 6, 7, 3}, new int[] {2, 3}));
        columns.put("attention_mask", List.of(new int[] {1, 1, 1}, new int[] {1, 1, 1, 1}, new int[] {1, 1}));
        columns.put("token_type_ids", List.of(new int[3], new int[] {0, 0, 1, 1}, new int[2]));
        Dataset blocks = TokenBlocks.of(Dataset.of(columns), 4);

        assertThat(blocks.columnNames()).containsExactly("input_ids", "attention_mask", "token_type_ids");
        assertThat(blocks.size()).isEqualTo(2);
        assertThat(blocks.row(0).getInts("input_ids")).containsExactly(2, 5, 3, 2);
        assertThat(blocks.row(1).getInts("input_ids")).containsExactly(6, 7, 3, 2);
        assertThat(blocks.row(1).getInts("token_type_ids")).containsExactly(0, 1, 1, 0);
        assertThat(blocks.row(1).getInts("attention_mask")).containsExactly(1, 1, 1, 1);
    }

    /** Dataset.map of Python gives the function 1,000 rows at a time. */
    @Test
    void everyThousandRowsDropARestOfTheirOwn() {
        List<int[]> ids =
                IntStream.range(0, 1500).mapToObj(row -> new int[] {row}).toList();
        Dataset blocks = TokenBlocks.of(Dataset.of(Map.of("input_ids", ids)), 300);

        assertThat(blocks.size()).isEqualTo(4);
        assertThat(blocks.row(2).getInts("input_ids")).startsWith(600).endsWith(899);
        assertThat(blocks.row(3).getInts("input_ids")).startsWith(1000).endsWith(1299);
    }

    @Test
    void tooFewTokensForOneBlockAreRefused() {
        Dataset rows = Dataset.of(Map.of("input_ids", List.of(new int[] {1, 2}, new int[] {3})));
        assertThat(TokenBlocks.of(rows, 3).size()).isEqualTo(1);
        assertThatThrownBy(() -> TokenBlocks.of(rows, 4))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("fewer tokens than a block of 4");
    }
}
