package io.trainer4j.text.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** The variable {@code loop}; reads one item ahead only when asked for what comes next. */
final class LoopState {
    private Iterator<Object> rest;
    private int index0 = -1;
    private Object previous;
    private Object item;
    private Optional<Ahead> ahead = Optional.empty();
    private List<Object> lastChanged;

    private record Ahead(Object item) {}

    LoopState(Iterator<Object> items) {
        this.rest = items;
    }

    boolean advance() {
        if (!hasNext()) {
            return false;
        }
        previous = item;
        item = ahead.isPresent() ? ahead.get().item() : rest.next();
        ahead = Optional.empty();
        index0++;
        return true;
    }

    Object item() {
        return item;
    }

    private boolean hasNext() {
        return ahead.isPresent() || rest.hasNext();
    }

    private Object next() {
        if (!hasNext()) {
            return new Undefined("there is no next item");
        }
        if (ahead.isEmpty()) {
            ahead = Optional.of(new Ahead(rest.next()));
        }
        return ahead.get().item();
    }

    private long length() {
        List<Object> remaining = new ArrayList<>();
        rest.forEachRemaining(remaining::add);
        rest = remaining.iterator();
        return index0 + 1L + remaining.size() + (ahead.isPresent() ? 1 : 0);
    }

    Object attribute(String name) {
        return switch (name) {
            case "index" -> index0 + 1L;
            case "index0" -> (long) index0;
            case "first" -> index0 == 0;
            case "last" -> !hasNext();
            case "length" -> length();
            case "revindex" -> length() - index0;
            case "revindex0" -> length() - index0 - 1;
            case "previtem" -> index0 == 0 ? new Undefined("there is no previous item") : previous;
            case "nextitem" -> next();
            case "depth" -> 1L;
            case "depth0" -> 0L;
            case "cycle" -> (Callable) (arguments, rendering) -> cycle(arguments.positional());
            case "changed" -> (Callable) (arguments, rendering) -> changed(arguments.positional());
            default -> Undefined.member(this, name);
        };
    }

    private Object cycle(List<Object> values) {
        if (values.isEmpty()) {
            throw new Fault("loop.cycle is called without a value");
        }
        return values.get(index0 % values.size());
    }

    private boolean changed(List<Object> values) {
        boolean changed = lastChanged == null || !Operators.equal(lastChanged, values);
        lastChanged = values;
        return changed;
    }

    @Override
    public String toString() {
        return "<LoopContext " + (index0 + 1) + "/" + length() + ">";
    }
}
