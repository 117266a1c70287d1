package io.trainer4j.train;

import io.trainer4j.UsageException;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The settings that one option hands on by name, such as those of a schedule; each is read once, with its default. */
final class NamedSettings {
    private final String option;
    private final Map<String, String> given = new LinkedHashMap<>();
    private final Set<String> known = new HashSet<>();

    private NamedSettings(String option) {
        this.option = option;
    }

    /** Settings of {@code lr_scheduler_kwargs}. */
    static NamedSettings of(String option, Map<String, Object> values) {
        NamedSettings settings = new NamedSettings(option);
        if (values != null) {
            values.forEach((name, value) -> settings.given.put(name, value == null ? null : value.toString()));
        }
        settings.given.values().removeIf(java.util.Objects::isNull);
        return settings;
    }

    /** Settings written {@code name=value,name=value}, or null for none. */
    static NamedSettings parse(String option, String text) {
        NamedSettings settings = new NamedSettings(option);
        if (text != null && !text.isBlank()) {
            for (String pair : text.replace(" ", "").split(",", -1)) {
                int equals = pair.indexOf('=');
                if (equals < 1) {
                    throw new UsageException(
                            "Option %s holds '%s' but must be name=value,name=value.".formatted(option, pair));
                }
                settings.given.put(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
        return settings;
    }

    boolean has(String name) {
        known.add(name);
        return given.containsKey(name);
    }

    double number(String name, double otherwise) {
        if (!has(name)) {
            return otherwise;
        }
        try {
            return Double.parseDouble(given.get(name));
        } catch (NumberFormatException e) {
            throw refusal(name, "a number");
        }
    }

    int integer(String name, int otherwise) {
        double number = number(name, otherwise);
        int whole = (int) number;
        if (number != whole) {
            throw refusal(name, "a whole number");
        }
        return whole;
    }

    boolean truth(String name, boolean otherwise) {
        return switch (word(name, otherwise ? "true" : "false", Set.of("true", "false", "1", "0", "yes", "no"))) {
            case "true", "1", "yes" -> true;
            default -> false;
        };
    }

    String word(String name, String otherwise, Collection<String> allowed) {
        String word = has(name) ? given.get(name).toLowerCase(Locale.ROOT) : otherwise;
        if (!allowed.contains(word)) {
            throw refusal(
                    name,
                    "one of " + String.join(", ", allowed.stream().sorted().toList()));
        }
        return word;
    }

    /** A setting that has no default. */
    void require(String name, String why) {
        if (!has(name)) {
            throw new UsageException("Option %s lacks %s; %s.".formatted(option, name, why));
        }
    }

    /** Refuses names that nobody asked for. */
    void requireAllKnown(String of) {
        for (String name : given.keySet()) {
            if (!known.contains(name)) {
                throw new UsageException("Option %s has no setting %s for %s; %s."
                        .formatted(
                                option,
                                name,
                                of,
                                known.isEmpty()
                                        ? "leave it out"
                                        : "there are "
                                                + String.join(
                                                        ", ",
                                                        known.stream().sorted().toList())));
            }
        }
    }

    private UsageException refusal(String name, String expected) {
        return new UsageException(
                "Setting %s of option %s is '%s' but must be %s.".formatted(name, option, given.get(name), expected));
    }
}
