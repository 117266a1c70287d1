package io.trainer4j.cli;

import io.trainer4j.option.Option;
import io.trainer4j.option.Options;
import io.trainer4j.train.MemorySize;

/** What a run may take. */
final class ForecastOptions extends Options<ForecastOptions> {
    @Option(
            help =
                    "Memory the run may take, such as 2GB or 800MiB: three steps are tried before it begins, and settings that"
                            + " fit are proposed where it takes more. Unset: what is free on this machine.")
    private String memoryLimit;

    /** In bytes; 0 where none is given. */
    long memoryLimit() {
        return memoryLimit == null ? 0 : MemorySize.parse("--memory-limit", memoryLimit);
    }
}
