package io.trainer4j.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.trainer4j.hub.Retry.Pause;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A server that answers as the Hugging Face Hub does for one model, with a second one for large files behind redirects; it
 * misbehaves as often as it is told to.
 */
final class FakeHub implements AutoCloseable {
    static final String MODEL = "org/tiny";
    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    private static final Duration STALL = Duration.ofMillis(500);

    /** What the Hub and its file server were asked: method, path, and the headers Range and Authorization. */
    final List<String> asked = new CopyOnWriteArrayList<>();

    /** How long the client waited between attempts. */
    final List<Duration> waits = new CopyOnWriteArrayList<>();

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer hub = start();
    private final HttpServer files = start();
    private final Map<String, byte[]> small = new LinkedHashMap<>();
    private final Map<String, byte[]> large = new LinkedHashMap<>();
    private final Map<String, Queue<HttpHandler>> faults = new HashMap<>();
    private String commit = COMMIT;

    FakeHub() {
        hub.createContext("/", exchange -> answer(exchange, this::hub));
        files.createContext("/", exchange -> answer(exchange, this::file));
    }

    private HttpServer start() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(threads);
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file kept in Git. */
    FakeHub with(String name, String content) {
        small.put(name, content.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** A file kept in Git LFS, served by the other server. */
    FakeHub withLarge(String name, byte[] content) {
        large.put(name, content);
        return this;
    }

    /** Another commit id in the answers. */
    FakeHub at(String id) {
        commit = id;
        return this;
    }

    /** The next request "GET name" or "HEAD name", or "GET model" for the list of files, is answered by this. */
    FakeHub next(String request, HttpHandler handler) {
        faults.computeIfAbsent(request, key -> new ConcurrentLinkedQueue<>()).add(handler);
        return this;
    }

    HubSettings settings(Path cache) {
        return new HubSettings(endpoint(hub), cache, Optional.of("secret"), false);
    }

    Hub client(Path cache) {
        return client(settings(cache), DownloadProgress.NONE);
    }

    Hub client(HubSettings settings, DownloadProgress progress) {
        Pause pause = waits::add;
        return new Hub(settings, progress, new Retry(pause), STALL);
    }

    private static URI endpoint(HttpServer server) {
        return URI.create("http://localhost:" + server.getAddress().getPort());
    }

    private void answer(HttpExchange exchange, HttpHandler usual) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        String name = path.startsWith("/api/") ? "model" : path.substring(path.lastIndexOf('/') + 1);
        String range = exchange.getRequestHeaders().getFirst("Range");
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        asked.add(exchange.getRequestMethod() + " " + path + (range == null ? "" : " " + range)
                + (authorization == null ? "" : " " + authorization));
        try (exchange) {
            boolean redirected = exchange.getHttpContext().getServer() == hub && large.containsKey(name);
            Queue<HttpHandler> special = faults.get(exchange.getRequestMethod() + " " + name);
            HttpHandler handler = special == null || redirected ? null : special.poll();
            (handler == null ? usual : handler).handle(exchange);
        }
    }

    private void hub(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        String name = path.replaceFirst("^/" + MODEL + "/resolve/[^/]+/", "");
        if (path.startsWith("/api/models/" + MODEL + "/revision/")) {
            String siblings = Stream.concat(small.keySet().stream(), large.keySet().stream())
                    .map("{\"rfilename\": \"%s\"}"::formatted)
                    .collect(Collectors.joining(", "));
            body(exchange, 200, "{\"sha\": \"" + commit + "\", \"siblings\": [" + siblings + "]}");
        } else if (!path.startsWith("/" + MODEL + "/resolve/" + commit + "/")) {
            status(404, Map.of("X-Error-Code", "RepoNotFound")).handle(exchange);
        } else if (large.containsKey(name)) {
            exchange.getResponseHeaders().add("X-Linked-Etag", "\"" + sha256(large.get(name)) + "\"");
            exchange.getResponseHeaders().add("X-Linked-Size", Integer.toString(large.get(name).length));
            exchange.getResponseHeaders().add("X-Repo-Commit", commit);
            exchange.getResponseHeaders().add("Location", endpoint(files) + "/" + name + "?signature=x");
            exchange.sendResponseHeaders(302, -1);
        } else if (small.containsKey(name)) {
            exchange.getResponseHeaders().add("ETag", "W/\"" + gitSha1(small.get(name)) + "\"");
            exchange.getResponseHeaders().add("X-Repo-Commit", commit);
            serve(exchange, small.get(name));
        } else {
            status(404, Map.of("X-Error-Code", "EntryNotFound")).handle(exchange);
        }
    }

    private void file(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        serve(exchange, large.get(path.substring(1)));
    }

    /** The content, or the part asked for. */
    static void serve(HttpExchange exchange, byte[] content) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().add("Content-Length", Integer.toString(content.length));
            exchange.sendResponseHeaders(200, -1);
        } else if (range == null) {
            exchange.sendResponseHeaders(200, content.length == 0 ? -1 : content.length);
            exchange.getResponseBody().write(content);
        } else {
            int start = Integer.parseInt(range.replaceAll("\\D", ""));
            exchange.getResponseHeaders()
                    .add("Content-Range", "bytes " + start + "-" + (content.length - 1) + "/" + content.length);
            exchange.sendResponseHeaders(206, content.length - start);
            exchange.getResponseBody().write(content, start, content.length - start);
        }
    }

    /** An answer without content. */
    static HttpHandler status(int status, Map<String, String> headers) {
        return exchange -> {
            headers.forEach(exchange.getResponseHeaders()::add);
            exchange.sendResponseHeaders(status, -1);
        };
    }

    /** This content, whatever was asked for. */
    static HttpHandler content(byte[] content) {
        return exchange -> {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
        };
    }

    /** Promises the rest of the content and closes the connection after some bytes of it. */
    static HttpHandler dropAfter(int bytes, byte[] content) {
        return exchange -> partly(exchange, bytes, content);
    }

    /** As {@link #dropAfter}, but leaves the connection open and says nothing more until the client has gone. */
    static HttpHandler stallAfter(int bytes, byte[] content) {
        return exchange -> {
            partly(exchange, bytes, content);
            exchange.getResponseBody().flush();
            try {
                Thread.sleep(20 * STALL.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // the test is over
            }
        };
    }

    private static void partly(HttpExchange exchange, int bytes, byte[] content) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        int start = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
        if (range != null) {
            exchange.getResponseHeaders().add("Content-Range", "bytes " + start + "-/" + content.length);
        }
        exchange.sendResponseHeaders(range == null ? 200 : 206, content.length - start);
        exchange.getResponseBody().write(Arrays.copyOfRange(content, start, start + bytes));
    }

    static void body(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /** How often something was asked, by its beginning. */
    long count(String start) {
        return asked.stream().filter(line -> line.startsWith(start)).count();
    }

    static String sha256(byte[] content) {
        return HexFormat.of().formatHex(digest("SHA-256").digest(content));
    }

    static String gitSha1(byte[] content) {
        MessageDigest digest = digest("SHA-1");
        digest.update(("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII));
        return HexFormat.of().formatHex(digest.digest(content));
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        hub.stop(0);
        files.stop(0);
        threads.shutdownNow();
    }
}
