package io.trainer4j.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What the Hub says about a file before it is downloaded.
 *
 * @param name in the model's folder
 * @param etag the SHA-256 of a file in Git LFS, else the SHA-1 Git has for it; the blob's name
 * @param size bytes
 */
record RemoteFile(String name, String etag, long size) {
    private static final int SHA1_DIGITS = 40;
    private static final int SHA256_DIGITS = 64;

    /** Whether a downloaded file is this one; true if a mirror's ETag is no checksum. */
    boolean matches(Path file) throws IOException {
        if (Files.size(file) != size) {
            return false;
        }
        if (!etag.matches("[0-9a-f]+")) {
            return true;
        }
        return switch (etag.length()) {
            case SHA256_DIGITS -> etag.equals(digest("SHA-256", new byte[0], file));
            case SHA1_DIGITS ->
                etag.equals(digest("SHA-1", ("blob " + size + "\0").getBytes(StandardCharsets.US_ASCII), file));
            default -> true;
        };
    }

    private static String digest(String algorithm, byte[] start, Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            digest.update(start);
            byte[] buffer = new byte[1 << 16];
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                digest.update(buffer, 0, length);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has both
        }
    }
}
