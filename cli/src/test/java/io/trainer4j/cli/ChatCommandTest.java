package io.trainer4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainer4j.generate.Conversation;
import io.trainer4j.generate.TextGenerator;
import io.trainer4j.model.AutoModelForCausalLM;
import io.trainer4j.model.CausalLM;
import io.trainer4j.model.GenerationConfig;
import io.trainer4j.model.ModelConfig;
import io.trainer4j.text.AutoTokenizer;
import io.trainer4j.text.PromptStyle;
import io.trainer4j.text.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatCommandTest {
    @TempDir
    static Path folder;

    private static String model;

    @BeforeAll
    static void init() {
        model = Cli.tinyModel(folder.resolve("base")).toString();
    }

    @Test
    void everyPipedLineIsAnsweredUntilTheEnd() {
        Cli one = chat("你好");
        Cli two = chat("你好\n\n  \n再见\n");
        assertThat(one.status()).isZero();
        assertThat(one.err()).isEmpty();
        assertThat(two.out()).startsWith(one.out()).hasSizeGreaterThan(one.out().length());
    }

    @Test
    void byeEndsIt() {
        assertThat(chat("你好\n /bye \n再见\n")).isEqualTo(chat("你好\n"));
        assertThat(chat("/bye\n")).isEqualTo(new Cli(0, "", ""));
        assertThat(chat("")).isEqualTo(new Cli(0, "", ""));
    }

    @Test
    void clearForgetsWhatWasSaid() {
        String once = chat("你好\n").out();
        assertThat(chat("你好\n/clear\n你好\n").out()).isEqualTo(once + once);
    }

    @Test
    void aMissingModelIsNamed() {
        Cli run = Cli.run("chat", "--model", folder.resolve("nowhere").toString());
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).startsWith("There is no model folder").hasLineCount(1);
    }

    /** A model with learned positions for 48 tokens, which the second question exceeds. */
    private static Path shortModel() throws IOException {
        Path gpt2 = folder.resolve("gpt2");
        if (!Files.exists(gpt2)) {
            Files.createDirectory(gpt2);
            for (String name : List.of("tokenizer.json", "tokenizer_config.json")) {
                Files.copy(Path.of(model).resolve(name), gpt2.resolve(name));
            }
            Cli.lines(
                    gpt2.resolve("config.json"),
                    "{\"model_type\": \"gpt2\", \"architectures\": [\"GPT2LMHeadModel\"], \"vocab_size\": 265,",
                    "\"n_positions\": 48, \"n_embd\": 16, \"n_layer\": 1, \"n_head\": 2,",
                    "\"activation_function\": \"gelu_new\", \"layer_norm_epsilon\": 1e-5}");
            try (CausalLM fresh = AutoModelForCausalLM.fromConfig(ModelConfig.read(gpt2))) {
                fresh.savePretrained(gpt2);
            }
        }
        return gpt2;
    }

    @Test
    void aConversationThatIsTooLongNamesClear() throws IOException {
        Cli run = Cli.runWithInput(
                "你好\n再见\n".getBytes(StandardCharsets.UTF_8),
                "chat",
                "--model",
                shortModel().toString(),
                "--max-new-tokens",
                "6");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.lastError())
                .matches(
                        "The conversation has \\d+ tokens but the model has positions for 48; forget it with /clear, or say"
                                + " less and lower --max-new-tokens\\.");
    }

    @Test
    void aPersonMayClearItAndGoOn() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                InputStream.nullInputStream(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                true);
        Iterator<String> lines = List.of("你好", "再见", "/clear", "你好").iterator();
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(shortModel());
                CausalLM lm = AutoModelForCausalLM.fromPretrained(shortModel());
                Conversation conversation = TextGenerator.of(lm, tokenizer, PromptStyle.CHAT)
                        .converse(GenerationConfig.greedy(Set.of()).withMaxNewTokens(6))) {
            ChatCommand.talk(conversation, () -> lines.hasNext() ? lines.next() : null, terminal);
            assertThat(conversation.messages()).hasSize(2);
        }
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("forget it with /clear");
        String first = out.toString(StandardCharsets.UTF_8).lines().findFirst().orElseThrow();
        assertThat(out.toString(StandardCharsets.UTF_8)).endsWith(first + System.lineSeparator());
    }

    private static Cli chat(String input) {
        return Cli.runWithInput(
                input.getBytes(StandardCharsets.UTF_8), "chat", "--model", model, "--max-new-tokens", "6");
    }
}
