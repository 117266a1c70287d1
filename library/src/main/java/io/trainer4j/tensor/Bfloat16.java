package io.trainer4j.tensor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Whether matrices are multiplied in bfloat16 or converted to float32 first.
 *
 * @param isNative true where products in bfloat16 are the faster ones
 * @param reason why, as a part of a sentence
 */
public record Bfloat16(boolean isNative, String reason) {
    private static final Path PROCESSOR = Path.of("/proc/cpuinfo");
    private static final List<String> INSTRUCTIONS = List.of("amx_bf16", "avx512_bf16");

    /** What suits this machine. Without the processor's instructions a product in bfloat16 takes eight times as long. */
    static Bfloat16 ofThisMachine() {
        try {
            return of(Files.exists(PROCESSOR) ? Files.readString(PROCESSOR) : "");
        } catch (IOException e) {
            return new Bfloat16(false, PROCESSOR + " cannot be read");
        }
    }

    /**
     * What suits a processor.
     *
     * @param description as in {@code /proc/cpuinfo}
     */
    static Bfloat16 of(String description) {
        List<String> flags = description
                .lines()
                .filter(line -> line.startsWith("flags"))
                .findFirst()
                .map(line -> Arrays.asList(line.split("\\s+")))
                .orElse(List.of());
        Optional<String> found = INSTRUCTIONS.stream().filter(flags::contains).findFirst();
        if (found.isPresent()) {
            return new Bfloat16(true, "the processor multiplies in bf16 (" + found.get() + ")");
        }
        return new Bfloat16(
                false,
                flags.isEmpty()
                        ? "whether the processor multiplies in bf16 is not known here"
                        : "the processor does not multiply in bf16 (neither " + String.join(" nor ", INSTRUCTIONS)
                                + ")");
    }
}
