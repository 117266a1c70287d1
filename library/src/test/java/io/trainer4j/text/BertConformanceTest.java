package io.trainer4j.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainer4j.testing.SharedDir;
import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("conformance")
class BertConformanceTest {
    private static Tokenizer tokenizer;
    private static ReferenceIds reference;

    @BeforeAll
    static void open() throws IOException {
        reference = ReferenceIds.read("bert-base-chinese");
        tokenizer = AutoTokenizer.fromPretrained(SharedDir.require("golden/models/bert-real-vocab"));
    }

    @AfterAll
    static void close() {
        if (tokenizer != null) {
            tokenizer.close();
        }
    }

    @Test
    void idsEqualTheReference() {
        assertThat(reference.texts()).hasSize(393);
        for (int i = 0; i < reference.texts().size(); i++) {
            String text = reference.texts().get(i);
            assertThat(tokenizer.encodeWithoutSpecialTokens(text))
                    .as(text)
                    .containsExactly(reference.ids().get(i).stream()
                            .mapToInt(Integer::intValue)
                            .toArray());
        }
    }

    @Test
    void specialTokensAreThoseOfTheConfiguration() {
        assertThat(tokenizer.vocabSize()).isEqualTo(21128);
        assertThat(tokenizer.padTokenId()).isEqualTo(OptionalInt.of(0));
        assertThat(tokenizer.unkTokenId()).isEqualTo(OptionalInt.of(100));
        assertThat(tokenizer.eosTokenId()).isEmpty();
    }

    /** Checksums: transformers 5.17, {@code tokenizer(texts, padding="longest", truncation=True, max_length=32)}, etc. */
    @Test
    void batchesEqualTransformers() {
        BatchEncoding longest = tokenizer.encode(reference.texts(), Padding.LONGEST, Truncation.to(32));
        assertThat(crc(longest, "input_ids")).isEqualTo(1072913038L);
        assertThat(crc(longest, "token_type_ids")).isEqualTo(2104509769L);
        assertThat(crc(longest, "attention_mask")).isEqualTo(3449496964L);
        BatchEncoding whole = tokenizer.encode(reference.texts(), Padding.LONGEST, Truncation.none());
        assertThat(crc(whole, "input_ids")).isEqualTo(1766960866L);
        BatchEncoding unpadded = tokenizer.encode(reference.texts(), Padding.DO_NOT_PAD, Truncation.to(8));
        assertThat(crc(unpadded, "input_ids")).isEqualTo(1405253097L);
    }

    @Test
    void pairsEqualTransformers() {
        List<String> texts = reference.texts();
        BatchEncoding pairs =
                tokenizer.encode(texts.subList(0, 392), texts.subList(1, 393), Padding.LONGEST, Truncation.to(33));
        assertThat(crc(pairs, "input_ids")).isEqualTo(3755005854L);
        assertThat(crc(pairs, "token_type_ids")).isEqualTo(2681436163L);
        assertThat(crc(pairs, "attention_mask")).isEqualTo(1580492969L);
    }

    @Test
    void decodingEqualsTransformers() {
        int[] ids = tokenizer.encode("高血压患者能吃党参吗？");
        assertThat(tokenizer.decode(ids, SpecialTokens.SKIP)).isEqualTo("高 血 压 患 者 能 吃 党 参 吗 ？");
        assertThat(tokenizer.decode(ids, SpecialTokens.KEEP)).isEqualTo("[CLS] 高 血 压 患 者 能 吃 党 参 吗 ？ [SEP]");
    }

    private static long crc(BatchEncoding batch, String column) {
        return Checksums.crc32(batch.columns().get(column));
    }
}
