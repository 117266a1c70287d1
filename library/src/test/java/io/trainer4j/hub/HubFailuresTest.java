package io.trainer4j.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import io.trainer4j.hub.Retry.BusyException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole sentences, as users read them. */
class HubFailuresTest {
    private static final HubReference MODEL = new HubReference("org/tiny", "main");
    private static final HubReference TAGGED = new HubReference("org/tiny", "v9");

    @TempDir
    private Path cache;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            404 |                  | There is no model folder org/tiny@v9 and no model of that name at https://hub.example. Give a folder, or a name that https://hub.example/models lists.
            404 | RevisionNotFound | The model org/tiny has no revision "v9"; leave out @v9, or name a branch, tag or commit that https://hub.example/org/tiny/tree/main shows.
            401 |                  | There is no model folder org/tiny@v9 and no model of that name at https://hub.example, or it is private or gated (401). Check the name, or ask for access at https://hub.example/org/tiny and set HF_TOKEN to a token that may read it.
            401 | GatedRepo        | The model org/tiny is gated (401); ask for access at https://hub.example/org/tiny and set HF_TOKEN to a token of that account.
            403 |                  | The model org/tiny is gated (403); ask for access at https://hub.example/org/tiny and set HF_TOKEN to a token of that account.
            410 |                  | https://hub.example answered 410 for the model org/tiny@v9; try again later, or check HF_ENDPOINT.
            """)
    void refusalsAreOneSentenceOrTwo(int status, String code, String sentence) {
        StubResponse response = new StubResponse(status, code == null ? Map.of() : Map.of("X-Error-Code", code));

        assertThatThrownBy(() -> failures(Optional.empty()).requireFound(response, TAGGED))
                .isExactlyInstanceOf(TrainerException.class)
                .hasMessage(sentence);
    }

    @Test
    void aTokenThatIsThereIsNotAskedForAgain() {
        for (int status : new int[] {401, 403}) {
            assertThatThrownBy(() ->
                            failures(Optional.of("hf_secret")).requireFound(new StubResponse(status, Map.of()), MODEL))
                    .hasMessageEndingWith(" (the present one may not).")
                    .hasMessageNotContaining("hf_secret");
        }
    }

    @Test
    void successIsNoFailureAndABusyServerIsNoRefusal() {
        assertThatCode(() -> failures(Optional.empty()).requireFound(new StubResponse(200, Map.of()), MODEL))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> failures(Optional.empty())
                        .requireFound(new StubResponse(503, Map.of("X-Error-Code", "RevisionNotFound")), MODEL))
                .isInstanceOf(BusyException.class);
    }

    @Test
    void theCacheKnowsNamesThatMayBeMeant() throws IOException {
        Files.createDirectories(cache.resolve("models--org--tinyy"));
        assertThat(failures(Optional.empty()).noModel(MODEL))
                .hasMessageContaining("at https://hub.example; did you mean org/tinyy? Give a folder");

        Files.createDirectories(cache.resolve("models--org--tiny"));
        assertThat(failures(Optional.empty()).noModel(MODEL)).hasMessageNotContaining("did you mean");
    }

    @Test
    void aConnectionThatFailsIsNamedWithItsReason() {
        HubFailures failures = failures(Optional.empty());

        assertThat(failures.unreachable(MODEL, new IOException("Connection refused")))
                .hasMessage("There is no model folder org/tiny, and the model of that name cannot be downloaded from"
                        + " https://hub.example (Connection refused); check the connection and start again, which goes"
                        + " on where it stopped, or set HF_ENDPOINT to a mirror.");
        assertThat(failures.unreachable(MODEL, new ConnectException()))
                .hasMessageContaining(" (ConnectException); check the connection");
    }

    @Test
    void aServerThatIsNoHubIsNamed() {
        assertThat(failures(Optional.empty()).notTheHub(TAGGED))
                .hasMessage("https://hub.example does not answer as the Hugging Face Hub does when asked for"
                        + " org/tiny@v9; check HF_ENDPOINT and the proxy.");
    }

    private HubFailures failures(Optional<String> token) {
        return new HubFailures(new HubSettings(URI.create("https://hub.example"), cache, token, false));
    }
}
