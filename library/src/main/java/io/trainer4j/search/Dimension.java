package io.trainer4j.search;

import io.trainer4j.UsageException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * The values one option may take. Values are texts, as a command line has them; samplers see positions in the unit
 * interval, where all values of a dimension are equally likely.
 */
public sealed interface Dimension {
    /** The value at a position from 0 to 1. */
    String at(double position);

    /** Where a value of this dimension stands; of several positions the middle. */
    double position(String value);

    /** The text {@link #parse} reads. */
    String text();

    /** Any number between two. */
    record Uniform(double low, double high) implements Dimension {
        @Override
        public String at(double position) {
            return Double.toString(Math.min(high, low + position * (high - low)));
        }

        @Override
        public double position(String value) {
            return (Double.parseDouble(value) - low) / (high - low);
        }

        @Override
        public String text() {
            return "uniform:" + low + "," + high;
        }
    }

    /** Any number between two positive ones, each order of magnitude equally likely. */
    record LogUniform(double low, double high) implements Dimension {
        @Override
        public String at(double position) {
            return Double.toString(Math.min(high, Math.max(low, low * Math.pow(high / low, position))));
        }

        @Override
        public double position(String value) {
            return Math.log(Double.parseDouble(value) / low) / Math.log(high / low);
        }

        @Override
        public String text() {
            return "loguniform:" + low + "," + high;
        }
    }

    /** A whole number between two, both included. */
    record WholeNumber(long low, long high) implements Dimension {
        @Override
        public String at(double position) {
            return Long.toString(Math.min(high, low + (long) (position * (high - low + 1))));
        }

        @Override
        public double position(String value) {
            return (Long.parseLong(value) - low + 0.5) / (high - low + 1);
        }

        @Override
        public String text() {
            return "int:" + low + "," + high;
        }
    }

    /** One of several values without an order. */
    record Choice(List<String> values) implements Dimension {
        /** Copies the values. */
        public Choice {
            values = List.copyOf(values);
        }

        @Override
        public String at(double position) {
            return values.get(Math.min(values.size() - 1, (int) (position * values.size())));
        }

        @Override
        public double position(String value) {
            return (values.indexOf(value) + 0.5) / values.size();
        }

        @Override
        public String text() {
            return "choice:" + String.join(",", values);
        }
    }

    /**
     * Reads {@code uniform:0,0.1}, {@code loguniform:1e-5,1e-3}, {@code int:1,4} or {@code choice:linear,cosine}.
     *
     * @param name the option, for messages
     * @throws UsageException for anything else
     */
    static Dimension parse(String name, String text) {
        int colon = text.indexOf(':');
        String kind = text.substring(0, Math.max(0, colon));
        List<String> values = Arrays.stream(text.substring(colon + 1).split(",", -1))
                .map(String::strip)
                .toList();
        try {
            return switch (kind) {
                case "choice" -> new Choice(distinct(values));
                case "int" -> {
                    requireRange(values, Double.NEGATIVE_INFINITY);
                    yield new WholeNumber(Long.parseLong(values.get(0)), Long.parseLong(values.get(1)));
                }
                case "uniform" -> {
                    requireRange(values, Double.NEGATIVE_INFINITY);
                    yield new Uniform(Double.parseDouble(values.get(0)), Double.parseDouble(values.get(1)));
                }
                case "loguniform" -> {
                    requireRange(values, 0);
                    yield new LogUniform(Double.parseDouble(values.get(0)), Double.parseDouble(values.get(1)));
                }
                default -> throw new IllegalArgumentException("unknown kind");
            };
        } catch (IllegalArgumentException e) {
            throw new UsageException("The search space of " + name + " is \"" + text + "\" but must be one of"
                    + " uniform:LOW,HIGH, loguniform:LOW,HIGH with LOW above 0, int:LOW,HIGH, choice:A,B,...");
        }
    }

    private static List<String> distinct(List<String> values) {
        if (values.stream().anyMatch(String::isEmpty)
                || values.stream().distinct().count() != values.size()) {
            throw new IllegalArgumentException("empty or repeated value");
        }
        return values;
    }

    private static void requireRange(List<String> values, double above) {
        double[] numbers = values.stream().mapToDouble(Double::parseDouble).toArray();
        boolean finite = DoubleStream.of(numbers).allMatch(Double::isFinite);
        if (numbers.length != 2 || !finite || numbers[0] >= numbers[1] || numbers[0] <= above) {
            throw new IllegalArgumentException("no range");
        }
    }
}
