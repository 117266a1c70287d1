package io.trainer4j.option;

import io.trainer4j.UsageException;
import java.lang.reflect.Constructor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The options of one or more classes, found by name in any spelling. */
public final class OptionSet {
    private static final ClassValue<List<OptionSpec>> DECLARED = new ClassValue<>() {
        @Override
        protected List<OptionSpec> computeValue(Class<?> holder) {
            Options<?> defaults = newInstance(holder);
            return superclassesFirst(holder)
                    .flatMap(type -> Arrays.stream(type.getDeclaredFields()))
                    .filter(field -> field.isAnnotationPresent(Option.class))
                    .map(field -> new OptionSpec(field, defaults))
                    .toList();
        }
    };

    private final Map<String, OptionSpec> bySnakeName = new LinkedHashMap<>();
    private final Map<String, ForeignOption> foreign = new LinkedHashMap<>();

    private OptionSet() {}

    /**
     * Collects the options of classes, in the order they are declared.
     *
     * @param holders classes that extend {@link Options} and have a constructor without parameters
     * @throws IllegalArgumentException if two classes declare an option of the same name
     */
    public static OptionSet of(Class<?>... holders) {
        OptionSet set = new OptionSet();
        for (Class<?> holder : holders) {
            for (OptionSpec option : declaredBy(holder)) {
                if (set.bySnakeName.put(option.snakeName(), option) != null) {
                    throw new IllegalArgumentException("Two classes declare the option " + option.snakeName() + ".");
                }
            }
            newInstance(holder).foreignOptions().forEach(option -> set.foreign.put(option.name(), option));
        }
        set.foreign.keySet().removeAll(set.bySnakeName.keySet());
        return set;
    }

    /** All options, in the order declared. */
    public List<OptionSpec> options() {
        return List.copyOf(bySnakeName.values());
    }

    /** Names of other versions and of Python that are understood though no field declares them. */
    public List<ForeignOption> foreignOptions() {
        return List.copyOf(foreign.values());
    }

    /** The foreign option of that name, in any spelling. */
    public Optional<ForeignOption> foreign(String name) {
        return Optional.ofNullable(foreign.get(OptionSpec.snakeName(name)));
    }

    /**
     * Finds an option.
     *
     * @param name {@code learning_rate}, {@code learningRate}, {@code --learning-rate} or {@code --learning_rate}
     * @throws UsageException if there is no such option; the message names the nearest
     */
    public OptionSpec get(String name) {
        return get(name, name);
    }

    /** As {@link #get(String)}, with the words the message uses for the option and where it is written. */
    OptionSpec get(String name, String writtenAs) {
        OptionSpec option = bySnakeName.get(OptionSpec.snakeName(name));
        if (option == null) {
            throw new UsageException("There is no option " + writtenAs + hint(name));
        }
        return option;
    }

    private String hint(String name) {
        return NearestName.nearest(OptionSpec.snakeName(name), bySnakeName.keySet())
                .map(nearest -> name.startsWith("--") ? bySnakeName.get(nearest).flag() : nearest)
                .map(nearest -> "; did you mean " + nearest + "?")
                .orElse("; the help lists all options.");
    }

    static List<OptionSpec> declaredBy(Class<?> holder) {
        return DECLARED.get(holder);
    }

    private static Stream<Class<?>> superclassesFirst(Class<?> holder) {
        return holder == null
                ? Stream.empty()
                : Stream.concat(superclassesFirst(holder.getSuperclass()), Stream.of(holder));
    }

    private static Options<?> newInstance(Class<?> holder) {
        try {
            Constructor<?> constructor = holder.getDeclaredConstructor();
            constructor.setAccessible(true);
            return (Options<?>) constructor.newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(holder.getName() + " needs a constructor without parameters.", e);
        }
    }
}
