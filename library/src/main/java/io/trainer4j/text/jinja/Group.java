package io.trainer4j.text.jinja;

import java.util.List;

/** What the filter groupby makes: a tuple whose parts have names. */
final class Group extends Tuple {
    Group(Object grouper, List<Object> list) {
        super(grouper, list);
    }

    /** {@code grouper} or {@code list}; null for another name. */
    Object part(String name) {
        return switch (name) {
            case "grouper" -> get(0);
            case "list" -> get(1);
            default -> null;
        };
    }
}
