package io.trainer4j.hub;

import io.trainer4j.TrainerException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The Hugging Face Hub, or a mirror, behind its cache on the disk: only what is wanted and missing is downloaded.
 *
 * @see <a href="https://huggingface.co/docs/hub/api">the interface</a>
 */
final class Hub {
    private static final int MAX_ANSWER_BYTES = 32 << 20;
    private static final Duration STALL = Duration.ofSeconds(30);

    private final HubSettings settings;
    private final HubRequests requests;
    private final Retry retry;
    private final Duration stall;
    private final BlobDownload download;
    private final HubFailures failures;

    Hub(HubSettings settings, DownloadProgress progress) {
        this(settings, progress, Retry.sleeping(), STALL);
    }

    Hub(HubSettings settings, DownloadProgress progress, Retry retry, Duration stall) {
        this.settings = settings;
        this.retry = retry;
        this.stall = stall;
        requests = new HubRequests(settings.endpoint(), settings.token());
        download = new BlobDownload(requests, retry, stall, progress);
        failures = new HubFailures(settings);
    }

    /**
     * A folder with the parts of a model, as far as the model has them.
     *
     * @throws TrainerException if there is no such model, it may not be read, or it cannot be downloaded
     */
    Path snapshot(HubReference reference, Set<ModelPart> parts) {
        HubCache cache = new HubCache(settings.cache(), reference.id());
        Optional<Path> cached =
                cache.snapshot(reference).filter(folder -> parts.stream().allMatch(part -> part.isIn(folder)));
        if (settings.offline()) {
            return cached.orElseThrow(() -> failures.offline(reference));
        }
        try {
            return download(reference, parts, cache);
        } catch (IOException e) {
            return cached.orElseThrow(() -> failures.unreachable(reference, e));
        }
    }

    private Path download(HubReference reference, Set<ModelPart> parts, HubCache cache) throws IOException {
        JsonNode model = model(reference);
        String commit = model.path("sha").asString("");
        if (!HubReference.isCommit(commit)) {
            throw failures.notTheHub(reference);
        }
        Set<String> available = new HashSet<>();
        model.path("siblings")
                .forEach(file -> available.add(file.path("rfilename").asString("")));
        Set<String> wanted = new TreeSet<>();
        parts.forEach(part -> wanted.addAll(part.choose(available)));
        Path folder = cache.snapshot(commit);
        List<String> names = new ArrayList<>(wanted);
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            fetch(reference, commit, name, cache);
            if (ModelPart.isIndex(name)) {
                names.addAll(ModelPart.shards(folder.resolve(name)));
            }
        }
        if (names.isEmpty()) {
            throw failures.noModel(reference);
        }
        cache.remember(reference, commit);
        return folder;
    }

    private JsonNode model(HubReference reference) throws IOException {
        URI uri = URI.create(
                settings.endpoint() + "/api/models/" + reference.id() + "/revision/" + encoded(reference.revision()));
        return retry.runIfReachable(() -> {
            HttpResponse<InputStream> response = requests.get(uri, Map.of());
            try (InputStream body = new StallGuard(response.body(), stall)) {
                failures.requireFound(response, reference);
                return JsonMapper.shared().readTree(body.readNBytes(MAX_ANSWER_BYTES));
            } catch (JacksonException e) {
                throw failures.notTheHub(reference);
            }
        });
    }

    private void fetch(HubReference reference, String commit, String name, HubCache cache) throws IOException {
        Path file = cache.snapshot(commit).resolve(name);
        if (Files.exists(file)) {
            return;
        }
        URI uri =
                URI.create(settings.endpoint() + "/" + reference.id() + "/resolve/" + commit + "/" + encodedPath(name));
        RemoteFile remote = retry.run(() -> remote(reference, name, uri));
        download.fetch(remote, uri, cache.blob(remote.etag()), cache.lock(remote.etag()));
        cache.link(remote.etag(), file);
    }

    private RemoteFile remote(HubReference reference, String name, URI uri) throws IOException {
        HttpResponse<InputStream> response = requests.head(uri);
        if (response.statusCode() / 100 != 3) {
            failures.requireFound(response, reference);
        }
        String etag = header(response, "X-Linked-Etag", "ETag")
                .replaceFirst("^W/", "")
                .replace("\"", "");
        String size = header(response, "X-Linked-Size", "Content-Length");
        if (!etag.matches("[\\w-]{1,128}") || !size.matches("\\d{1,18}")) {
            throw failures.notTheHub(reference);
        }
        return new RemoteFile(name, etag, Long.parseLong(size));
    }

    private static String header(HttpResponse<?> response, String name, String otherwise) {
        return response.headers()
                .firstValue(name)
                .or(() -> response.headers().firstValue(otherwise))
                .orElse("");
    }

    private static String encodedPath(String name) {
        return Stream.of(name.split("/")).map(Hub::encoded).collect(Collectors.joining("/"));
    }

    private static String encoded(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
