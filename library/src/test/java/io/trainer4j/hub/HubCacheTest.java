package io.trainer4j.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The layout of huggingface_hub, docs/huggingface_hub/guides/manage-cache. */
class HubCacheTest {
    private static final String COMMIT = "a".repeat(40);
    private static final String OTHER = "b".repeat(40);
    private static final HubReference MAIN = new HubReference("org/tiny", "main");

    @TempDir
    private Path folder;

    private HubCache cache;
    private Path model;

    @BeforeEach
    void open() {
        cache = new HubCache(folder, "org/tiny");
        model = folder.resolve("models--org--tiny");
    }

    @Test
    void placesAreThoseOfPython() {
        assertThat(cache.snapshot(COMMIT)).isEqualTo(model.resolve("snapshots").resolve(COMMIT));
        assertThat(cache.blob("e-tag")).isEqualTo(model.resolve("blobs/e-tag"));
        assertThat(cache.lock("e-tag")).isEqualTo(folder.resolve(".locks/models--org--tiny/e-tag.lock"));
        assertThat(new HubCache(folder, "gpt2").blob("x")).isEqualTo(folder.resolve("models--gpt2/blobs/x"));
    }

    @Test
    void aBranchIsFoundByItsRef() throws IOException {
        assertThat(cache.snapshot(MAIN)).isEmpty();
        ref("main", COMMIT + "\n");
        assertThat(cache.snapshot(MAIN)).isEmpty();
        Files.createDirectories(cache.snapshot(COMMIT));
        assertThat(cache.snapshot(MAIN)).contains(cache.snapshot(COMMIT));
        assertThat(cache.snapshot(new HubReference("org/tiny", "v2"))).isEmpty();
    }

    @Test
    void aCommitIsFoundWithoutARef() throws IOException {
        HubReference commit = new HubReference("org/tiny", COMMIT);

        assertThat(cache.snapshot(commit)).isEmpty();
        Files.createDirectories(cache.snapshot(COMMIT));
        assertThat(cache.snapshot(commit)).contains(cache.snapshot(COMMIT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "main", "../../blobs", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    void aRefThatNamesNoCommitIsPassedOver(String content) throws IOException {
        ref("main", content);
        Files.createDirectories(model.resolve("snapshots").resolve(content));

        assertThat(cache.snapshot(MAIN)).isEmpty();
    }

    @Test
    void aRefIsWrittenWhereItIsNewOrChanged() throws IOException {
        cache.remember(MAIN, COMMIT);
        assertThat(model.resolve("refs/main")).hasContent(COMMIT);
        cache.remember(MAIN, OTHER);
        assertThat(model.resolve("refs/main")).hasContent(OTHER);
        ref("main", OTHER + "\n");
        cache.remember(MAIN, OTHER);
        assertThat(Files.readString(model.resolve("refs/main"))).endsWith("\n");
    }

    @Test
    void aRefWithASlashIsAFolder() {
        cache.remember(new HubReference("org/tiny", "refs/pr/1"), COMMIT);

        assertThat(model.resolve("refs/refs/pr/1")).hasContent(COMMIT);
    }

    @Test
    void aLinkIsRelativeSoThatTheCacheCanBeMoved() throws IOException {
        blob("e1", "content");
        Path file = cache.snapshot(COMMIT).resolve("config.json");

        cache.link("e1", file);

        assertThat(Files.readSymbolicLink(file)).isEqualTo(Path.of("../../blobs/e1"));
        assertThat(file).hasContent("content");
    }

    @Test
    void aLinkInASubfolderLeadsFurtherUp() throws IOException {
        blob("e1", "content");
        Path file = cache.snapshot(COMMIT).resolve("sub/config.json");

        cache.link("e1", file);

        assertThat(Files.readSymbolicLink(file)).isEqualTo(Path.of("../../../blobs/e1"));
    }

    @Test
    void aLinkWhoseBlobIsGoneIsReplacedAndAWholeOneIsKept() throws IOException {
        Path file = cache.snapshot(COMMIT).resolve("config.json");
        blob("e1", "one");
        cache.link("gone", file);
        assertThat(Files.exists(file)).isFalse();

        cache.link("e1", file);
        assertThat(file).hasContent("one");
        cache.link("e2", file);
        assertThat(Files.readSymbolicLink(file)).isEqualTo(Path.of("../../blobs/e1"));
    }

    @Test
    void aFileInTheWayOfASnapshotIsNamed() throws IOException {
        Files.createDirectories(model);
        Files.writeString(model.resolve("snapshots"), "");
        Path file = cache.snapshot(COMMIT).resolve("config.json");

        assertThatThrownBy(() -> cache.link("e1", file))
                .isExactlyInstanceOf(TrainerException.class)
                .hasMessageStartingWith("Could not write " + file + " (");
    }

    @Test
    void modelsAreListedByTheirNames() throws IOException {
        for (String name : new String[] {"models--org--tiny", "models--gpt2", "datasets--org--d", ".locks", "tmp"}) {
            Files.createDirectories(folder.resolve(name));
        }

        assertThat(HubCache.models(folder)).containsExactly("gpt2", "org/tiny");
        assertThat(HubCache.models(folder.resolve("missing"))).isEmpty();
    }

    private void ref(String name, String content) throws IOException {
        Files.createDirectories(model.resolve("refs"));
        Files.writeString(model.resolve("refs").resolve(name), content);
    }

    private void blob(String etag, String content) throws IOException {
        Files.createDirectories(model.resolve("blobs"));
        Files.writeString(cache.blob(etag), content);
    }
}
