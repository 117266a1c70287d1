package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessMemoryTest {
    @TempDir
    Path proc;

    @Test
    void figuresAreThoseOfLinux() throws IOException {
        Files.createDirectory(proc.resolve("self"));
        Files.writeString(
                proc.resolve("self/status"), "Name:\tjava\nVmHWM:\t  300 kB\nVmRSS:\t  200 kB\nRssAnon:\t  150 kB\n");
        Files.writeString(proc.resolve("meminfo"), "MemTotal: 9 kB\nMemAvailable:    700 kB\n");
        ProcessMemory memory = new ProcessMemory(proc);
        assertThat(memory.peak()).hasValue(300 * 1024);
        assertThat(memory.resident()).hasValue(200 * 1024);
        assertThat(memory.attainable()).hasValue(850 * 1024);
    }

    /** proc(5): 5 resets the peak resident set size. */
    @Test
    void thePeakBeginsAnewWhereLinuxIsAsked() throws IOException {
        Path request = Files.createDirectory(proc.resolve("self")).resolve("clear_refs");
        Files.writeString(request, "");
        new ProcessMemory(proc).resetPeak();
        assertThat(request).hasContent("5");
    }

    @Test
    void thereAreNoneOnOtherSystems() {
        ProcessMemory memory = new ProcessMemory(proc);
        memory.resetPeak();
        assertThat(proc).isEmptyDirectory();
        assertThat(memory.peak()).isEmpty();
        assertThat(memory.resident()).isEmpty();
        assertThat(memory.attainable()).isEmpty();
    }

    @Test
    void whatCouldBeHadIsNotKnownByHalf() throws IOException {
        Files.writeString(proc.resolve("meminfo"), "MemAvailable:    700 kB\n");
        assertThat(new ProcessMemory(proc).attainable()).isEmpty();
    }
}
