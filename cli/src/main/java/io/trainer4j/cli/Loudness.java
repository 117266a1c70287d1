package io.trainer4j.cli;

import io.trainer4j.train.LogLevel;

/**
 * Where a run is told, as {@code log_level} asks.
 *
 * @param info plan, progress, what was saved
 * @param warnings what may be amiss
 */
record Loudness(Terminal info, Terminal warnings) {
    static Loudness of(Terminal terminal, LogLevel level) {
        Terminal silent = terminal.silent();
        return new Loudness(level.informs() ? terminal : silent, level.warns() ? terminal : silent);
    }
}
