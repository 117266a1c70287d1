package io.trainer4j.option;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the name a user probably meant. */
public final class NearestName {
    private NearestName() {}

    /**
     * The name with the fewest letters inserted, removed, replaced or swapped; the first of equals.
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

    /** The end of a message: "; did you mean steps?", or a full stop if no name is near. */
    static String hint(String wrong, Collection<String> names) {
        return nearest(wrong, names).map(name -> "; did you mean " + name + "?").orElse(".");
    }

    /** Edit distance with swaps of neighbours (optimal string alignment): the most frequent slip counts once. */
    private static int distance(String left, String right) {
        String a = left.toLowerCase(Locale.ROOT);
        String b = right.toLowerCase(Locale.ROOT);
        int[][] table = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                table[i][j] = i == 0 || j == 0 ? i + j : cheapest(table, a, b, i, j);
            }
        }
        return table[a.length()][b.length()];
    }

    private static int cheapest(int[][] table, String a, String b, int i, int j) {
        int replaced = table[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int best = Math.min(replaced, 1 + Math.min(table[i - 1][j], table[i][j - 1]));
        boolean swap = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swap ? Math.min(best, table[i - 2][j - 2] + 1) : best;
    }
}
