package io.trainer4j.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TokenizerClassTest {
    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
            {'tokenizer_class':'BertTokenizer'}                | {}                                                      | BERT        | BertTokenizer
            {'tokenizer_class':'BertTokenizerFast'}            | {}                                                      | BERT        | BertTokenizer
            {'tokenizer_class':'PreTrainedTokenizerFast'}      | {'model_type':'bert'}                                   | OTHER       | PreTrainedTokenizerFast
            {'tokenizer_class':'LlamaTokenizer'}               | {'tokenizer_class':'T5Tokenizer'}                       | LLAMA       | LlamaTokenizer
            {}                                                 | {'tokenizer_class':'T5Tokenizer','model_type':'llama'}  | T5          | T5Tokenizer
            {'tokenizer_class':'XLNetTokenizer'}               | {'model_type':'bert'}                                   | OTHER       | XLNetTokenizer
            {}                                                 | {'model_type':'bert'}                                   | BERT        | ``
            {}                                                 | {'model_type':'electra'}                                | BERT        | ``
            {}                                                 | {'model_type':'opt'}                                    | GPT2        | ``
            {}                                                 | {'model_type':'roberta'}                                | ROBERTA     | ``
            {}                                                 | {'model_type':'qwen3_moe'}                              | QWEN2       | ``
            {}                                                 | {'model_type':'mistral'}                                | LLAMA       | ``
            {}                                                 | {'model_type':'gemma3_text'}                            | GEMMA       | ``
            {}                                                 | {'model_type':'mt5'}                                    | T5          | ``
            {}                                                 | {'model_type':'xlm-roberta'}                            | XLM_ROBERTA | ``
            {}                                                 | {'model_type':'mamba'}                                  | OTHER       | ``
            {}                                                 | {}                                                      | OTHER       | ``
            """)
    void theClassIsNamedByTheTokenizerElseByTheModel(String tokenizer, String model, TokenizerClass type, String name) {
        assertThat(TokenizerClass.of(read(tokenizer), read(model))).isEqualTo(type);
        assertThat(TokenizerClass.name(read(tokenizer), read(model))).isEqualTo(name);
    }

    @ParameterizedTest
    @EnumSource(TokenizerClass.class)
    void everyClassThatAssumesTokensAssumesOneForUnknownText(TokenizerClass type) {
        assertThat(type.defaultTokens().containsKey("unk_token")).isEqualTo(type != TokenizerClass.OTHER);
        assertThat(type.className().isEmpty()).isEqualTo(type == TokenizerClass.OTHER);
    }

    /** {@code cls_token=self.sep_token …} of the classes in transformers 5.17. */
    @Test
    void onlyClassesThatPadAssumeAPadToken() {
        assertThat(TokenizerClass.GPT2.defaultTokens()).doesNotContainKey("pad_token");
        assertThat(TokenizerClass.LLAMA.defaultTokens()).doesNotContainKey("pad_token");
        assertThat(TokenizerClass.QWEN2.defaultTokens()).containsEntry("pad_token", "<|endoftext|>");
        assertThat(TokenizerClass.QWEN2.defaultTokens()).doesNotContainKey("bos_token");
    }

    private static JsonNode read(String json) {
        return JsonMapper.shared().readTree(json.replace('\'', '"'));
    }
}
