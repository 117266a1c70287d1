package io.trainer4j.text.jinja;

import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;

/** The functions every template can call. */
final class Globals {
    /** As Python's sandbox. */
    private static final int LONGEST_RANGE = 100_000;

    static final Map<String, Callable> ALL = Map.of(
            "range", (arguments, rendering) -> range(arguments.positional()),
            "dict", (arguments, rendering) -> Values.map(arguments, "dict"),
            "namespace", (arguments, rendering) -> Namespace.of(arguments),
            "raise_exception",
                    (arguments, rendering) -> {
                        throw new Fault("the template refuses the conversation: "
                                + Text.of(arguments
                                        .bind("raise_exception", "message")
                                        .get("message")));
                    },
            "strftime_now",
                    (arguments, rendering) -> TimeFormat.format(
                            LocalDateTime.now(rendering.clock()),
                            arguments.bind("strftime_now", "format").text("format")));

    private Globals() {}

    private static List<Object> range(List<Object> bounds) {
        if (bounds.isEmpty() || bounds.size() > 3) {
            throw new Fault("range takes one to three integers");
        }
        long start = bounds.size() == 1 ? 0 : Values.integer(bounds.get(0), "a bound of range");
        long stop = Values.integer(bounds.get(bounds.size() == 1 ? 0 : 1), "a bound of range");
        long step = bounds.size() == 3 ? Values.integer(bounds.get(2), "the step of range") : 1;
        if (step == 0) {
            throw new Fault("the step of range cannot be zero");
        }
        if (Range.length(start, stop, step) > LONGEST_RANGE) {
            throw new Fault("a range of more than " + LONGEST_RANGE + " numbers is not allowed");
        }
        return new Range(start, stop, step);
    }
}
