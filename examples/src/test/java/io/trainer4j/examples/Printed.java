package io.trainer4j.examples;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs a program in this process and looks at what it left. */
final class Printed {
    private Printed() {}

    /** What the program writes to standard output. */
    static String by(Runnable program) {
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PrintStream caught = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            System.setOut(caught);
            program.run();
        } finally {
            System.setOut(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** A figure of each epoch's evaluation, from {@code trainer_state.json}. */
    static double[] perEpoch(Path folder, String figure) {
        Stream<JsonNode> log = JsonMapper.shared()
                .readTree(folder.resolve("trainer_state.json").toFile())
                .path("log_history")
                .valueStream();
        return log.filter(row -> row.has(figure))
                .mapToDouble(row -> row.path(figure).asDouble())
                .toArray();
    }
}
