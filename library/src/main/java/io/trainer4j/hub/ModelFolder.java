package io.trainer4j.hub;

import io.trainer4j.UsageException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the folder a model reference stands for: the one place where references are understood. A reference is a folder,
 * or else a name on the Hugging Face Hub, {@code org/name} or {@code name} with an optional {@code @revision}.
 *
 * @param settings where models are downloaded from and kept
 * @param progress told of what is downloaded
 */
public record ModelFolder(HubSettings settings, DownloadProgress progress) {
    /** With the process's environment, silently; see {@link #find(String, ModelPart...)}. */
    public static Path of(String reference, ModelPart... parts) {
        return new ModelFolder(HubSettings.ofEnvironment(), DownloadProgress.NONE).find(reference, parts);
    }

    /**
     * The folder, after downloading what the cache lacks. A folder that exists wins over a model of the same name; what is
     * neither a folder nor a possible name is returned as a folder, for its reader to refuse.
     *
     * @param parts what will be read; at least one
     * @throws io.trainer4j.TrainerException if there is no such model, it may not be read, or it cannot be downloaded
     * @throws UsageException if the text is no reference at all
     */
    public Path find(String reference, ModelPart... parts) {
        Optional<Path> folder = path(reference);
        if (folder.filter(Files::isDirectory).isPresent()) {
            return folder.get();
        }
        Optional<HubReference> name = HubReference.parse(reference);
        if (name.isPresent()) {
            Set<ModelPart> wanted = EnumSet.copyOf(List.of(parts));
            return new Hub(settings, progress).snapshot(name.get(), wanted);
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
