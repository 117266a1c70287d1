package io.trainer4j.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The cache as huggingface_hub 1.33 lays it when it takes the same three files from a server: its
 * {@code snapshot_download} and {@code try_to_load_from_cache} find what lies here, and we find what it laid.
 */
class SharedCacheTest {
    private static final HubReference MODEL = new HubReference(FakeHub.MODEL, "main");
    private static final Set<ModelPart> ALL = Set.of(ModelPart.WEIGHTS, ModelPart.TOKENIZER);

    /** Files, and links with where they lead. */
    private static final List<String> BOTH = List.of(
            ".locks/models--org--tiny/8bd750397253142f2bc6dc7207a6dcd4cad81ecb.lock",
            ".locks/models--org--tiny/9a129038d9a00aed0cf6a7ea059ca50a813449061ab87848cf1a13eafdf33b2c.lock",
            ".locks/models--org--tiny/ee358d1db375de16f26bec6bdbfb699816baff13.lock",
            "models--org--tiny/blobs/8bd750397253142f2bc6dc7207a6dcd4cad81ecb",
            "models--org--tiny/blobs/9a129038d9a00aed0cf6a7ea059ca50a813449061ab87848cf1a13eafdf33b2c",
            "models--org--tiny/blobs/ee358d1db375de16f26bec6bdbfb699816baff13",
            "models--org--tiny/refs/main",
            "models--org--tiny/snapshots/0123456789abcdef0123456789abcdef01234567/config.json"
                    + " -> ../../blobs/8bd750397253142f2bc6dc7207a6dcd4cad81ecb",
            "models--org--tiny/snapshots/0123456789abcdef0123456789abcdef01234567/model.safetensors"
                    + " -> ../../blobs/9a129038d9a00aed0cf6a7ea059ca50a813449061ab87848cf1a13eafdf33b2c",
            "models--org--tiny/snapshots/0123456789abcdef0123456789abcdef01234567/tokenizer.json"
                    + " -> ../../blobs/ee358d1db375de16f26bec6bdbfb699816baff13");

    private static final List<String> PYTHONS_OWN =
            List.of("CACHEDIR.TAG", "models--org--tiny/trees/0123456789abcdef0123456789abcdef01234567.json");

    private static final String OURS_OWN = ".locks/models--org--tiny/refs.lock";

    @TempDir
    Path cache;

    @Test
    void whatWeLayIsWherePythonLooks() throws IOException {
        try (FakeHub hub = new FakeHub()
                .with("config.json", "{\"model_type\": \"qwen2\"}")
                .with("tokenizer.json", "{\"t\": 1}")
                .withLarge("model.safetensors", "weights".getBytes(StandardCharsets.UTF_8))) {
            hub.client(cache).snapshot(MODEL, ALL);
        }
        Set<String> expected = new TreeSet<>(BOTH);
        expected.add(OURS_OWN);
        assertThat(laid()).containsExactlyElementsOf(expected);
        assertThat(cache.resolve("models--org--tiny/refs/main"))
                .hasBinaryContent("0123456789abcdef0123456789abcdef01234567".getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void whatPythonLaidIsFoundOffline() throws IOException {
        layAsPython();
        assertThat(laid()).containsAll(PYTHONS_OWN).containsAll(BOTH);
        Path folder = offline().snapshot(MODEL, ALL);
        assertThat(folder)
                .isEqualTo(cache.resolve("models--org--tiny/snapshots")
                        .resolve("0123456789abcdef0123456789abcdef01234567"));
        assertThat(folder.resolve("model.safetensors")).hasContent("weights");
    }

    @Test
    void whatPythonLaidIsNotDownloadedAgain() throws IOException {
        layAsPython();
        try (FakeHub hub = new FakeHub()
                .with("config.json", "{\"model_type\": \"qwen2\"}")
                .with("tokenizer.json", "{\"t\": 1}")
                .withLarge("model.safetensors", "weights".getBytes(StandardCharsets.UTF_8))) {
            hub.client(cache).snapshot(MODEL, ALL);
            assertThat(hub.asked).containsExactly("GET /api/models/org/tiny/revision/main Bearer secret");
        }
    }

    @Test
    void aSingleFileThatPythonTookIsNoModel() throws IOException {
        layAsPython();
        Files.delete(cache.resolve("models--org--tiny/snapshots/0123456789abcdef0123456789abcdef01234567")
                .resolve("model.safetensors"));
        assertThat(offline().snapshot(MODEL, Set.of(ModelPart.TOKENIZER))).isDirectory();
        assertThatThrownBy(() -> offline().snapshot(MODEL, ALL))
                .isExactlyInstanceOf(TrainerException.class)
                .hasMessageContaining("does not hold a whole model of that name");
    }

    private Hub offline() {
        try (FakeHub gone = new FakeHub()) {
            return new Hub(gone.settings(cache).withoutNetwork(), DownloadProgress.NONE);
        }
    }

    private void layAsPython() throws IOException {
        for (String entry : Stream.concat(BOTH.stream(), PYTHONS_OWN.stream()).toList()) {
            int arrow = entry.indexOf(" -> ");
            Path file = cache.resolve(arrow < 0 ? entry : entry.substring(0, arrow));
            Files.createDirectories(file.getParent());
            if (arrow < 0) {
                Files.writeString(file, content(entry));
            } else {
                Files.createSymbolicLink(file, Path.of(entry.substring(arrow + " -> ".length())));
            }
        }
    }

    private static String content(String file) {
        return switch (file) {
            case "models--org--tiny/refs/main" -> "0123456789abcdef0123456789abcdef01234567";
            case "models--org--tiny/blobs/8bd750397253142f2bc6dc7207a6dcd4cad81ecb" -> "{\"model_type\": \"qwen2\"}";
            case "models--org--tiny/blobs/ee358d1db375de16f26bec6bdbfb699816baff13" -> "{\"t\": 1}";
            case "models--org--tiny/blobs/9a129038d9a00aed0cf6a7ea059ca50a813449061ab87848cf1a13eafdf33b2c" ->
                "weights";
            case "CACHEDIR.TAG" -> "Signature: 8a477f597d28d172789f06886806bc55\n";
            case "models--org--tiny/trees/0123456789abcdef0123456789abcdef01234567.json" ->
                "{\"format_version\": 1, \"files\": {\"config.json\": {\"size\": 23}}}";
            default -> "";
        };
    }

    private Set<String> laid() throws IOException {
        try (Stream<Path> files = Files.walk(cache)) {
            return files.filter(file -> !Files.isDirectory(file))
                    .map(this::entry)
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private String entry(Path file) {
        try {
            String name = cache.relativize(file).toString();
            return Files.isSymbolicLink(file) ? name + " -> " + Files.readSymbolicLink(file) : name;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
