package io.trainer4j.option;

import io.trainer4j.UsageException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A name that files and command lines written for Python or for an older version may hold, though no field declares it.
 * A value that is null, false, empty or the usual one asks for nothing and is passed over, so that a file in which Python
 * wrote down every default is read unchanged.
 */
public sealed interface ForeignOption {
    /** The name as in files. */
    String name();

    /** The value such files hold where nobody asked for anything, beside null, false and empty ones. */
    String usual();

    /**
     * What a value of this option comes to.
     *
     * @param writtenAs the option as the user wrote it, and where
     * @param text the value; a structure as compact JSON; null where unset
     * @param note told of what changes nothing, or is called differently now
     * @return the declared option to set instead, or empty where there is nothing to set
     * @throws UsageException if the value asks for what this version does not have
     */
    Optional<Successor> accept(String writtenAs, String text, Consumer<String> note);

    /** As {@link #accept(String, String, Consumer)}; the log is told. */
    default Optional<Successor> accept(String writtenAs, String text) {
        return accept(writtenAs, text, Notes.LOG::warn);
    }

    /** A declared option and the text to give it. */
    record Successor(String name, String text) {}

    /** Whether the value asks for nothing. */
    default boolean asksForNothing(String text) {
        return text == null
                || text.equals(usual())
                || Set.of("", "none", "null", "[]", "{}").contains(text)
                || text.equalsIgnoreCase("false")
                || text.equals("None");
    }

    /**
     * An earlier name of a declared option.
     *
     * @param successor the declared option's name
     * @param values texts of the earlier option and what they are called now; others stay as they are
     */
    record Renamed(String name, String usual, String successor, Map<String, String> values) implements ForeignOption {
        @Override
        public Optional<Successor> accept(String writtenAs, String text, Consumer<String> note) {
            if (asksForNothing(text)) {
                return Optional.empty();
            }
            String value = values.getOrDefault(text, text);
            note.accept("Option %s is now called %s; the run takes it as %s: %s."
                    .formatted(writtenAs, successor, successor, value));
            return Optional.of(new Successor(successor, value));
        }
    }

    /**
     * An option that changes nothing here, which the log says once it is used.
     *
     * @param reason continues "has no effect here: "
     */
    record Ineffective(String name, String usual, String reason) implements ForeignOption {
        @Override
        public Optional<Successor> accept(String writtenAs, String text, Consumer<String> note) {
            if (!asksForNothing(text)) {
                note.accept("Option %s has no effect here: %s.".formatted(writtenAs, reason));
            }
            return Optional.empty();
        }
    }

    /**
     * An option that cannot be had here, refused once it is used.
     *
     * @param reason continues "is not available here: "
     */
    record Unavailable(String name, String usual, String reason) implements ForeignOption {
        @Override
        public Optional<Successor> accept(String writtenAs, String text, Consumer<String> note) {
            return refuse(writtenAs, asksForNothing(text));
        }

        private Optional<Successor> refuse(String writtenAs, boolean asksForNothing) {
            if (asksForNothing) {
                return Optional.empty();
            }
            throw new UsageException("Option %s is not available here: %s; leave it out.".formatted(writtenAs, reason));
        }
    }

    /**
     * An option that can only be what it usually is, so that false asks for something too.
     *
     * @param reason continues "is not available here: "
     */
    record OneValue(String name, String usual, String reason) implements ForeignOption {
        @Override
        public boolean asksForNothing(String text) {
            return text == null
                    || text.equalsIgnoreCase(usual)
                    || Set.of("", "none", "null", "None").contains(text);
        }

        @Override
        public Optional<Successor> accept(String writtenAs, String text, Consumer<String> note) {
            return new Unavailable(name, usual, reason).refuse(writtenAs, asksForNothing(text));
        }
    }

    /** Keeps the logger out of the interface's public names. */
    final class Notes {
        private static final Logger LOG = LoggerFactory.getLogger(ForeignOption.class);

        private Notes() {}
    }
}
