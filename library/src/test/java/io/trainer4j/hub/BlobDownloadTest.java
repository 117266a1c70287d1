package io.trainer4j.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Feature;
import com.google.common.jimfs.Jimfs;
import io.trainer4j.TrainerException;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers, connections and disks that fail in the middle: what arrives is whole or does not appear. */
class BlobDownloadTest {
    private static final HubReference MODEL = new HubReference(FakeHub.MODEL, "main");
    private static final String NAME = "model.safetensors";
    private static final String GET = "GET " + NAME;
    private static final String GET_LINE = "GET /" + NAME;
    private static final byte[] WEIGHTS = content(200_000);

    @TempDir
    Path cache;

    private final FakeHub hub = new FakeHub().with("config.json", "{}").withLarge(NAME, WEIGHTS);

    @AfterEach
    void stop() {
        hub.close();
    }

    private static byte[] content(int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (i * 31 + i / 251);
        }
        return bytes;
    }

    @Test
    void aLostConnectionIsResumedWhereItStopped() {
        hub.next(GET, FakeHub.dropAfter(70_000, WEIGHTS)).next(GET, FakeHub.dropAfter(50_000, WEIGHTS));
        assertDownloaded();
        assertThat(ranges()).hasSize(3).startsWith(GET_LINE);
        assertThat(start(ranges().get(1))).isBetween(1, 70_000);
        assertThat(start(ranges().get(2))).isGreaterThan(start(ranges().get(1)));
        assertThat(hub.waits).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(1));
    }

    @Test
    void aServerThatFallsSilentIsLeft() {
        hub.next(GET, FakeHub.stallAfter(70_000, WEIGHTS));
        assertDownloaded();
        assertThat(start(ranges().get(1))).isEqualTo(70_000);
    }

    @Test
    void whatAnEarlierProcessLeftIsContinued() throws IOException {
        Path incomplete = blobs().resolve(FakeHub.sha256(WEIGHTS) + ".incomplete");
        Files.createDirectories(incomplete.getParent());
        Files.write(incomplete, Arrays.copyOf(WEIGHTS, 150_000));
        assertDownloaded();
        assertThat(ranges()).containsExactly(GET_LINE + " bytes=150000-");
        assertThat(incomplete).doesNotExist();
    }

    @Test
    void whatIsWholeButNotRenamedNeedsNoDownload() throws IOException {
        Files.createDirectories(blobs());
        Files.write(blobs().resolve(FakeHub.sha256(WEIGHTS) + ".incomplete"), WEIGHTS);
        assertDownloaded();
        assertThat(ranges()).isEmpty();
    }

    @Test
    void aServerThatIgnoresRangesStartsAnew() {
        hub.next(GET, FakeHub.dropAfter(70_000, WEIGHTS)).next(GET, FakeHub.content(WEIGHTS));
        assertDownloaded();
    }

    @Test
    void anotherRangeThanTheOneAskedForStartsAnew() {
        hub.next(GET, FakeHub.dropAfter(70_000, WEIGHTS)).next(GET, exchange -> {
            exchange.getResponseHeaders().add("Content-Range", "bytes 5-9/200000");
            exchange.sendResponseHeaders(206, 5);
            exchange.getResponseBody().write(WEIGHTS, 5, 5);
        });
        assertDownloaded();
        assertThat(ranges().get(2)).isEqualTo(GET_LINE);
    }

    @Test
    void aRangeTheServerRefusesStartsAnew() {
        hub.next(GET, FakeHub.dropAfter(70_000, WEIGHTS)).next(GET, FakeHub.status(416, Map.of()));
        assertDownloaded();
        assertThat(ranges().get(2)).isEqualTo(GET_LINE);
    }

    @Test
    void oneWrongChecksumIsDownloadedAgain() {
        hub.next(GET, FakeHub.content(new byte[WEIGHTS.length]));
        assertDownloaded();
        assertThat(ranges()).hasSize(2);
    }

    @Test
    void twoWrongChecksumsAreRefused() throws IOException {
        hub.next(GET, FakeHub.content(new byte[WEIGHTS.length])).next(GET, FakeHub.content(new byte[WEIGHTS.length]));
        assertRefused("model.safetensors arrived from http");
        assertThat(names(blobs())).doesNotContain(FakeHub.sha256(WEIGHTS), FakeHub.sha256(WEIGHTS) + ".incomplete");
    }

    @Test
    void aWrongGitChecksumIsRefused() {
        hub.next("GET config.json", FakeHub.content(new byte[2])).next("GET config.json", FakeHub.content(new byte[2]));
        assertRefused("config.json arrived from http");
    }

    @Test
    void moreThanWasPromisedIsRefused() {
        hub.next(GET, FakeHub.content(content(WEIGHTS.length + 1)));
        assertRefused("model.safetensors is longer than the 200000 bytes the Hub promised; try again later");
    }

    @Test
    void lessThanWasPromisedIsAskedForAgain() {
        hub.next(GET, FakeHub.content(Arrays.copyOf(WEIGHTS, 1000)));
        assertDownloaded();
        assertThat(ranges().get(1)).isEqualTo(GET_LINE + " bytes=1000-");
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 502, 503, 504})
    void aBusyServerIsAskedLater(int status) {
        for (String request : List.of("GET model", "HEAD config.json", "GET config.json", GET)) {
            hub.next(request, FakeHub.status(status, Map.of()));
        }
        assertDownloaded();
        assertThat(hub.waits).hasSize(4).allMatch(Duration.ofSeconds(1)::equals);
    }

    @Test
    void aServerSaysHowLongItIsBusy() {
        hub.next("GET model", FakeHub.status(429, Map.of("Retry-After", "7")))
                .next("GET model", FakeHub.status(503, Map.of("Retry-After", "999999999")))
                .next("GET model", FakeHub.status(503, Map.of("Retry-After", "Fri, 31 Dec 1999 23:59:59 GMT")));
        assertDownloaded();
        assertThat(hub.waits).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(60), Duration.ofSeconds(4));
    }

    @Test
    void patienceHasAnEnd() {
        for (int i = 0; i < 5; i++) {
            hub.next(GET, FakeHub.status(503, Map.of()));
        }
        assertRefused("cannot be downloaded from http");
        assertThat(hub.waits)
                .containsExactly(
                        Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4), Duration.ofSeconds(8));
    }

    @Test
    void aServerThatAlwaysStartsAnewAndNeverEndsIsGivenUp() {
        for (int i = 0; i < 5; i++) {
            hub.next(GET, exchange -> {
                exchange.sendResponseHeaders(200, WEIGHTS.length);
                exchange.getResponseBody().write(WEIGHTS, 0, 70_000);
            });
        }
        assertRefused("cannot be downloaded from http");
        assertThat(ranges()).hasSize(5);
    }

    @Test
    void anExpiredAddressIsNamed() {
        hub.next(GET, FakeHub.status(403, Map.of()));
        assertRefused("answered 403; try again later");
    }

    @Test
    void oneDownloadServesAllWhoWantIt() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            Callable<Path> task = () -> hub.client(cache).snapshot(MODEL, Set.of(ModelPart.WEIGHTS));
            List<Path> folders = new ArrayList<>();
            for (Future<Path> future : threads.invokeAll(List.of(task, task, task, task))) {
                folders.add(future.get());
            }
            assertThat(folders)
                    .allSatisfy(folder -> assertThat(folder.resolve(NAME)).hasBinaryContent(WEIGHTS));
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        } finally {
            threads.shutdownNow();
        }
        assertThat(ranges()).containsExactly(GET_LINE);
    }

    @Test
    void aFullDiskLeavesNothingThatLooksWhole() throws IOException {
        try (FileSystem disk = Jimfs.newFileSystem(Configuration.unix().toBuilder()
                .setWorkingDirectory("/disk")
                .setBlockSize(1024)
                .setMaxSize(100_000)
                .build())) {
            Path small = disk.getPath("/disk/hub");
            assertThatThrownBy(() -> hub.client(small).snapshot(MODEL, Set.of(ModelPart.WEIGHTS)))
                    .isExactlyInstanceOf(TrainerException.class)
                    .hasMessageStartingWith("Could not write /disk/hub/models--org--tiny/blobs/")
                    .hasMessageContaining("out of disk space");
            Path model = small.resolve("models--org--tiny");
            assertThat(Files.exists(
                            model.resolve("snapshots").resolve(FakeHub.COMMIT).resolve(NAME)))
                    .isFalse();
            assertThat(Files.exists(model.resolve("refs"))).isFalse();
            assertThat(names(model.resolve("blobs")))
                    .containsExactlyInAnyOrder(
                            FakeHub.gitSha1(new byte[] {'{', '}'}), FakeHub.sha256(WEIGHTS) + ".incomplete");
        }
        assertThat(hub.waits).isEmpty();
    }

    @Test
    void withoutSymbolicLinksTheFilesAreCopies() throws IOException {
        try (FileSystem disk = Jimfs.newFileSystem(Configuration.unix().toBuilder()
                .setWorkingDirectory("/disk")
                .setSupportedFeatures(Feature.FILE_CHANNEL)
                .build())) {
            Path folder = hub.client(disk.getPath("/disk/hub")).snapshot(MODEL, Set.of(ModelPart.WEIGHTS));
            assertThat(Files.isSymbolicLink(folder.resolve(NAME))).isFalse();
            assertThat(Files.readAllBytes(folder.resolve(NAME))).isEqualTo(WEIGHTS);
        }
    }

    private void assertDownloaded() {
        Path folder = hub.client(cache).snapshot(MODEL, Set.of(ModelPart.WEIGHTS));
        assertThat(folder.resolve(NAME)).hasBinaryContent(WEIGHTS);
        assertThat(folder.resolve("config.json")).hasContent("{}");
    }

    private void assertRefused(String sentence) {
        assertThatThrownBy(() -> hub.client(cache).snapshot(MODEL, Set.of(ModelPart.WEIGHTS)))
                .isExactlyInstanceOf(TrainerException.class)
                .hasMessageContaining(sentence)
                .hasMessageEndingWith(".");
        Path folder = cache.resolve("models--org--tiny/snapshots").resolve(FakeHub.COMMIT);
        assertThat(folder.resolve(NAME)).doesNotExist();
        assertThat(blobs().resolve(FakeHub.sha256(WEIGHTS))).doesNotExist();
    }

    private List<String> ranges() {
        return hub.asked.stream().filter(line -> line.startsWith(GET_LINE)).toList();
    }

    private static int start(String line) {
        return Integer.parseInt(line.replaceAll(".*bytes=(\\d+)-.*", "$1"));
    }

    private Path blobs() {
        return cache.resolve("models--org--tiny/blobs");
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
