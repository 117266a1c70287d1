package io.trainer4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
    @Test
    void withoutACommandTheCommandsAreListed() {
        Cli run = Cli.run();
        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("demo", "init", "finetune", "evaluate", "generate", "chat");
        assertThat(run.err()).isEmpty();
        assertThat(Cli.run("--help")).isEqualTo(run);
        assertThat(Cli.run("help")).isEqualTo(run);
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "init", "finetune", "evaluate", "generate", "chat"})
    void everyCommandHasHelp(String command) {
        Cli run = Cli.run(command, "--help");
        assertThat(run.status()).isZero();
        assertThat(run.out()).startsWith("Usage: trainer4j " + command).contains("--config");
        assertThat(run.err()).isEmpty();
        assertThat(Cli.run(command, "-h")).isEqualTo(run);
        assertThat(Cli.run("help", command)).isEqualTo(run);
    }

    @Test
    void helpShowsOptionsWithValuesDefaultsAndGroups() {
        String help = Cli.run("finetune", "--help").out();
        assertThat(help)
                .contains("--task=causal-lm|sequence-classification", "Default: causal-lm.")
                .contains("--train-file=PATH...", "--learning-rate=N", "Default: 5.0e-5.", "Required.")
                .contains("\nFinetune options\n", "\nData options\n", "\nTraining arguments\n");
        assertThat(help.lines()).allMatch(line -> line.length() <= 110);
    }

    @Test
    void helpAsAValueIsAValue() {
        Cli run = Cli.run("generate", "--model", "nowhere", "--prompt", "help");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).startsWith("There is no model folder nowhere, and the cache ");
    }

    @Test
    void anUnknownCommandIsRefusedWithTheNearest() {
        Cli run = Cli.run("finetun");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).isEqualTo("There is no command \"finetun\"; did you mean finetune?\n");
        assertThat(Cli.run("deploy").err()).contains("the commands are demo, init, finetune");
    }

    @Test
    void aFailureIsOneLineUnlessDebugAsksForTheTrace() {
        String[] words = {"generate", "--model", "nowhere", "--prompt", "x"};
        assertThat(Cli.run(words).err().lines()).hasSize(1);
        Cli debug = Cli.run("generate", "--debug", "--model", "nowhere", "--prompt", "x");
        assertThat(debug.status()).isEqualTo(1);
        assertThat(debug.err()).contains("There is no model folder nowhere, and the cache ", "\tat io.trainer4j.");
    }

    @Test
    void lackOfMemoryIsToldWithTheWayOut() {
        assertThat(Main.sentence(new OutOfMemoryError("Java heap space"))).contains("TRAINER4J_HEAP=4g");
        assertThat(Main.sentence(new RuntimeException("DefaultCPUAllocator: can't allocate memory: you tried\nat x")))
                .startsWith("Memory ran out (RuntimeException: DefaultCPUAllocator: can't allocate memory: you tried)")
                .contains("smaller batch");
        assertThat(Main.sentence(new IllegalStateException("odd"))).contains("--debug", "IllegalStateException: odd");
    }
}
