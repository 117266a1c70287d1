package io.trainer4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class Bfloat16Test {
    @Test
    void aProcessorWithTheInstructionsMultipliesInBf16() {
        assertThat(Bfloat16.of("processor: 0\nflags\t\t: fpu avx2 avx512f avx512_bf16 sse\n"))
                .isEqualTo(new Bfloat16(true, "the processor multiplies in bf16 (avx512_bf16)"));
    }

    @Test
    void aProcessorWithoutThemConverts() {
        assertThat(Bfloat16.of("flags : fpu avx2 avx512f\n"))
                .isEqualTo(new Bfloat16(
                        false, "the processor does not multiply in bf16 (neither amx_bf16 nor avx512_bf16)"));
    }

    @Test
    void whereTheProcessorIsUnknownItConverts() {
        assertThat(Bfloat16.of(""))
                .isEqualTo(new Bfloat16(false, "whether the processor multiplies in bf16 is not known here"));
    }
}
