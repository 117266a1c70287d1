package io.trainer4j.hub;

import io.trainer4j.AtomicFile;
import io.trainer4j.TrainerException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The part of the Hub's cache that holds one model, in the layout it shares with Python: {@code blobs} named by ETag,
 * {@code refs} naming commits, and {@code snapshots} with one folder of links per commit.
 *
 * @see <a href="https://huggingface.co/docs/huggingface_hub/guides/manage-cache">the layout</a>
 */
final class HubCache {
    private final Path cache;
    private final String folderName;

    HubCache(Path cache, String id) {
        this.cache = cache;
        folderName = "models--" + id.replace("/", "--");
    }

    /** The folder of a revision's files, where the cache knows the revision. */
    Optional<Path> snapshot(HubReference reference) {
        return commit(reference).map(this::snapshot).filter(Files::isDirectory);
    }

    private Optional<String> commit(HubReference reference) {
        if (reference.isCommit()) {
            return Optional.of(reference.revision());
        }
        Path ref = ref(reference.revision());
        if (!Files.isRegularFile(ref)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readString(ref).strip()).filter(HubReference::isCommit);
        } catch (IOException e) {
            throw new TrainerException(ref + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    /** The folder of a commit's files. */
    Path snapshot(String commit) {
        return model().resolve("snapshots").resolve(commit);
    }

    /** Remembers which commit a branch or tag names. */
    void remember(HubReference reference, String commit) {
        Path ref = ref(reference.revision());
        if (!reference.isCommit() && !commit(reference).equals(Optional.of(commit))) {
            try (DownloadLock alone = DownloadLock.acquire(lock("refs"))) {
                AtomicFile.writeString(ref, commit);
            } catch (IOException e) {
                throw AtomicFile.failure(ref, e);
            }
        }
    }

    /** Where the content with this ETag is, or will be. */
    Path blob(String etag) {
        return model().resolve("blobs").resolve(etag);
    }

    /** The file by which processes agree who downloads the content. */
    Path lock(String etag) {
        return cache.resolve(".locks").resolve(folderName).resolve(etag + ".lock");
    }

    /** Puts a blob into a snapshot under its name: as a link, or as a copy where there are no links. */
    void link(String etag, Path file) {
        try (DownloadLock alone = DownloadLock.acquire(lock(etag))) {
            if (Files.exists(file)) {
                return; // another thread or process was faster
            }
            Files.createDirectories(file.getParent());
            Files.deleteIfExists(file); // a link whose blob is gone
            try {
                Files.createSymbolicLink(file, file.getParent().relativize(blob(etag)));
            } catch (UnsupportedOperationException | FileSystemException noLinks) {
                AtomicFile.write(file, temporary -> Files.copy(blob(etag), temporary));
            }
        } catch (IOException e) {
            throw AtomicFile.failure(file, e);
        }
    }

    /** The names of all models in a cache. */
    static List<String> models(Path cache) {
        if (!Files.isDirectory(cache)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(cache)) {
            return folders.map(folder -> folder.getFileName().toString())
                    .filter(name -> name.startsWith("models--"))
                    .map(name -> name.substring("models--".length()).replace("--", "/"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new TrainerException("The cache " + cache + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    private Path model() {
        return cache.resolve(folderName);
    }

    private Path ref(String revision) {
        return model().resolve("refs").resolve(revision);
    }
}
