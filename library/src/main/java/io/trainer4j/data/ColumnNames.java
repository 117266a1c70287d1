package io.trainer4j.data;

import io.trainer4j.UsageException;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Checks of column names that say which name was meant. */
final class ColumnNames {
    private ColumnNames() {}

    static void require(String name, Collection<String> present) {
        if (!present.contains(name)) {
            String meant = nearest(name, present)
                    .map(near -> "; did you mean \"" + near + "\"?")
                    .orElse(".");
            throw new UsageException("Column \"" + name + "\" does not exist" + meant + " Columns present: "
                    + String.join(", ", present) + ".");
        }
    }

    static void requireFree(String name, Collection<String> present) {
        if (present.contains(name)) {
            throw new UsageException("Column \"" + name + "\" exists already; choose another name or remove it first.");
        }
    }

    private static Optional<String> nearest(String name, Collection<String> present) {
        String best = null;
        int bestDistance = Math.max(1, name.length() / 3) + 1;
        for (String candidate : present) {
            int distance = distance(name.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
            if (distance < bestDistance) {
                best = candidate;
                bestDistance = distance;
            }
        }
        return Optional.ofNullable(best);
    }

    /** Levenshtein distance: the fewest insertions, deletions and replacements of one char. */
    private static int distance(String from, String to) {
        int[] above = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int[] row = new int[to.length() + 1];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = above[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(row[j - 1], above[j]));
            }
            above = row;
        }
        return above[to.length()];
    }
}
