package io.trainer4j.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** One run of the command line in this process, with what it wrote. */
record Cli(int status, String out, String err) {
    static Cli run(String... words) {
        return runWithInput(new byte[0], words);
    }

    static Cli runWithInput(byte[] input, String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new ByteArrayInputStream(input),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false);
        int status = Main.run(List.of(words), terminal);
        return new Cli(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** As {@link #run}, for a command that must succeed. */
    static Cli succeed(String... words) {
        Cli run = run(words);
        if (run.status != 0) {
            throw new AssertionError("exit status " + run.status + ": " + run.err);
        }
        return run;
    }

    /** The last line of standard error: where a failure is told. */
    String lastError() {
        return err.lines().reduce("", (before, line) -> line);
    }

    /** An untrained model with one layer of 16 and positions for 64 tokens; its tokenizer knows bytes and little more. */
    static Path tinyModel(Path folder) {
        return tinyModel(folder, 64);
    }

    /** The same with positions for more tokens. */
    static Path tinyModel(Path folder, int positions) {
        Path text = lines(folder.resolveSibling(folder.getFileName() + ".txt"), "糖尿病的饮食注意事项有哪些？", "高血压可以吃党参吗？");
        succeed(words(
                List.of("init", "--text-file", text.toString(), "--output-dir", folder.toString()),
                List.of("--hidden-size", "16", "--intermediate-size", "16", "--num-hidden-layers", "1"),
                List.of("--num-attention-heads", "2", "--num-key-value-heads", "1"),
                List.of("--vocab-size", "300", "--max-position-embeddings", Integer.toString(positions))));
        return folder;
    }

    /** Ten questions with answers, under the header {@code Question,Answer}. */
    static Path questions(Path file) {
        Stream<String> rows = Stream.iterate(1, i -> i + 1).limit(10).map(i -> "问" + i + "？,答" + i + "。");
        return lines(file, Stream.concat(Stream.of("Question,Answer"), rows).toArray(String[]::new));
    }

    static Path lines(Path file, String... lines) {
        return bytes(file, (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    static Path bytes(Path file, byte[] content) {
        try {
            return Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SafeVarargs
    static String[] words(List<String>... parts) {
        List<String> words = new ArrayList<>();
        for (List<String> part : parts) {
            words.addAll(part);
        }
        return words.toArray(String[]::new);
    }
}
