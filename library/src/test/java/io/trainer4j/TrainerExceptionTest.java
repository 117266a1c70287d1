package io.trainer4j;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TrainerExceptionTest {
    @Test
    void aFailureEndsTheProcessWithOneAndAWrongRequestWithTwo() {
        TrainerException wrongRequest = new UsageException("no such option");

        assertThat(new TrainerException("disk full").exitStatus()).isEqualTo(1);
        assertThat(wrongRequest.exitStatus()).isEqualTo(2);
    }

    @Test
    void theCauseIsKeptForTheLogAndLeftOutOfTheSentence() {
        IllegalStateException cause = new IllegalStateException("inner");

        assertThat(new TrainerException("disk full", cause))
                .hasMessage("disk full")
                .hasCause(cause);
    }
}
