package io.trainer4j.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;

/**
 * The merges of a BPE vocabulary that comes without them, in the order in which they apply: every token that two others
 * spell is a merge, and its id is its rank. transformers' {@code generate_merges} (tokenization_utils_base.py).
 */
final class MergeList {
    private record Merge(String left, String right, int id, int leftId, int rightId) {}

    private MergeList() {}

    /** For the pieces of SentencePiece: of two ways to spell a token the shorter left part comes first. */
    static void writeForPieces(Map<String, Integer> ids, ArrayNode target) {
        write(
                ids,
                Comparator.comparingInt(Merge::id)
                        .thenComparingInt(merge ->
                                merge.left().codePointCount(0, merge.left().length())),
                target);
    }

    /** For the ranks of tiktoken: of two ways to spell a token the left part of lower rank comes first. */
    static void writeForRanks(Map<String, Integer> ranks, ArrayNode target) {
        write(
                ranks,
                Comparator.comparingInt(Merge::id)
                        .thenComparingInt(Merge::leftId)
                        .thenComparingInt(Merge::rightId),
                target);
    }

    private static void write(Map<String, Integer> ids, Comparator<Merge> order, ArrayNode target) {
        List<Merge> merges = new ArrayList<>();
        ids.forEach((token, id) -> {
            for (int i = 1; i < token.length(); i++) {
                Integer left = ids.get(token.substring(0, i));
                Integer right = left == null ? null : ids.get(token.substring(i));
                if (right != null) {
                    merges.add(new Merge(token.substring(0, i), token.substring(i), id, left, right));
                }
            }
        });
        merges.sort(order);
        merges.forEach(merge -> target.addArray().add(merge.left()).add(merge.right()));
    }
}
