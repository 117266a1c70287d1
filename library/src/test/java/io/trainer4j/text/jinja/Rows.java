package io.trainer4j.text.jinja;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.support.AnnotationConsumer;
import org.junit.jupiter.params.support.ParameterDeclarations;

/**
 * A table of texts with two columns and {@code =>} between them; ⏎ stands for a line break. What templates make was
 * computed with Python's Jinja 3.1 in the environment of transformers 5.17.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ArgumentsSource(Rows.Provider.class)
@interface Rows {
    String value();

    final class Provider implements ArgumentsProvider, AnnotationConsumer<Rows> {
        private Stream<String> lines = Stream.empty();

        @Override
        public void accept(Rows rows) {
            lines = rows.value().lines();
        }

        @Override
        public Stream<? extends Arguments> provideArguments(
                ParameterDeclarations parameters, ExtensionContext context) {
            return lines.map(line -> {
                int arrow = line.indexOf(" =>");
                String right = line.substring(arrow + " =>".length());
                return Arguments.of(cell(line.substring(0, arrow)), cell(right.isEmpty() ? right : right.substring(1)));
            });
        }

        private static String cell(String text) {
            return text.replace('⏎', '\n');
        }
    }
}
