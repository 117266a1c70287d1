package io.trainer4j.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a reference to a model stands for, with and without the network. */
class ModelFolderTest {
    @TempDir
    Path folder;

    @Test
    void aFolderWinsOverAName() {
        assertThat(offline("src/main", ModelPart.WEIGHTS)).isEqualTo(Path.of("src/main"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nowhere/model", "./model", "../model", "a/b/c", "~/model", "-x", "a--b", "x..y", "a/.b"})
    void whatCanBeNoNameIsAFolder(String reference) {
        assertThat(offline(reference, ModelPart.WEIGHTS)).isEqualTo(Path.of(reference));
        assertThat(HubReference.parse(reference)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "gpt2, gpt2, main",
        "Qwen/Qwen2.5-0.5B, Qwen/Qwen2.5-0.5B, main",
        "org/name@v1, org/name, v1",
        "org/name@refs/pr/3, org/name, refs/pr/3",
        "hf-internal-testing/tiny_x, hf-internal-testing/tiny_x, main"
    })
    void namesHaveARevision(String text, String id, String revision) {
        assertThat(HubReference.parse(text)).contains(new HubReference(id, revision));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a@", "@b", "a@b@c", "a@../x", "a@/x", "a b", "a\\b", "a@x y", ""})
    void otherTextIsNoName(String text) {
        assertThat(HubReference.parse(text)).isEmpty();
    }

    @Test
    void aSnapshotMadeByPythonIsUsedAsItIs() throws IOException {
        Path snapshot = pythonSnapshot("org/tiny");
        assertThat(offline("org/tiny", ModelPart.WEIGHTS)).isEqualTo(snapshot);
        assertThat(offline("org/tiny", ModelPart.TOKENIZER, ModelPart.WEIGHTS)).isEqualTo(snapshot);
        assertThat(offline("org/tiny@" + FakeHub.COMMIT, ModelPart.WEIGHTS)).isEqualTo(snapshot);
    }

    @Test
    void withoutTheNetworkWhatIsMissingIsSaid() throws IOException {
        pythonSnapshot("org/tiny");
        assertThatThrownBy(() -> offline("org/tinny", ModelPart.WEIGHTS))
                .isExactlyInstanceOf(TrainerException.class)
                .hasMessage("There is no model folder org/tinny, and the cache " + folder
                        + " does not hold a whole model of that name; did you mean org/tiny?"
                        + " Give a folder, or download it once without --offline (HF_HUB_OFFLINE).");
        assertThatThrownBy(() -> offline("org/tiny@v2", ModelPart.WEIGHTS))
                .hasMessageStartingWith("There is no model folder org/tiny@v2, and the cache ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"config.json", "model.safetensors", "tokenizer.json"})
    void halfASnapshotIsNoModel(String missing) throws IOException {
        Files.delete(pythonSnapshot("org/tiny").resolve(missing));
        assertThatThrownBy(() -> offline("org/tiny", ModelPart.WEIGHTS, ModelPart.TOKENIZER))
                .hasMessageContaining("does not hold a whole model of that name");
    }

    @Test
    void anIndexWithoutItsShardsIsNoModel() throws IOException {
        Path snapshot = pythonSnapshot("org/tiny");
        Files.delete(snapshot.resolve("model.safetensors"));
        Files.writeString(
                snapshot.resolve("model.safetensors.index.json"), "{\"weight_map\": {\"a\": \"m.safetensors\"}}");
        assertThatThrownBy(() -> offline("org/tiny", ModelPart.WEIGHTS))
                .hasMessageContaining("does not hold a whole model");
        Files.writeString(snapshot.resolve("m.safetensors"), "");
        assertThat(offline("org/tiny", ModelPart.WEIGHTS)).isEqualTo(snapshot);
    }

    @Test
    void withoutAConnectionTheCacheIsUsed() throws IOException {
        Path snapshot = pythonSnapshot("org/tiny");
        HubSettings unplugged = closedPort();
        assertThat(find("org/tiny", unplugged, ModelPart.WEIGHTS)).isEqualTo(snapshot);
        assertThatThrownBy(() -> find("org/other", unplugged, ModelPart.WEIGHTS))
                .isExactlyInstanceOf(TrainerException.class)
                .hasMessageStartingWith("There is no model folder org/other, and the model of that name cannot be"
                        + " downloaded from http://localhost:")
                .hasMessageEndingWith("or set HF_ENDPOINT to a mirror.");
    }

    private HubSettings closedPort() {
        try (FakeHub hub = new FakeHub()) {
            return hub.settings(folder);
        }
    }

    @Test
    void theEnvironmentIsPythons() {
        Path home = Path.of("/home/me");
        HubSettings defaults = HubSettings.of(Map.of(), home);
        assertThat(defaults.endpoint()).hasToString("https://huggingface.co");
        assertThat(defaults.cache()).isEqualTo(home.resolve(".cache/huggingface/hub"));
        assertThat(defaults.offline()).isFalse();
        assertThat(HubSettings.of(Map.of("HF_HOME", "/hf"), home).cache()).isEqualTo(Path.of("/hf/hub"));
        assertThat(HubSettings.of(Map.of("HF_HOME", "~/hf"), home).cache()).isEqualTo(home.resolve("hf/hub"));
        assertThat(HubSettings.of(Map.of("XDG_CACHE_HOME", "/x"), home).cache())
                .isEqualTo(Path.of("/x/huggingface/hub"));
        assertThat(HubSettings.of(Map.of("HF_HOME", "/hf", "HF_HUB_CACHE", "/c"), home)
                        .cache())
                .isEqualTo(Path.of("/c"));
        assertThat(HubSettings.of(Map.of("HF_ENDPOINT", "https://mirror.example/hf/"), home)
                        .endpoint())
                .hasToString("https://mirror.example/hf");
    }

    @ParameterizedTest
    @CsvSource({"1, true", "ON, true", "yes, true", "True, true", "0, false", "no, false", "'', false"})
    void offlineIsSwitchedAsInPython(String value, boolean offline) {
        assertThat(HubSettings.of(Map.of("HF_HUB_OFFLINE", value), folder).offline())
                .isEqualTo(offline);
    }

    @Test
    void theTokenComesFromTheEnvironmentOrTheFileOfTheLogin() throws IOException {
        Path home = Files.createDirectories(folder.resolve(".cache/huggingface"));
        assertThat(HubSettings.of(Map.of(), folder).token()).isEmpty();
        Files.writeString(home.resolve("token"), "hf_file\n");
        assertThat(HubSettings.of(Map.of(), folder).token()).contains("hf_file");
        HubSettings settings = HubSettings.of(Map.of("HF_TOKEN", " hf_variable "), folder);
        assertThat(settings.token()).contains("hf_variable");
        assertThat(settings.toString()).doesNotContain("hf_variable");
        Path other = Files.writeString(folder.resolve("other"), "hf_other");
        assertThat(HubSettings.of(Map.of("HF_TOKEN_PATH", other.toString()), folder)
                        .token())
                .contains("hf_other");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mirror", "ftp://mirror", "https://", "https:// x"})
    void anEndpointIsAnAddress(String endpoint) {
        assertThatThrownBy(() -> HubSettings.of(Map.of("HF_ENDPOINT", endpoint), folder))
                .isExactlyInstanceOf(TrainerException.class)
                .hasMessage(
                        "HF_ENDPOINT is \"" + endpoint + "\" but must be an address such as https://huggingface.co.");
    }

    private Path offline(String reference, ModelPart... parts) {
        HubSettings settings = HubSettings.of(Map.of("HF_HUB_CACHE", folder.toString()), folder);
        return find(reference, settings.withoutNetwork(), parts);
    }

    private static Path find(String reference, HubSettings settings, ModelPart... parts) {
        return ModelFolder.find(reference, () -> settings, DownloadProgress.NONE, Set.of(parts));
    }

    @Test
    void aFolderNeedsNoSettings() {
        Path found = ModelFolder.find(
                folder.toString(),
                () -> {
                    throw new AssertionError("asked for settings");
                },
                DownloadProgress.NONE,
                Set.of(ModelPart.WEIGHTS));
        assertThat(found).isEqualTo(folder);
    }

    /** The layout huggingface_hub leaves: links into blobs, a ref without a line end, a note of absent files. */
    private Path pythonSnapshot(String id) throws IOException {
        Path model = folder.resolve("models--" + id.replace("/", "--"));
        Path snapshot = Files.createDirectories(model.resolve("snapshots").resolve(FakeHub.COMMIT));
        Files.createDirectories(model.resolve(".no_exist").resolve(FakeHub.COMMIT));
        Files.createDirectories(model.resolve("refs"));
        Files.writeString(model.resolve("refs/main"), FakeHub.COMMIT);
        Files.createDirectories(model.resolve("blobs"));
        for (String name : new String[] {"config.json", "tokenizer.json", "model.safetensors"}) {
            Files.writeString(model.resolve("blobs").resolve("blob-" + name), "{}");
            Files.createSymbolicLink(snapshot.resolve(name), Path.of("../../blobs/blob-" + name));
        }
        return snapshot;
    }
}
