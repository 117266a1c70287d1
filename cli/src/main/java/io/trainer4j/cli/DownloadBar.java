package io.trainer4j.cli;

import io.trainer4j.hub.DownloadProgress;

/** Shows downloads on standard error: a line that is redrawn where a person watches, and a line for every whole file. */
final class DownloadBar implements DownloadProgress {
    private final Terminal terminal;
    private long lastPercent = -1;

    DownloadBar(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void on(String file, long done, long total) {
        long percent = total == 0 ? 100 : 100 * done / total;
        if (done == total) {
            terminal.tell("downloaded %s, %s".formatted(file, size(total)));
            lastPercent = -1;
        } else if (terminal.interactive() && percent != lastPercent) {
            terminal.redraw("downloading %s  %d%% of %s".formatted(file, percent, size(total)));
            lastPercent = percent;
        }
    }

    private static String size(long bytes) {
        return bytes < 1_000_000 ? "%,d bytes".formatted(bytes) : "%,.1f MB".formatted(bytes / 1e6);
    }
}
