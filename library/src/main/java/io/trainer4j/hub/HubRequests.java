package io.trainer4j.hub;

import io.trainer4j.TrainerException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Requests to the Hub with redirects followed by hand: the token goes to the Hub's own address and to no other host, and
 * an encrypted connection is never left for a plain one.
 */
final class HubRequests {
    private static final int MAX_REDIRECTS = 10;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(30);

    private final URI endpoint;
    private final Optional<String> token;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();

    HubRequests(URI endpoint, Optional<String> token) {
        this.endpoint = endpoint;
        this.token = token;
    }

    /** The final answer to a GET, whatever its status; the caller closes its body. */
    HttpResponse<InputStream> get(URI uri, Map<String, String> headers) throws IOException {
        return send("GET", uri, headers, target -> true);
    }

    /** The answer to a HEAD of the Hub itself: a redirect to another host is not followed, its headers say enough. */
    HttpResponse<InputStream> head(URI uri) throws IOException {
        // An encoded answer would have another length.
        HttpResponse<InputStream> response = send("HEAD", uri, Map.of("Accept-Encoding", "identity"), this::isHub);
        response.body().close();
        return response;
    }

    private HttpResponse<InputStream> send(
            String method, URI start, Map<String, String> headers, Predicate<URI> follows) throws IOException {
        URI uri = start;
        for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
            HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                    .method(method, HttpRequest.BodyPublishers.noBody())
                    .timeout(RESPONSE_TIMEOUT)
                    .header("User-Agent", "trainer4j");
            headers.forEach(request::header);
            if (isHub(uri)) {
                token.ifPresent(value -> request.header("Authorization", "Bearer " + value));
            }
            HttpResponse<InputStream> response = send(request.build());
            Optional<String> location = response.headers().firstValue("Location");
            if (response.statusCode() / 100 != 3 || location.isEmpty()) {
                return response;
            }
            URI target = target(uri, location.get());
            if (!follows.test(target)) {
                return response;
            }
            response.body().close();
            uri = target;
        }
        throw new TrainerException(start + " redirects more than " + MAX_REDIRECTS + " times; check HF_ENDPOINT.");
    }

    private HttpResponse<InputStream> send(HttpRequest request) throws IOException {
        try {
            return client.send(request, BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TrainerException("The download was interrupted; start it again to go on where it stopped.", e);
        }
    }

    private static URI target(URI from, String location) {
        try {
            URI target = from.resolve(location);
            boolean plain = "http".equals(target.getScheme());
            if (target.getHost() != null && (plain ? "http" : "https").equals(target.getScheme())) {
                if (plain && "https".equals(from.getScheme())) {
                    throw new TrainerException(
                            from + " redirects to the unencrypted address " + target + "; check HF_ENDPOINT.");
                }
                return target;
            }
        } catch (IllegalArgumentException e) {
            throw new TrainerException(
                    from + " redirects to \"" + location + "\", which is no address; check HF_ENDPOINT.", e);
        }
        throw new TrainerException(
                from + " redirects to \"" + location + "\", which is no address; check HF_ENDPOINT.");
    }

    private boolean isHub(URI uri) {
        return Objects.equals(uri.getScheme(), endpoint.getScheme())
                && Objects.equals(uri.getHost(), endpoint.getHost())
                && port(uri) == port(endpoint);
    }

    private static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
    }
}
