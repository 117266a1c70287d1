package io.trainer4j.model;

import io.trainer4j.tensor.Device;
import io.trainer4j.tensor.RowProduct;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The matrix of a linear map, {@code [out, in]}, in whatever form it is kept in memory. */
sealed interface Weight permits DenseWeight, FrozenWeight, AutocastWeight {
    /** Where the matrix lies. */
    Device device();

    /** Length of what comes out. */
    long outFeatures();

    /** Length of what goes in. */
    long inFeatures();

    /**
     * {@code x W^T + bias}. Autograd sees it where the matrix is dense.
     *
     * @param x {@code [..., in]}
     * @param bias {@code [out]}, or null
     * @return {@code [..., out]}
     */
    Tensor linear(Tensor x, Tensor bias);

    /**
     * {@code gradient W}: what a gradient by the output is by the input. Without autograd.
     *
     * @param gradient {@code [n, out]}
     * @return {@code [n, in]}
     */
    Tensor transposed(Tensor gradient);

    /**
     * Rows of the matrix, for a table of vectors. Autograd sees it where the matrix is dense.
     *
     * @param ids int64, {@code [...]}
     * @return {@code [..., in]}
     */
    Tensor rows(Tensor ids);

    /**
     * The same matrix with products in 16 bits, where it is kept in 32 bits; itself elsewhere.
     *
     * @param type {@code BFloat16} or {@code Half}
     */
    default Weight autocast(ScalarType type) {
        return this;
    }

    /** Whether the matrix has a gradient of its own. */
    boolean isTrainable();

    /**
     * Adds {@code gradient^T x} to the matrix's own gradient.
     *
     * @param gradient {@code [n, out]}
     * @param x {@code [n, in]}
     */
    void addGradient(Tensor gradient, Tensor x);

    /** Products with single rows that read the matrix where it lies; empty where this process has none for it. */
    Optional<RowProduct> rowProduct();
}
