package io.trainer4j.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainer4j.testing.SharedDir;
import java.io.IOException;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("conformance")
class QwenConformanceTest {
    private static Tokenizer tokenizer;
    private static ReferenceIds reference;

    @BeforeAll
    static void open() throws IOException {
        reference = ReferenceIds.read("qwen2.5");
        tokenizer = AutoTokenizer.fromPretrained(SharedDir.require("golden/models/qwen2-real-vocab"));
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
            if (!text.contains("<|im_start|>")) {
                assertThat(tokenizer.encode(text))
                        .as(text)
                        .containsExactly(unboxed(reference.ids().get(i)));
            }
        }
    }

    @Test
    void specialTokensSpelledInATextBecomeTheirIds() {
        // The reference splits them (it was made without added tokens); these are the ids of transformers 5.17.
        assertThat(tokenizer.encode("<|im_start|>user\n你好<|im_end|>\n"))
                .containsExactly(151644, 872, 198, 108386, 151645, 198);
    }

    @Test
    void specialTokensAreThoseOfTheConfiguration() {
        assertThat(tokenizer.vocabSize()).isEqualTo(151665);
        assertThat(tokenizer.padTokenId()).isEqualTo(OptionalInt.of(151643));
        assertThat(tokenizer.eosTokenId()).isEqualTo(OptionalInt.of(151645));
        assertThat(tokenizer.bosTokenId()).isEmpty();
        assertThat(tokenizer.unkTokenId()).isEmpty();
    }

    /** Checksums: transformers 5.17, {@code tokenizer(texts, padding="longest", truncation=True, max_length=32)}, etc. */
    @Test
    void batchesEqualTransformers() {
        BatchEncoding longest = tokenizer.encode(reference.texts(), Padding.LONGEST, Truncation.to(32));
        assertThat(longest.columns()).containsOnlyKeys("input_ids", "attention_mask");
        assertThat(crc(longest, "input_ids")).isEqualTo(2688412068L);
        assertThat(crc(longest, "attention_mask")).isEqualTo(2004968075L);
        BatchEncoding whole = tokenizer.encode(reference.texts(), Padding.LONGEST, Truncation.none());
        assertThat(crc(whole, "input_ids")).isEqualTo(879576807L);
        BatchEncoding unpadded = tokenizer.encode(reference.texts(), Padding.DO_NOT_PAD, Truncation.to(8));
        assertThat(crc(unpadded, "input_ids")).isEqualTo(3548893668L);
        assertThat(crc(unpadded, "attention_mask")).isEqualTo(2170254994L);
    }

    @Test
    void pairsEqualTransformers() {
        List<String> texts = reference.texts();
        BatchEncoding pairs =
                tokenizer.encode(texts.subList(0, 392), texts.subList(1, 393), Padding.LONGEST, Truncation.to(32));
        assertThat(crc(pairs, "input_ids")).isEqualTo(2591931449L);
        assertThat(crc(pairs, "attention_mask")).isEqualTo(1343723469L);
    }

    @Test
    void decodingGivesTheTextBack() {
        for (String text : reference.texts()) {
            String normalized = Normalizer.normalize(text, Normalizer.Form.NFC);
            assertThat(tokenizer.decode(tokenizer.encode(text), SpecialTokens.KEEP))
                    .isEqualTo(normalized);
        }
    }

    @Test
    void streamedTextEqualsDecodedText() {
        // Random ids hold plenty of broken UTF-8, which decoding and streaming must read alike.
        Random random = new Random(7);
        for (int row = 0; row < 200; row++) {
            int[] ids = random.ints(40, 0, 151700).toArray();
            ids[39] = 0; // "!" leaves nothing unfinished
            for (SpecialTokens specialTokens : SpecialTokens.values()) {
                StreamingDecoder stream = tokenizer.streamingDecoder(specialTokens);
                StringBuilder text = new StringBuilder();
                Arrays.stream(ids).forEach(id -> text.append(stream.put(id)));
                assertThat(text.append(stream.end())).hasToString(tokenizer.decode(ids, specialTokens));
            }
        }
    }

    private static long crc(BatchEncoding batch, String column) {
        return Checksums.crc32(batch.columns().get(column));
    }

    private static int[] unboxed(List<Integer> ids) {
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }
}
