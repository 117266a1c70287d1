package io.trainer4j.option;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares a field of {@link Options} as an option. The field gives the name, the type and, by its initial value, the
 * default ({@code null}: unset); an enum type gives the allowed values.
 *
 * <p>Field types: {@code int}, {@code long}, {@code double}, {@code boolean}, their boxes, {@code String}, {@code Path},
 * enums, {@code List<String>}, {@code List<Path>} and {@code Map<String, Object>} (a flat JSON
 * object of numbers, booleans and texts).
 */
@Target(ElementType.FIELD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Option {
    /** What the option does, as one or two sentences of the help text. */
    String help();

    /** The smallest number allowed. */
    double min() default Double.NEGATIVE_INFINITY;

    /** The largest number allowed. */
    double max() default Double.POSITIVE_INFINITY;

    /** A bound every number must exceed. */
    double above() default Double.NEGATIVE_INFINITY;

    /** A bound every number must stay under. */
    double below() default Double.POSITIVE_INFINITY;

    /** Why a value other than the default changes nothing, continuing "has no effect here: "; empty if it has one. */
    String noEffect() default "";

    /** Whether {@link Options#requireComplete()} refuses an unset value. */
    boolean required() default false;
}
