package io.trainer4j.option;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Further words that files may use for an enum constant; help and messages show the constant's own name. */
@Target(ElementType.FIELD)
@Retention(RetentionPolicy.RUNTIME)
public @interface AlsoCalled {
    /** The words, in lower case. */
    String[] value();
}
