package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.UsageException;
import io.trainer4j.data.Dataset;
import io.trainer4j.tensor.RandomState;
import io.trainer4j.text.AutoTokenizer;
import io.trainer4j.text.TinyTokenizers;
import io.trainer4j.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaskingCollatorTest {
    private static final Dataset ROWS = Dataset.of(Map.of(
            "input_ids",
            List.of(new int[] {2, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 3}, new int[] {2, 5, 1, 6, 5, 6, 3})));

    @TempDir
    private Path folder;

    private Tokenizer tokenizer;

    @BeforeEach
    void open() throws IOException {
        tokenizer = AutoTokenizer.fromPretrained(TinyTokenizers.bert(folder, """
                {'tokenizer_class':'BertTokenizer','pad_token':'[PAD]','unk_token':'[UNK]','cls_token':'[CLS]',
                 'sep_token':'[SEP]','mask_token':'[MASK]'}"""));
    }

    @AfterEach
    void close() {
        tokenizer.close();
    }

    /** Python: {@code torch.manual_seed(16); DataCollatorForLanguageModeling(tokenizer, mlm_probability=0.5)(rows)}. */
    @Test
    void hidesTheTokensThatPythonHides() {
        RandomState.manualSeed(16);
        MiniBatch batch = DataCollator.forMaskedLM(tokenizer, 0.5).collate(ROWS.rows(new int[] {0, 1}));

        assertThat(batch.input().inputIds()).isEqualTo(new int[][] {
            {2, 5, 6, 4, 8, 4, 10, 11, 7, 4, 4, 9, 3}, {2, 5, 1, 0, 5, 6, 3, 0, 0, 0, 0, 0, 0}
        });
        assertThat(batch.labels()).isEqualTo(new int[][] {
            {-100, -100, -100, 7, -100, 9, -100, -100, 12, 13, 14, 15, -100},
            {-100, -100, -100, 6, 5, -100, -100, -100, -100, -100, -100, -100, -100}
        });
        assertThat(batch.input().attentionMask()[1]).containsExactly(1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void specialTokensAreNeverHidden() {
        DataCollator collator = DataCollator.forMaskedLM(tokenizer, 0.99);
        for (int i = 0; i < 20; i++) {
            MiniBatch batch = collator.collate(ROWS.rows(new int[] {1}));
            assertThat(batch.input().inputIds()[0]).startsWith(2).endsWith(3);
            assertThat(batch.labels()[0][2]).isEqualTo(MiniBatch.IGNORED); // [UNK]
        }
    }

    @Test
    void aProbabilityOutOfRangeIsRefused() {
        assertThatThrownBy(() -> DataCollator.forMaskedLM(tokenizer, 0))
                .isInstanceOf(UsageException.class)
                .hasMessage("The masking probability is 0.0 but must be above 0 and below 1.");
    }

    @Test
    void aTokenizerWithoutAMaskTokenIsRefused(@TempDir Path other) throws IOException {
        try (Tokenizer without =
                AutoTokenizer.fromPretrained(TinyTokenizers.bert(other, "{'tokenizer_class':'Unknown'}"))) {
            assertThatThrownBy(() -> DataCollator.forMaskedLM(without, 0.15))
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining("has no mask_token");
        }
    }
}
