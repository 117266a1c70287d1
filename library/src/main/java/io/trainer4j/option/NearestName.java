package io.trainer4j.option;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the name a user probably meant. */
public final class NearestName {
    private NearestName() {}

    /**
     * The name with the fewest letters inserted, removed or replaced; the first of equals.
     *
     * @param wrong what the user wrote; its case does not count
     * @param names the names there are
     * @return empty if even the nearest differs in more than a third of the letters
     */
    public static Optional<String> nearest(String wrong, Collection<String> names) {
        return names.stream()
                .min(Comparator.comparingInt(name -> distance(wrong, name)))
                .filter(name -> 3 * distance(wrong, name) <= Math.max(wrong.length(), name.length()));
    }

    /** The end of a message: "; did you mean steps", or empty if no name is near. */
    static String hint(String wrong, Collection<String> names) {
        return nearest(wrong, names).map(name -> "; did you mean " + name).orElse("");
    }

    /** Levenshtein distance, one row of the table at a time. */
    private static int distance(String left, String right) {
        String a = left.toLowerCase(Locale.ROOT);
        String b = right.toLowerCase(Locale.ROOT);
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(previous[j], row[j - 1]));
            }
            previous = row;
        }
        return previous[b.length()];
    }
}
