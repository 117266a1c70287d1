package io.trainer4j.text;

/** A word as token ids, which become fewer with every merge. */
final class MergedWord {
    private final int[] ids;
    private final int count;
    private int length;

    /**
     * Takes a word.
     *
     * @param ids its tokens; the array is used and changed
     * @param count how often the word occurs in the texts
     */
    MergedWord(int[] ids, int count) {
        this.ids = ids;
        this.count = count;
        this.length = ids.length;
    }

    /** Told about every pair of neighbours that comes up or goes away. */
    @FunctionalInterface
    interface PairChange {
        /**
         * Takes one change.
         *
         * @param change by how much the pair occurs more often in the texts; negative for less often
         */
        void count(int left, int right, long change);
    }

    /** Replaces every occurrence of two neighbours, from left to right, by the token they make up. */
    void merge(int first, int second, int merged, PairChange changes) {
        int kept = 0;
        int next = 0;
        while (next < length) {
            if (ids[next] == first && next + 1 < length && ids[next + 1] == second) {
                next += 2;
                if (kept > 0) {
                    changes.count(ids[kept - 1], first, -count);
                    changes.count(ids[kept - 1], merged, count);
                }
                if (next < length) {
                    changes.count(second, ids[next], -count);
                    changes.count(merged, ids[next], count);
                }
                ids[kept++] = merged;
            } else {
                ids[kept++] = ids[next++];
            }
        }
        length = kept;
    }
}
