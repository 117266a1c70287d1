package io.trainer4j.option;

import io.trainer4j.UsageException;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** One declared option: its names, type, default, help and range. There is one instance for each annotated field. */
public final class OptionSpec {
    private final Field field;
    private final Option declaration;
    private final Range range;
    private final boolean list;
    private final ValueType valueType;
    private final Object defaultValue;

    /**
     * @param field a field annotated with {@link Option}
     * @param defaults an instance whose fields have their initial values
     */
    OptionSpec(Field field, Options<?> defaults) {
        field.setAccessible(true);
        this.field = field;
        this.declaration = field.getAnnotation(Option.class);
        this.range = Range.of(declaration);
        this.list = field.getType() == List.class;
        this.valueType = ValueType.of(list ? elementType(field) : field.getType());
        this.defaultValue = get(defaults);
    }

    private static Class<?> elementType(Field field) {
        return (Class<?>) ((ParameterizedType) field.getGenericType()).getActualTypeArguments()[0];
    }

    /** The name in Java: {@code learningRate}. */
    public String name() {
        return field.getName();
    }

    /** The name in files, the one Hugging Face uses: {@code learning_rate}. */
    public String snakeName() {
        return snakeName(field.getName());
    }

    /** The names on the command line: {@code --learning-rate}, {@code --learning_rate}; a single one for one word. */
    public List<String> flags() {
        return Stream.of(flag(), "--" + snakeName()).distinct().toList();
    }

    /** The first of {@link #flags()}: {@code --learning-rate}. */
    public String flag() {
        return "--" + snakeName().replace('_', '-');
    }

    /** The type of the field: {@code double.class}, {@code Integer.class}, {@code List.class}. */
    public Class<?> type() {
        return field.getType();
    }

    /** The help as declared, without default and range. */
    public String help() {
        return declaration.help();
    }

    /** Why a value other than the default changes nothing; empty if it has an effect. */
    public String noEffect() {
        return declaration.noEffect();
    }

    /** Whether the option must be given: it has no default. */
    public boolean required() {
        return declaration.required();
    }

    /** The initial value of the field; null if the option is unset by default. */
    Object defaultValue() {
        return defaultValue;
    }

    /** The default as it would be written; empty if the option is unset by default. */
    public Optional<String> defaultText() {
        return Optional.ofNullable(defaultValue).map(ValueType::text);
    }

    /** The texts allowed, for enums and booleans; empty for all others. */
    public List<String> allowedValues() {
        return valueType.words();
    }

    /** What a value must be: "a number of at least 0", "one of no, steps, epoch". */
    public String expected() {
        return valueType.noun() + range;
    }

    /**
     * Reads a value from text.
     *
     * @param writtenAs the option as the user wrote it, and where: {@code --learning-rate}
     * @param texts one text; for a list option one for each element
     * @return a value of {@link #type()}
     * @throws UsageException for a text that is no such value or out of range, or for more than one text
     */
    public Object parse(String writtenAs, List<String> texts) {
        if (list) {
            boolean none = texts.equals(List.of("")); // Python's way to write no elements
            return none
                    ? List.of()
                    : texts.stream().map(text -> parseOne(writtenAs, text)).toList();
        }
        if (texts.size() != 1) {
            throw new UsageException(
                    "Option %s has %d values %s but must be %s.".formatted(writtenAs, texts.size(), texts, expected()));
        }
        return parseOne(writtenAs, texts.get(0));
    }

    /** As {@link #parse(String, List)}, for one text. */
    public Object parse(String writtenAs, String text) {
        return parse(writtenAs, List.of(text));
    }

    private Object parseOne(String writtenAs, String text) {
        Object value;
        try {
            value = valueType.parser().apply(text);
        } catch (IllegalArgumentException e) {
            throw refusal(writtenAs, "'" + text + "'", NearestName.hint(text, allowedValues()));
        }
        check(writtenAs, value);
        return value;
    }

    /** Refuses a value out of range, and no value where there is a default. */
    void check(String writtenAs, Object value) {
        boolean unset = value == null && defaultValue != null;
        boolean outOfRange = value instanceof Number number && !range.contains(number.doubleValue());
        if (unset || outOfRange) {
            throw refusal(writtenAs, ValueType.text(value), ".");
        }
    }

    private UsageException refusal(String writtenAs, String value, String hint) {
        return new UsageException("Option %s is %s but must be %s%s".formatted(writtenAs, value, expected(), hint));
    }

    boolean isDefault(Options<?> holder) {
        return Objects.equals(get(holder), defaultValue);
    }

    boolean isDeclaredBy(Object holder) {
        return field.getDeclaringClass().isInstance(holder);
    }

    Object get(Options<?> holder) {
        try {
            return field.get(holder);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    void set(Options<?> holder, Object value) {
        try {
            field.set(holder, value);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * The one spelling all of {@code --learning-rate}, {@code learning_rate}, {@code learningRate} have in common; {@code
     * loadIn8bit} is {@code load_in_8bit}.
     */
    static String snakeName(String anySpelling) {
        return anySpelling
                .replaceFirst("^--", "")
                .replace('-', '_')
                .replaceAll("(?<=[a-z0-9])(?=[A-Z])|(?<=[a-z])(?=[0-9]+bit)", "_")
                .toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return snakeName();
    }
}
