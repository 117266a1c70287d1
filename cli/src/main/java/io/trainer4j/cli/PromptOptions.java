package io.trainer4j.cli;

import io.trainer4j.option.Option;
import io.trainer4j.option.Options;

/** What is asked. */
final class PromptOptions extends Options<PromptOptions> {
    @Option(help = "The question; unset: it is read from standard input.")
    private String prompt;

    String prompt() {
        return prompt;
    }
}
