package io.trainer4j.model;

import io.trainer4j.tensor.Device;
import io.trainer4j.tensor.TensorData;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;

/**
 * Tokens that several documents begin with, such as a template's system prompt, computed once: where every token sees only
 * those before it, what a network makes of one follows from these alone. Attention looks at each document by itself and gets
 * it whole.
 *
 * @param places for each token of the documents its place in the row, {@code [tokens]}
 * @param first for each place of the row the first token that stands there, {@code [row]}
 */
record SharedPrefixes(Tensor places, Tensor first) {
    /** Of an input that has them, held by the pass for its blocks. */
    static SharedPrefixes of(ModelInput input, Pass pass, Device device) {
        int[] places = input.places();
        int[] first = new int[input.length()];
        for (int token = places.length - 1; token >= 0; token--) {
            first[places[token]] = token;
        }
        return new SharedPrefixes(
                pass.hold(device.putNew(TensorData.ints(places))), pass.hold(device.putNew(TensorData.ints(first))));
    }

    /**
     * Where tokens stand in a row that holds once those with the same tokens before them, in the order in which they are
     * first met.
     */
    static int[] places(int[][] documents) {
        Map<Long, Integer> byPath = new HashMap<>();
        return Arrays.stream(documents)
                .flatMapToInt(document -> {
                    int[] places = new int[document.length];
                    long before = -1;
                    for (int t = 0; t < document.length; t++) {
                        int next = byPath.size();
                        Integer known = byPath.putIfAbsent(before << Integer.SIZE | document[t], next);
                        places[t] = known == null ? next : known;
                        before = places[t];
                    }
                    return Arrays.stream(places);
                })
                .toArray();
    }

    /**
     * The same attention for tokens that are shared.
     *
     * @param ofDocuments from queries, keys and values {@code [1, N, tokens, D]} to {@code [1, tokens, N*D]}
     * @return from {@code [1, N, row, D]} to {@code [1, row, N*D]}
     */
    Function<List<Tensor>, Tensor> attention(Function<List<Tensor>, Tensor> ofDocuments) {
        return inputs -> {
            Stream<Tensor> whole = inputs.stream().map(states -> states.index_select(2, places));
            return ofDocuments.apply(whole.toList()).index_select(1, first);
        };
    }
}
