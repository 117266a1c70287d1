package io.trainer4j.train;

import io.trainer4j.AtomicFile;
import io.trainer4j.tensor.Device;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * What Linux tells about this process and its machine.
 *
 * @param root {@code /proc}, or elsewhere in tests
 */
record ProcessMemory(Path root) {
    static final ProcessMemory OF_THIS_PROCESS = new ProcessMemory(Path.of("/proc"));

    /** Tells nothing, as of a run whose memory is a GPU's. */
    static final ProcessMemory UNKNOWN = new ProcessMemory(Path.of("no/such/folder"));

    /** Where a run on that device has its memory. */
    static ProcessMemory of(Device device) {
        return device.isCuda() ? UNKNOWN : OF_THIS_PROCESS;
    }

    /** Memory the process has now, in bytes; empty where there is no such file. */
    OptionalLong resident() {
        return kibibytes("self/status", "VmRSS:");
    }

    /** The most the process ever had, or had since {@link #resetPeak()}. */
    OptionalLong peak() {
        return kibibytes("self/status", "VmHWM:");
    }

    /** Lets {@link #peak()} begin anew from what the process has now; where Linux does not allow it, nothing happens. */
    void resetPeak() {
        Path path = root.resolve("self/clear_refs");
        if (Files.isWritable(path)) {
            try {
                Files.writeString(path, "5", StandardOpenOption.WRITE);
            } catch (IOException e) {
                throw AtomicFile.failure(path, e);
            }
        }
    }

    /**
     * The most memory the process could have: what it has now without a file behind it, and what Linux calls available, where
     * pages of files count, also of those that this process has mapped.
     */
    OptionalLong attainable() {
        OptionalLong own = kibibytes("self/status", "RssAnon:");
        OptionalLong available = kibibytes("meminfo", "MemAvailable:");
        return own.isPresent() && available.isPresent()
                ? OptionalLong.of(own.getAsLong() + available.getAsLong())
                : OptionalLong.empty();
    }

    /**
     * What the Java heap has reserved from the system but never written to, which counts as resident only once objects get
     * there: a young generation is filled from its beginning, so the most it ever held is what it has touched.
     */
    static long untouchedHeap() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .mapToLong(pool -> Math.max(
                        0, pool.getUsage().getCommitted() - pool.getPeakUsage().getUsed()))
                .sum();
    }

    private OptionalLong kibibytes(String file, String field) {
        Path path = root.resolve(file);
        if (!Files.isReadable(path)) {
            return OptionalLong.empty();
        }
        try (Stream<String> lines = Files.lines(path)) {
            return lines.filter(line -> line.startsWith(field))
                    .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst();
        } catch (IOException e) {
            throw AtomicFile.failure(path, e);
        }
    }
}
