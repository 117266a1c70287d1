package io.trainer4j.hub;

import io.trainer4j.TrainerException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where models come from and are kept, by the same environment variables as in Python.
 *
 * @param endpoint {@code HF_ENDPOINT}, default {@code https://huggingface.co}
 * @param cache {@code HF_HUB_CACHE}, default {@code hub} in {@code HF_HOME}, default {@code ~/.cache/huggingface}
 * @param token {@code HF_TOKEN}, else the file {@code token} in {@code HF_HOME} that {@code hf auth login} writes
 * @param offline {@code HF_HUB_OFFLINE}: use the cache only, default false
 */
public record HubSettings(URI endpoint, Path cache, Optional<String> token, boolean offline) {
    private static final Set<String> TRUE = Set.of("1", "on", "yes", "true");

    /** Those of this process. */
    public static HubSettings ofEnvironment() {
        return of(System.getenv(), Path.of(System.getProperty("user.home")));
    }

    static HubSettings of(Map<String, String> environment, Path userHome) {
        String endpoint = variable(environment, "HF_ENDPOINT").orElse("https://huggingface.co");
        Path home = variable(environment, "HF_HOME")
                .map(text -> path(text, userHome))
                .orElseGet(() -> variable(environment, "XDG_CACHE_HOME")
                        .map(text -> path(text, userHome))
                        .orElse(userHome.resolve(".cache"))
                        .resolve("huggingface"));
        Path cache = variable(environment, "HF_HUB_CACHE")
                .map(text -> path(text, userHome))
                .orElse(home.resolve("hub"));
        Path tokenFile = variable(environment, "HF_TOKEN_PATH")
                .map(text -> path(text, userHome))
                .orElse(home.resolve("token"));
        boolean offline = variable(environment, "HF_HUB_OFFLINE")
                .filter(text -> TRUE.contains(text.toLowerCase(Locale.ROOT)))
                .isPresent();
        return new HubSettings(
                endpoint(endpoint), cache, variable(environment, "HF_TOKEN").or(() -> token(tokenFile)), offline);
    }

    private static Optional<String> variable(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(text -> !text.isEmpty());
    }

    private static Path path(String text, Path userHome) {
        return text.equals("~") || text.startsWith("~/")
                ? userHome.resolve(text.substring(Math.min(2, text.length())))
                : userHome.getFileSystem().getPath(text);
    }

    private static URI endpoint(String text) {
        try {
            URI uri = URI.create(text.replaceFirst("/+$", ""));
            if (uri.getHost() != null && Set.of("http", "https").contains(String.valueOf(uri.getScheme()))) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw new TrainerException(wrongEndpoint(text), e);
        }
        throw new TrainerException(wrongEndpoint(text));
    }

    private static String wrongEndpoint(String text) {
        return "HF_ENDPOINT is \"" + text + "\" but must be an address such as https://huggingface.co.";
    }

    private static Optional<String> token(Path file) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readString(file).strip()).filter(text -> !text.isEmpty());
        } catch (IOException e) {
            throw new TrainerException(
                    "The token file " + file + " cannot be read (" + e.getMessage() + "); set HF_TOKEN instead.", e);
        }
    }

    /** The same, without the network. */
    public HubSettings withoutNetwork() {
        return new HubSettings(endpoint, cache, token, true);
    }

    /** Leaves out the token. */
    @Override
    public String toString() {
        return "HubSettings[" + endpoint + ", " + cache + (offline ? ", offline]" : "]");
    }
}
