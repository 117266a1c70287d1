package io.trainer4j.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HubSettingsTest {
    @TempDir
    private Path home;

    @ParameterizedTest
    @CsvSource({
        "HF_HUB_CACHE, ~, ''",
        "HF_HUB_CACHE, ~/, ''",
        "HF_HUB_CACHE, ~/c, c",
        "HF_HUB_CACHE, '  ~/c ', c",
        "HF_HUB_CACHE, '  ', .cache/huggingface/hub",
        "HF_HOME, ~, hub",
        "XDG_CACHE_HOME, ~/x, x/huggingface/hub"
    })
    void aTildeStandsForTheHomeFolderAndSpaceForNothing(String name, String value, String cache) {
        assertThat(HubSettings.of(Map.of(name, value), home).cache()).isEqualTo(home.resolve(cache));
    }

    @Test
    void theMoreSpecialVariableWins() {
        Map<String, String> both = Map.of("XDG_CACHE_HOME", "/x", "HF_HOME", "/hf");

        assertThat(HubSettings.of(both, home).cache()).isEqualTo(Path.of("/hf/hub"));
    }

    @Test
    void aBlankTokenIsNoToken() throws IOException {
        Path login = Files.createDirectories(home.resolve(".cache/huggingface")).resolve("token");
        Files.writeString(login, " \n");
        assertThat(HubSettings.of(Map.of("HF_TOKEN", " "), home).token()).isEmpty();

        Files.writeString(login, "hf_login\n");
        assertThat(HubSettings.of(Map.of("HF_TOKEN", ""), home).token()).contains("hf_login");
    }

    @Test
    void aTokenFileThatCannotBeReadIsNamed() throws IOException {
        Path folder = Files.createDirectories(home.resolve(".cache/huggingface/token"));

        assertThatThrownBy(() -> HubSettings.of(Map.of(), home))
                .isExactlyInstanceOf(TrainerException.class)
                .hasMessageStartingWith("The token file " + folder + " cannot be read (")
                .hasMessageEndingWith("); set HF_TOKEN instead.");
    }

    @Test
    void withoutNetworkTheRestStaysAsItIs() {
        HubSettings settings = HubSettings.of(
                Map.of("HF_ENDPOINT", "http://localhost:8080//", "HF_TOKEN", "t", "HF_HUB_CACHE", "/c"), home);

        assertThat(settings.withoutNetwork())
                .isEqualTo(new HubSettings(settings.endpoint(), settings.cache(), settings.token(), true));
        assertThat(settings).hasToString("HubSettings[http://localhost:8080, /c]");
        assertThat(settings.withoutNetwork()).hasToString("HubSettings[http://localhost:8080, /c, offline]");
    }
}
