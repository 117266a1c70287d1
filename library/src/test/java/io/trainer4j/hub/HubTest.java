package io.trainer4j.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A model's way from the Hub into the cache that is shared with Python. */
class HubTest {
    private static final HubReference MODEL = new HubReference(FakeHub.MODEL, "main");
    private static final Set<ModelPart> ALL = EnumSet.allOf(ModelPart.class);
    private static final byte[] WEIGHTS = "weights of a model".repeat(1000).getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path cache;

    private final FakeHub hub = new FakeHub()
            .with("config.json", "{\"model_type\": \"qwen2\"}")
            .with("generation_config.json", "{}")
            .with("tokenizer.json", "{\"t\": 1}")
            .with("README.md", "not wanted")
            .with("onnx/config.json", "not wanted")
            .withLarge("model.safetensors", WEIGHTS)
            .withLarge("pytorch_model.bin", WEIGHTS);

    @AfterEach
    void stop() {
        hub.close();
    }

    @Test
    void theCacheHasPythonsLayout() throws IOException {
        Path folder = hub.client(cache).snapshot(MODEL, ALL);
        Path model = cache.resolve("models--org--tiny");
        assertThat(folder).isEqualTo(model.resolve("snapshots").resolve(FakeHub.COMMIT));
        assertThat(model.resolve("refs/main")).hasContent(FakeHub.COMMIT);
        assertThat(names(folder))
                .containsExactly("config.json", "generation_config.json", "model.safetensors", "tokenizer.json");
        String config = FakeHub.gitSha1("{\"model_type\": \"qwen2\"}".getBytes(StandardCharsets.UTF_8));
        assertThat(names(model.resolve("blobs"))).hasSize(4).contains(config, FakeHub.sha256(WEIGHTS));
        assertThat(Files.readSymbolicLink(folder.resolve("model.safetensors")))
                .isEqualTo(Path.of("..", "..", "blobs", FakeHub.sha256(WEIGHTS)));
        assertThat(folder.resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
        assertThat(folder.resolve("config.json")).hasContent("{\"model_type\": \"qwen2\"}");
    }

    @Test
    void whatIsThereIsNotDownloadedAgain() {
        hub.client(cache).snapshot(MODEL, ALL);
        hub.asked.clear();
        hub.client(cache).snapshot(MODEL, ALL);
        assertThat(hub.asked).containsExactly("GET /api/models/org/tiny/revision/main Bearer secret");
    }

    @Test
    void theTokenizerComesWithoutTheWeights() throws IOException {
        Path folder = hub.client(cache).snapshot(MODEL, Set.of(ModelPart.TOKENIZER));
        assertThat(names(folder)).containsExactly("config.json", "tokenizer.json");
        assertThat(hub.client(cache).snapshot(MODEL, ALL)).isEqualTo(folder);
        assertThat(names(folder)).hasSize(4);
    }

    @Test
    void aNewCommitKeepsTheOldSnapshotAndSharesItsBlobs() throws IOException {
        hub.client(cache).snapshot(MODEL, ALL);
        hub.asked.clear();
        String next = "f".repeat(40);
        Path folder = hub.at(next).with("config.json", "{}").client(cache).snapshot(MODEL, ALL);
        assertThat(folder).hasFileName(next);
        assertThat(hub.count("GET /model.safetensors")).isZero();
        assertThat(names(folder.getParent())).containsExactly(FakeHub.COMMIT, next);
        assertThat(cache.resolve("models--org--tiny/refs/main")).hasContent(next);
    }

    @Test
    void shardsAreThoseOfTheIndex() throws IOException {
        try (FakeHub sharded = new FakeHub()
                .with("config.json", "{}")
                .with("model.safetensors.index.json", """
                        {"weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}}""")
                .withLarge("model-00001-of-00002.safetensors", new byte[] {1})
                .withLarge("model-00002-of-00002.safetensors", new byte[] {2, 2})
                .withLarge("consolidated.safetensors", new byte[] {3})) {
            Path folder = sharded.client(cache).snapshot(MODEL, Set.of(ModelPart.WEIGHTS));
            assertThat(names(folder))
                    .containsExactly(
                            "config.json",
                            "model-00001-of-00002.safetensors",
                            "model-00002-of-00002.safetensors",
                            "model.safetensors.index.json");
        }
    }

    @Test
    void pytorchFilesComeWhereThereIsNoSafetensors() throws IOException {
        try (FakeHub old = new FakeHub().with("config.json", "{}").withLarge("pytorch_model.bin", WEIGHTS)) {
            assertThat(names(old.client(cache).snapshot(MODEL, ALL)))
                    .containsExactly("config.json", "pytorch_model.bin");
        }
    }

    @Test
    void anEmptyFileIsAFile() throws IOException {
        hub.with("merges.txt", "");
        assertThat(hub.client(cache).snapshot(MODEL, ALL).resolve("merges.txt")).isEmptyFile();
    }

    @ParameterizedTest
    @CsvSource({"v1.0, v1.0, refs/v1.0", "refs/pr/1, refs%2Fpr%2F1, refs/refs/pr/1"})
    void revisionsAreAskedForAndRemembered(String revision, String encoded, String ref) {
        hub.client(cache).snapshot(new HubReference(FakeHub.MODEL, revision), ALL);
        assertThat(hub.asked.get(0)).startsWith("GET /api/models/org/tiny/revision/" + encoded + " ");
        assertThat(cache.resolve("models--org--tiny").resolve(ref)).hasContent(FakeHub.COMMIT);
    }

    @Test
    void aCommitNeedsNoRef() {
        hub.client(cache).snapshot(new HubReference(FakeHub.MODEL, FakeHub.COMMIT), ALL);
        assertThat(cache.resolve("models--org--tiny/refs")).doesNotExist();
        HubSettings offline = hub.settings(cache).withoutNetwork();
        assertThat(new Hub(offline, DownloadProgress.NONE)
                        .snapshot(new HubReference(FakeHub.MODEL, FakeHub.COMMIT), ALL))
                .hasFileName(FakeHub.COMMIT);
    }

    @Test
    void progressIsToldToTheEnd() {
        List<String> told = new ArrayList<>();
        hub.client(hub.settings(cache), (file, done, total) -> told.add(file + " " + done + "/" + total))
                .snapshot(MODEL, ALL);
        assertThat(told)
                .contains("config.json 23/23", "model.safetensors " + WEIGHTS.length + "/" + WEIGHTS.length)
                .noneMatch(line -> line.startsWith("README"));
    }

    @Test
    void theTokenGoesToTheHubAndToNobodyElse() {
        hub.client(cache).snapshot(MODEL, ALL);
        assertThat(hub.asked)
                .filteredOn(line -> line.contains("/resolve/") || line.contains("/api/"))
                .isNotEmpty()
                .allMatch(line -> line.endsWith("Bearer secret"));
        assertThat(hub.asked)
                .filteredOn(line -> line.startsWith("GET /model.safetensors"))
                .containsExactly("GET /model.safetensors");
    }

    @Test
    void aModelThatMovedIsFollowed() {
        Map<String, String> moved = Map.of("Location", "/api/models/org/tiny/revision/main");
        hub.next("GET model", FakeHub.status(307, moved)).client(cache).snapshot(MODEL, ALL);
        assertThat(hub.count("GET /api/models/org/tiny/revision/main Bearer secret"))
                .isEqualTo(2);
    }

    @Test
    void redirectsHaveAnEnd() {
        for (int i = 0; i < 20; i++) {
            hub.next("GET model", FakeHub.status(307, Map.of("Location", "/api/models/org/tiny/revision/main")));
        }
        assertRefused("redirects more than 10 times; check HF_ENDPOINT.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:///etc/passwd", "ftp://localhost/x", "http:// /", "mailto:x"})
    void redirectsLeadToTheWebOnly(String location) {
        hub.next("GET model", FakeHub.status(302, Map.of("Location", location)));
        assertRefused("redirects to \"" + location + "\", which is no address; check HF_ENDPOINT.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            404 | RepoNotFound     | There is no model folder org/tiny and no model of that name at http
            404 | ''               | There is no model folder org/tiny and no model of that name at http
            401 | ''               | , or it is private or gated (401). Check the name, or ask for access at
            401 | GatedRepo        | The model org/tiny is gated (401); ask for access at
            403 | GatedRepo        | and set HF_TOKEN to a token of that account (the present one may not).
            403 | ''               | The model org/tiny is gated (403)
            404 | RevisionNotFound | The model org/tiny has no revision "main"; leave out @main, or name a branch
            418 | ''               | answered 418 for the model org/tiny; try again later
            """)
    void refusalsAreExplained(int status, String code, String sentence) {
        hub.next("GET model", FakeHub.status(status, Map.of("X-Error-Code", code)));
        assertRefused(sentence);
        assertThat(hub.waits).isEmpty();
    }

    @Test
    void aGatedFileIsExplained() {
        hub.next("HEAD config.json", FakeHub.status(403, Map.of("X-Error-Code", "GatedRepo")));
        assertRefused("The model org/tiny is gated (403)");
    }

    @Test
    void aTypoIsMeasuredAgainstTheCache() throws IOException {
        Files.createDirectories(cache.resolve("models--org--tony"));
        hub.next("GET model", FakeHub.status(404, Map.of()));
        assertRefused("; did you mean org/tony? Give a folder, or a name that http");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>", "[]", "{}", "{\"sha\": \"../../x\", \"siblings\": []}", "{\"sha\": 7}"})
    void aServerThatIsNoHub(String answer) {
        hub.next("GET model", exchange -> FakeHub.body(exchange, 200, answer));
        assertRefused("does not answer as the Hugging Face Hub does when asked for org/tiny; check HF_ENDPOINT");
    }

    @Test
    void aModelWithoutAnyFile() {
        hub.next("GET model", exchange -> FakeHub.body(exchange, 200, "{\"sha\": \"" + FakeHub.COMMIT + "\"}"));
        assertRefused("no model of that name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../../x", "", "a b", "/etc/passwd"})
    void anETagThatIsNoFileName(String etag) {
        hub.next("HEAD config.json", FakeHub.status(200, Map.of("ETag", etag, "Content-Length", "23")));
        assertRefused("does not answer as the Hugging Face Hub does");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../secret", "/etc/passwd", "a/b", "..", ""})
    void anIndexThatLeavesItsFolder(String shard) {
        try (FakeHub hostile = new FakeHub()
                .with("config.json", "{}")
                .with("model.safetensors.index.json", "{\"weight_map\": {\"a\": \"" + shard + "\"}}")) {
            assertThatThrownBy(() -> hostile.client(cache).snapshot(MODEL, ALL))
                    .isExactlyInstanceOf(TrainerException.class)
                    .hasMessageContaining("lists the shard \"" + shard + "\" outside its folder");
        }
    }

    private void assertRefused(String sentence) {
        assertThatThrownBy(() -> hub.client(cache).snapshot(MODEL, ALL))
                .isExactlyInstanceOf(TrainerException.class)
                .hasMessageContaining(sentence)
                .hasMessageNotContaining("secret")
                .hasMessageEndingWith(".");
        assertThat(cache.resolve("models--org--tiny/snapshots")).doesNotExist();
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
