package io.trainer4j;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/** Writes a file beside its place and renames it when it is whole, so that no reader ever sees half of one. */
public final class AtomicFile {
    private AtomicFile() {}

    /** What fills the temporary file. */
    @FunctionalInterface
    public interface Content {
        /** Creates and fills {@code temporary}; it does not exist when this is called. */
        void writeTo(Path temporary) throws IOException;
    }

    /**
     * Replaces {@code target}, leaving what was there untouched on any failure.
     *
     * @throws TrainerException naming the file and the cause, such as a full disk
     */
    public static void write(Path target, Content content) {
        Path temporary = target.resolveSibling("." + target.getFileName() + ".tmp");
        try {
            if (target.getParent() != null) {
                Files.createDirectories(target.getParent());
            }
            Files.deleteIfExists(temporary);
            try {
                content.writeTo(temporary);
                try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                    channel.force(true);
                }
                Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
                forceFolder(target.toAbsolutePath().getParent());
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw failure(target, e);
        } catch (UncheckedIOException e) {
            throw failure(target, e.getCause());
        }
    }

    /**
     * Forces the names in a folder to disk, without which a renamed file may have its old name after a power cut. Windows
     * has no such call and does without.
     */
    public static void forceFolder(Path folder) throws IOException {
        if (folder.getFileSystem() == FileSystems.getDefault() && File.separatorChar == '/') {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** As {@link #write}, for text in UTF-8. */
    public static void writeString(Path target, String text) {
        write(target, temporary -> Files.writeString(temporary, text));
    }

    /** The sentence for a file or folder that could not be written. */
    public static TrainerException failure(Path target, IOException cause) {
        return new TrainerException(
                "Could not write " + target + " (" + reason(cause) + "); " + wayOut(cause)
                        + ". Nothing that was there has been changed.",
                cause);
    }

    private static String wayOut(IOException cause) {
        String said = cause instanceof FileSystemException failed ? failed.getReason() : cause.getMessage();
        String lower = said == null ? "" : said.toLowerCase(Locale.ROOT);
        if (cause instanceof AccessDeniedException || lower.contains("permi")) {
            return "make the folder writable for this user or choose another folder";
        }
        if (lower.contains("read-only")) {
            return "choose a folder on a disk that can be written";
        }
        if (cause instanceof FileAlreadyExistsException || lower.contains("not a directory")) {
            return "a file is in the way: move it or choose another folder";
        }
        return "free space on the disk or choose another folder";
    }

    /** What the operating system said; "access denied" where Java has only a class name for it. */
    private static String reason(IOException cause) {
        if (cause instanceof FileSystemException failure && failure.getReason() == null) {
            String name = cause.getClass().getSimpleName().replace("Exception", "");
            return name.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT) + ": " + failure.getFile();
        }
        return String.valueOf(cause.getMessage());
    }
}
