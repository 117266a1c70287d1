package io.trainer4j.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.trainer4j.TrainerException;
import io.trainer4j.UsageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class StudyFileTest {
    private static final SearchSpace SPACE = SearchSpace.parse(List.of("rate=uniform:0,1", "word=choice:是,否"));

    private final FileSystem memory = Jimfs.newFileSystem(Configuration.unix());
    private final Path file = memory.getPath("/study.json");

    @AfterEach
    void close() throws IOException {
        memory.close();
    }

    @Test
    void everyStateIsReadAsItWasWritten() {
        Study study = open(10, false);
        int complete = next(study);
        study.report(complete, 1.5);
        study.report(complete, 1.25);
        study.complete(complete, 1.125);
        int pruned = next(study);
        study.report(pruned, 3);
        study.prune(pruned);
        study.fail(next(study), "The \"loss\" is\nNaN; 太大.");
        int running = next(study);
        study.report(running, 0.1);

        assertThat(open(10, false).trials()).isEqualTo(study.trials());
        assertThat(study.trials().get(2).failure()).isEqualTo("The \"loss\" is\nNaN; 太大.");
        assertThat(study.trials().get(1).value()).isEqualTo(3);
        assertThat(study.trials().get(3).value()).isNull();
    }

    @Test
    void theFileTellsSpaceSettingsAndTrials() throws IOException {
        Study study = open(10, true);
        study.complete(next(study), 0.5);
        JsonNode json = JsonMapper.shared().readTree(Files.readString(file));
        assertThat(json.path("space").toString()).isEqualTo("{\"rate\":\"uniform:0.0,1.0\",\"word\":\"choice:是,否\"}");
        assertThat(json.path("sampler").asString()).isEqualTo("RANDOM");
        assertThat(json.path("pruner").asString()).isEqualTo("NONE");
        assertThat(json.path("metric").asString()).isEqualTo("eval_loss");
        assertThat(json.path("greater_is_better").asBoolean()).isTrue();
        assertThat(json.path("trials").path(0).path("state").asString()).isEqualTo("COMPLETE");
        assertThat(json.path("trials").path(0).path("parameters").propertyNames())
                .containsExactly("rate", "word");
    }

    /** What a crash may leave of a file that is not replaced at once: each must be told, never half believed. */
    @Test
    void aFileThatEndsTooEarlyIsRefusedWhereverItEnds() throws IOException {
        Study study = open(10, false);
        study.complete(next(study), 0.5);
        next(study);
        byte[] whole = Files.readString(file).strip().getBytes(StandardCharsets.UTF_8);
        for (int length = 0; length < whole.length; length += 7) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> open(10, false))
                    .as("%s of %s bytes", length, whole.length)
                    .isInstanceOf(TrainerException.class)
                    .hasMessageContaining(file + " is not a whole study")
                    .hasMessageContaining("choose another folder");
        }
    }

    /** The file is written beside and renamed, so a crash in the middle leaves the last whole state. */
    @Test
    void aHalfWrittenFileBesideItDoesNotMatter() throws IOException {
        Study study = open(10, false);
        study.complete(next(study), 0.5);
        int running = next(study);
        Files.writeString(file.resolveSibling(".study.json.tmp"), "{\"space\": {\"ra");
        Study resumed = open(10, false);
        assertThat(resumed.trials()).hasSize(2);
        assertThat(next(resumed)).isEqualTo(running);
        resumed.complete(running, 0.25);
        assertThat(open(10, false).best().map(Trial::number)).contains(running);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "7",
                "{\"trials\": []}",
                "HEAD, \"trials\": null}",
                "HEAD, \"trials\": 7}",
                "HEAD, \"trials\": [null]}",
                "HEAD, \"trials\": [{}]}",
                "HEAD, \"trials\": [{\"number\": 0, \"state\": \"COMPLETE\", \"reports\": []}]}",
                "HEAD, \"trials\": [{\"number\": 0, \"parameters\": {}, \"state\": \"DONE\", \"reports\": []}]}",
                "HEAD, \"trials\": [{\"number\": 5, \"parameters\": {}, \"state\": \"RUNNING\", \"reports\": []}]}"
            })
    void whatIsNoStudyIsRefused(String content) throws IOException {
        Files.writeString(file, content.replace("HEAD", head()));
        assertThatThrownBy(() -> open(10, false))
                .isInstanceOf(TrainerException.class)
                .hasMessageStartingWith(file + " is not a whole study");
    }

    private String head() {
        return "{\"space\": {\"rate\": \"uniform:0.0,1.0\", \"word\": \"choice:是,否\"}, \"sampler\": \"RANDOM\","
                + " \"pruner\": \"NONE\", \"seed\": 7, \"metric\": \"eval_loss\", \"greater_is_better\": false";
    }

    @Test
    void aStudyMayGetMoreTrialsThanPlanned() {
        Study few = open(2, false);
        few.complete(next(few), 1);
        few.complete(next(few), 2);
        assertThat(few.next()).isEmpty();
        Study more = open(3, false);
        assertThat(next(more)).isEqualTo(2);
        assertThat(open(1, false).next()).as("the running one").isPresent();
    }

    @Test
    void eachSettingThatDiffersIsNamed() {
        next(open(3, false));
        assertRefused("greater_is_better (false, not true)", SPACE, settings(3, true));
        assertRefused(
                "metric (\"eval_loss\", not \"eval_f1\")",
                SPACE,
                new StudySettings(3, Sampler.RANDOM, Pruner.NONE, 7, "eval_f1", false));
        assertRefused(
                "sampler (\"RANDOM\", not \"TPE\")",
                SPACE,
                new StudySettings(3, Sampler.TPE, Pruner.NONE, 7, "eval_loss", false));
        assertRefused(
                "pruner (\"NONE\", not \"SUCCESSIVE_HALVING\")",
                SPACE,
                new StudySettings(3, Sampler.RANDOM, Pruner.SUCCESSIVE_HALVING, 7, "eval_loss", false));
        assertRefused(
                "seed (7, not 8)", SPACE, new StudySettings(3, Sampler.RANDOM, Pruner.NONE, 8, "eval_loss", false));
        assertRefused("another space", SearchSpace.parse(List.of("rate=uniform:0,2")), settings(3, false));
    }

    private void assertRefused(String difference, SearchSpace space, StudySettings settings) {
        assertThatThrownBy(() -> Study.open(file, space, settings))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(difference)
                .hasMessageContaining("go on with that, or choose another folder");
    }

    @Test
    void theBestIsTheSmallestOrTheLargest() {
        for (boolean greater : new boolean[] {false, true}) {
            Study study = Study.open(memory.getPath("/best" + greater + ".json"), SPACE, settings(4, greater));
            for (double figure : new double[] {2, 1, 4, 3}) {
                study.complete(next(study), figure);
            }
            assertThat(study.best().map(Trial::value)).contains(greater ? 4.0 : 1.0);
        }
    }

    @Test
    void aFigureThatIsNoNumberIsNeverTheBest() {
        for (boolean greater : new boolean[] {false, true}) {
            Path path = memory.getPath("/nan" + greater + ".json");
            Study study = Study.open(path, SPACE, settings(4, greater));
            study.complete(next(study), Double.NaN);
            assertThat(study.best()).isEmpty();
            study.complete(next(study), 1);
            assertThat(study.best().map(Trial::number)).contains(1);
            assertThat(Study.open(path, SPACE, settings(4, greater)).best().map(Trial::number))
                    .contains(1);
        }
    }

    @Test
    void aFailedTrialIsNotRunAgain() {
        Study study = open(2, false);
        study.fail(next(study), "memory");
        assertThat(next(study)).isEqualTo(1);
        study.fail(1, "memory");
        assertThat(study.next()).isEmpty();
        assertThat(study.best()).isEmpty();
    }

    @Test
    void spaceSettingsAndTrialsCanBeAsked() {
        Study study = open(2, false);
        assertThat(study.space()).isEqualTo(SPACE);
        assertThat(study.settings()).isEqualTo(settings(2, false));
        assertThat(study.trials()).isEmpty();
        assertThat(Files.exists(file))
                .as("nothing is written before the first trial")
                .isFalse();
    }

    @Test
    void aTrialsPartsAreItsOwn() {
        Map<String, String> parameters = new java.util.HashMap<>(Map.of("rate", "1"));
        List<Double> reports = new java.util.ArrayList<>(List.of(1.0));
        Trial trial = new Trial(0, parameters, Trial.State.RUNNING, reports, null, null);
        parameters.put("rate", "2");
        reports.add(2.0);
        assertThat(trial.parameters()).containsExactly(Map.entry("rate", "1"));
        assertThat(trial.reports()).containsExactly(1.0);
        assertThat(trial.reporting(3).reports()).containsExactly(1.0, 3.0);
        assertThat(trial.reports()).containsExactly(1.0);
    }

    private static int next(Study study) {
        return study.next().orElseThrow().number();
    }

    private Study open(int trials, boolean greaterIsBetter) {
        return Study.open(file, SPACE, settings(trials, greaterIsBetter));
    }

    private static StudySettings settings(int trials, boolean greaterIsBetter) {
        return new StudySettings(trials, Sampler.RANDOM, Pruner.NONE, 7, "eval_loss", greaterIsBetter);
    }
}
