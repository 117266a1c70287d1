package io.trainer4j.cli;

import io.trainer4j.option.OptionSet;

/** One subcommand: what it is called, what it takes, what it does. */
interface Command {
    /** The word on the command line. */
    String name();

    /** One sentence for the list of commands. */
    String summary();

    /** How it is used, for its own help; may have several lines. */
    String details();

    /** Groups of options, in the order of the help. */
    Class<?>[] optionClasses();

    /**
     * Runs to the end.
     *
     * @throws io.trainer4j.TrainerException one sentence for the user
     */
    void run(Arguments arguments, Terminal terminal);

    /** All options of the command. */
    default OptionSet options() {
        return OptionSet.of(optionClasses());
    }
}
