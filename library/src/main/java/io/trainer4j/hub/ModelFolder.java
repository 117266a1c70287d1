package io.trainer4j.hub;

import io.trainer4j.UsageException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Finds the folder a model reference stands for: the one place where references are understood. A reference is a folder,
 * or else a name on the Hugging Face Hub, {@code org/name} or {@code name} with an optional {@code @revision}.
 */
public final class ModelFolder {
    private ModelFolder() {}

    /** Without telling anybody of downloads; see {@link #of(String, boolean, DownloadProgress, ModelPart...)}. */
    public static Path of(String reference, ModelPart... parts) {
        return of(reference, false, DownloadProgress.NONE, parts);
    }

    /**
     * The folder, after downloading what the cache lacks as {@link HubSettings#ofEnvironment} says. A folder that exists
     * wins over a model of the same name; what is neither a folder nor a possible name is returned as a folder, for its
     * reader to refuse.
     *
     * @param offline whether to use the cache only, whatever the environment says
     * @param progress told of what is downloaded
     * @param parts what will be read; at least one
     * @throws io.trainer4j.TrainerException if there is no such model, it may not be read, or it cannot be downloaded
     * @throws UsageException if the text is no reference at all
     */
    public static Path of(String reference, boolean offline, DownloadProgress progress, ModelPart... parts) {
        return find(
                reference,
                () -> offline ? HubSettings.ofEnvironment().withoutNetwork() : HubSettings.ofEnvironment(),
                progress,
                EnumSet.copyOf(List.of(parts)));
    }

    static Path find(
            String reference, Supplier<HubSettings> settings, DownloadProgress progress, Set<ModelPart> parts) {
        Optional<Path> folder = path(reference);
        if (folder.filter(Files::isDirectory).isPresent()) {
            return folder.get();
        }
        Optional<HubReference> name = HubReference.parse(reference);
        if (name.isPresent()) {
            return new Hub(settings.get(), progress).snapshot(name.get(), parts);
        }
        return folder.orElseThrow(() -> new UsageException("\"" + reference
                + "\" is neither a folder nor a model's name; give a folder, or a name such as Qwen/Qwen2.5-0.5B."));
    }

    private static Optional<Path> path(String text) {
        try {
            return Optional.of(Path.of(text));
        } catch (InvalidPathException e) {
            return Optional.empty(); // such as a name with a colon on Windows
        }
    }
}
