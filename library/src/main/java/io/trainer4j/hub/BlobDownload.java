package io.trainer4j.hub;

import io.trainer4j.AtomicFile;
import io.trainer4j.TrainerException;
import io.trainer4j.hub.Retry.ProgressException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;

/**
 * Brings one file into the cache: into {@code BLOB.incomplete}, from where an earlier attempt stopped, and under its own
 * name when its checksum is right.
 */
final class BlobDownload {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int CHECKED_DOWNLOADS = 2;

    private final HubRequests requests;
    private final Retry retry;
    private final Duration stall;
    private final DownloadProgress progress;

    /**
     * Prepares downloads.
     *
     * @param stall how long nothing may arrive before a connection counts as lost
     */
    BlobDownload(HubRequests requests, Retry retry, Duration stall, DownloadProgress progress) {
        this.requests = requests;
        this.retry = retry;
        this.stall = stall;
        this.progress = progress;
    }

    /**
     * Makes {@code blob} exist.
     *
     * @throws IOException when the network fails for good; what has arrived is kept for the next time
     * @throws TrainerException when the disk is full, or the content is not the promised one
     */
    void fetch(RemoteFile file, URI uri, Path blob, Path lock) throws IOException {
        if (Files.exists(blob)) {
            return;
        }
        try (DownloadLock held = locked(lock)) {
            if (Files.exists(blob)) {
                return;
            }
            Path incomplete = blob.resolveSibling(blob.getFileName() + ".incomplete");
            boolean whole = complete(file, uri, incomplete);
            for (int again = 1; !whole && again < CHECKED_DOWNLOADS; again++) {
                whole = complete(file, uri, incomplete);
            }
            if (!whole) {
                throw new TrainerException(file.name() + " arrived from " + uri + " " + CHECKED_DOWNLOADS
                        + " times with another checksum than " + file.etag()
                        + "; try again later, or check HF_ENDPOINT and the proxy.");
            }
            write(blob, () -> Files.move(incomplete, blob, StandardCopyOption.ATOMIC_MOVE));
        }
    }

    private static DownloadLock locked(Path lock) {
        try {
            return DownloadLock.acquire(lock);
        } catch (IOException e) {
            throw AtomicFile.failure(lock, e);
        }
    }

    /** Whether the file is now there and right; a wrong one is removed. */
    private boolean complete(RemoteFile file, URI uri, Path incomplete) throws IOException {
        create(incomplete);
        retry.run(() -> {
            append(file, uri, incomplete);
            return file;
        });
        return write(incomplete, () -> {
            boolean right = file.matches(incomplete);
            if (!right) {
                Files.delete(incomplete);
            }
            return right;
        });
    }

    private static void create(Path incomplete) {
        try {
            Files.createDirectories(incomplete.getParent());
            if (!Files.exists(incomplete)) {
                Files.createFile(incomplete);
            }
        } catch (IOException e) {
            throw AtomicFile.failure(incomplete, e);
        }
    }

    private void append(RemoteFile file, URI uri, Path incomplete) throws IOException {
        long start = Files.size(incomplete);
        if (start >= file.size()) {
            return;
        }
        Map<String, String> range = start > 0 ? Map.of("Range", "bytes=" + start + "-") : Map.of();
        HttpResponse<InputStream> response = requests.get(uri, range);
        try (InputStream body = new StallGuard(response.body(), stall)) {
            Retry.requireReady(response);
            switch (response.statusCode()) {
                case 200 -> copy(file, body, incomplete, 0);
                case 206 -> copy(file, body, incomplete, requireStart(response, start, incomplete));
                case 416 -> restart(incomplete);
                default ->
                    throw new TrainerException(
                            uri + " answered " + response.statusCode() + "; try again later, or check HF_ENDPOINT.");
            }
        }
    }

    private static long requireStart(HttpResponse<?> response, long start, Path incomplete) throws IOException {
        String range = response.headers().firstValue("Content-Range").orElse("");
        if (!range.startsWith("bytes " + start + "-")) {
            restart(incomplete);
        }
        return start;
    }

    /** Throws away what has arrived, so that the next attempt begins anew. */
    private static void restart(Path incomplete) throws IOException {
        write(incomplete, () -> Files.write(incomplete, new byte[0]));
        throw new IOException("the server and the part that has arrived do not agree");
    }

    private void copy(RemoteFile file, InputStream body, Path incomplete, long start) throws IOException {
        StandardOpenOption mode = start == 0 ? StandardOpenOption.TRUNCATE_EXISTING : StandardOpenOption.APPEND;
        long done = start;
        byte[] buffer = new byte[BUFFER_BYTES];
        try (OutputStream out =
                write(incomplete, () -> Files.newOutputStream(incomplete, StandardOpenOption.WRITE, mode))) {
            for (int length = body.read(buffer); length >= 0; length = body.read(buffer)) {
                if (done + length > file.size()) {
                    throw new TrainerException(file.name() + " is longer than the " + file.size()
                            + " bytes the Hub promised; try again later, or check HF_ENDPOINT and the proxy.");
                }
                int some = length;
                write(incomplete, () -> {
                    out.write(buffer, 0, some);
                    return out;
                });
                done += length;
                progress.on(file.name(), done, file.size());
            }
            if (done < file.size()) {
                throw new EOFException("the connection ended after " + done + " of " + file.size() + " bytes");
            }
        } catch (IOException e) {
            throw start > 0 && done > start ? new ProgressException(e) : e;
        }
    }

    /** What fails here fails on the disk, and is not tried again. */
    private static <T> T write(Path file, Retry.Attempt<T> writing) {
        try {
            return writing.run();
        } catch (IOException e) {
            throw AtomicFile.failure(file, e);
        }
    }
}
