package io.trainer4j.option;

import io.trainer4j.UsageException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Immutable values of the options a class declares: a change gives a copy. A subclass declares each option once, as a
 * field whose initial value is the default, next to an accessor and a method that changes it:
 *
 * <pre>{@code
 * @Option(help = "Peak learning rate.", min = 0)
 * private double learningRate = 5e-5;
 *
 * public double learningRate() { return learningRate; }
 *
 * public MyOptions learningRate(double value) { return with(copy -> copy.learningRate = value); }
 * }</pre>
 *
 * @param <T> the subclass itself; it is final and has a constructor without parameters
 */
public abstract class Options<T extends Options<T>> implements Cloneable {
    /**
     * A copy with one change.
     *
     * @param change sets fields of the copy it is given
     * @throws UsageException if a value is out of its range
     */
    protected final T with(Consumer<T> change) {
        T copy = copy();
        change.accept(copy);
        for (OptionSpec option : declared()) {
            option.check(option.name(), option.get(copy));
        }
        return copy;
    }

    /**
     * A copy with values that were read from text; options of other classes are passed over.
     *
     * @param values values from {@link OptionSpec#parse} or {@link ConfigFile#read}
     */
    public final T with(Map<OptionSpec, Object> values) {
        return with((T copy) -> values.forEach((option, value) -> {
            if (option.isDeclaredBy(copy)) {
                option.set(copy, value);
            }
        }));
    }

    /**
     * Checks that all required options are set.
     *
     * @throws UsageException names the first that is missing
     */
    public final void requireComplete() {
        for (OptionSpec option : declared()) {
            if (option.required() && option.get(this) == null) {
                throw new UsageException(
                        "Option %s is missing; give it %s.".formatted(option.flag(), option.expected()));
            }
        }
    }

    /**
     * All values by name as in files ({@code learning_rate}), in the order declared: numbers, booleans, strings, lists of
     * strings, and {@code null} for an unset option. Paths and enums are strings.
     */
    public final Map<String, Object> toMap() {
        Map<String, Object> values = new LinkedHashMap<>();
        declared().forEach(option -> values.put(option.snakeName(), plain(option.get(this))));
        return values;
    }

    /** Names this class understands beside those it declares. */
    protected List<ForeignOption> foreignOptions() {
        return List.of();
    }

    /** One sentence for each option that is set but changes nothing here. */
    public final List<String> notes() {
        return declared().stream()
                .filter(option -> !option.noEffect().isEmpty() && !option.isDefault(this))
                .map(option -> "Option %s has no effect here: %s.".formatted(option.snakeName(), option.noEffect()))
                .toList();
    }

    private static Object plain(Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(Options::plain).toList();
        }
        return value instanceof Path || value instanceof Enum<?> ? ValueType.text(value) : value;
    }

    private List<OptionSpec> declared() {
        return OptionSet.declaredBy(getClass());
    }

    @SuppressWarnings("unchecked") // a clone has the class of its original, which is T
    private T copy() {
        try {
            return (T) clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Same options, same values. */
    @Override
    public final boolean equals(Object other) {
        return other instanceof Options<?> options
                && declared().equals(options.declared())
                && toMap().equals(options.toMap());
    }

    @Override
    public final int hashCode() {
        return toMap().hashCode();
    }

    @Override
    public final String toString() {
        return getClass().getSimpleName() + toMap();
    }
}
