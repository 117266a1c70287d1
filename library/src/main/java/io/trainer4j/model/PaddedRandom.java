package io.trainer4j.model;

import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Random numbers for a packed row, drawn for the padded batch that it was: a token gets the number it has in Python, where
 * padding gets numbers too.
 *
 * @param documents tokens of each row of the batch, all of them on the left
 * @param length length that the rows were padded to
 */
record PaddedRandom(int[] documents, int length) {
    /** Whether these are the tokens of the packed row, {@code [1, n, ...]}, and not what a head made of them. */
    boolean isOf(Tensor x) {
        return x.dim() == 3
                && x.size(0) == 1
                && x.size(1) == Arrays.stream(documents).sum();
    }

    /** What dropout multiplies {@code x [1, n, H]} by: 0, or {@code 1 / (1 - probability)}. */
    Tensor dropout(Tensor x, double probability) {
        try (Scope scope = Scope.open()) {
            Tensor drawn = TensorData.empty(type(x), documents.length, length, x.size(2))
                    .bernoulli_(1 - probability, new GeneratorOptional());
            return scope.keep(tokens(drawn).div_(new Scalar(1 - probability)));
        }
    }

    /** Numbers from {@code -most} to {@code most}, of the shape of {@code x [1, n, H]}. */
    Tensor uniform(Tensor x, double most) {
        try (Scope scope = Scope.open()) {
            return scope.keep(tokens(TensorData.empty(type(x), documents.length, length, x.size(2))
                    .uniform_(-most, most, new GeneratorOptional())));
        }
    }

    /**
     * What dropout multiplies attention's weights by.
     *
     * @return for each document {@code [1, heads, its tokens, its tokens]}
     */
    List<Tensor> attentionDropout(Tensor queries, double probability) {
        try (Scope scope = Scope.open()) {
            Tensor drawn = TensorData.empty(type(queries), documents.length, queries.size(1), length, length)
                    .bernoulli_(1 - probability, new GeneratorOptional());
            return IntStream.range(0, documents.length)
                    .mapToObj(d -> scope.keep(drawn.narrow(0, d, 1)
                            .narrow(2, 0, documents[d])
                            .narrow(3, 0, documents[d])
                            .div(new Scalar(1 - probability))))
                    .toList();
        }
    }

    private static ScalarType type(Tensor x) {
        return x.scalar_type().intern();
    }

    /** {@code [rows, length, H]} to {@code [1, n, H]}. */
    private Tensor tokens(Tensor padded) {
        TensorVector rows = new TensorVector();
        for (int d = 0; d < documents.length; d++) {
            rows.push_back(padded.narrow(0, d, 1).narrow(1, 0, documents[d]));
        }
        return torch.cat(rows, 1);
    }
}
