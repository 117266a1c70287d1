package io.trainer4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class DownloadBarTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void eachWholeFileIsALine() {
        String told = show(false);
        assertThat(told).isEqualTo("downloaded config.json, 700 bytes\ndownloaded model.safetensors, 1,000.0 MB\n");
        assertThat(out.size()).isZero();
    }

    @Test
    void aPersonSeesEveryPercentOnce() {
        String told = show(true);
        assertThat(told).contains("downloaded config.json, 700 bytes\n");
        assertThat(told.split("downloading model.safetensors  50% of 1,000.0 MB", -1))
                .hasSize(2);
        assertThat(told).contains("51%").endsWith("downloaded model.safetensors, 1,000.0 MB\n");
    }

    private String show(boolean interactive) {
        Terminal terminal = new Terminal(
                InputStream.nullInputStream(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                interactive);
        DownloadBar bar = new DownloadBar(terminal);
        bar.on("config.json", 700, 700);
        bar.on("model.safetensors", 500_000_000, 1_000_000_000);
        bar.on("model.safetensors", 500_000_001, 1_000_000_000);
        bar.on("model.safetensors", 510_000_000, 1_000_000_000);
        bar.on("model.safetensors", 1_000_000_000, 1_000_000_000);
        return err.toString(StandardCharsets.UTF_8);
    }
}
