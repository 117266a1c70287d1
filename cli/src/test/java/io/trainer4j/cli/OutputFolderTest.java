package io.trainer4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import io.trainer4j.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFolderTest {
    @TempDir
    Path folder;

    @Test
    void absentOrEmptyIsFresh() {
        new OutputFolder(folder).requireFresh("choose");
        new OutputFolder(folder.resolve("new")).requireFresh("choose");
        assertThat(folder.resolve("new")).doesNotExist();
    }

    @Test
    void anythingInItOrAFileInItsPlaceIsRefused() {
        Path file = Cli.lines(folder.resolve("note.txt"), "mine");
        assertThatThrownBy(() -> new OutputFolder(folder).requireFresh("choose another one"))
                .isInstanceOf(UsageException.class)
                .hasMessage("The output folder " + folder + " is not empty; choose another one.");
        assertThatThrownBy(() -> new OutputFolder(file).requireFresh("choose another one"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(file + " is a file");
    }

    @Test
    void aPlaceThatCannotBeAFolderIsKnownAtOnce() {
        Path file = Cli.lines(folder.resolve("file"), "x");
        assertThatThrownBy(() -> new OutputFolder(file.resolve("out")).create())
                .isInstanceOf(TrainerException.class)
                .hasMessageStartingWith("Could not write " + file.resolve("out"));
    }

    @Test
    void whatAFailedWriteAddedIsRemovedAndNothingElse() throws IOException {
        Path kept = Cli.lines(folder.resolve("kept"), "mine");
        TrainerException failure = new TrainerException("disk full");
        assertThatThrownBy(() -> new OutputFolder(folder).add(() -> {
                    Cli.lines(folder.resolve("half"), "x");
                    throw failure;
                }))
                .isSameAs(failure);
        assertThat(folder).isDirectoryContaining(kept::equals).isDirectoryNotContaining(p -> !p.equals(kept));
        assertThat(Files.readString(kept)).isEqualTo("mine\n");
    }

    @Test
    void aFolderMadeByAFailedWriteIsRemoved() {
        Path made = folder.resolve("made");
        assertThatThrownBy(() -> new OutputFolder(made).add(() -> {
                    new OutputFolder(made).create();
                    Cli.lines(made.resolve("half"), "x");
                    throw new TrainerException("disk full");
                }))
                .hasMessage("disk full");
        assertThat(made).doesNotExist();
    }

    @Test
    void whatASuccessfulWriteAddedStays() {
        new OutputFolder(folder).add(() -> Cli.lines(folder.resolve("whole"), "x"));
        assertThat(folder.resolve("whole")).exists();
    }
}
