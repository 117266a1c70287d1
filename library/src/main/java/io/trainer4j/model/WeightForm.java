package io.trainer4j.model;

import io.trainer4j.tensor.Engine;
import io.trainer4j.tensor.GroupedMatrix;
import io.trainer4j.tensor.HalfMatrix;
import io.trainer4j.tensor.NormalFloatMatrix;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.StoredMatrix;
import java.util.Collection;
import java.util.Collections;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** In which form matrices are kept. */
enum WeightForm {
    FLOAT32("float32"),
    AUTO("as in the files"),
    BFLOAT16("bfloat16"),
    FLOAT16("float16"),
    INT8("8 bits, a scale for 32 weights"),
    NF4("4 bits (NF4, a scale for 64 weights), token embedding 8 bits"),
    NF4_DOUBLE("4 bits (NF4, double quantization), token embedding 8 bits");

    private final String description;

    WeightForm(String description) {
        this.description = description;
    }

    static WeightForm of(LoadOptions options) {
        options.validate();
        if (options.loadIn8bit()) {
            return INT8;
        }
        if (options.loadIn4bit()) {
            return options.bnb4bitUseDoubleQuant() ? NF4_DOUBLE : NF4;
        }
        return switch (options.dtype()) {
            case AUTO -> AUTO;
            case FLOAT32 -> FLOAT32;
            case BFLOAT16 -> BFLOAT16;
            case FLOAT16 -> FLOAT16;
        };
    }

    /**
     * What it is, for the plan.
     *
     * @param kept the matrices that are not kept in 32 bits
     */
    String description(Collection<StoredMatrix> kept) {
        Set<Integer> bits = groupedBits(kept);
        if (this != AUTO || bits.isEmpty()) {
            return description;
        }
        return Collections.min(bits) + " bits, a scale for 32 weights" + (bits.size() > 1 ? ", embeddings 8 bits" : "");
    }

    private static Set<Integer> groupedBits(Collection<StoredMatrix> kept) {
        return kept.stream()
                .flatMap(matrix -> matrix instanceof GroupedMatrix grouped ? Stream.of(grouped.bits()) : Stream.empty())
                .collect(Collectors.toSet());
    }

    /** Why these matrices are kept as {@link #description} says, and {@link #products}. */
    static String reason(Collection<StoredMatrix> kept) {
        return groupedBits(kept).size() > 1
                ? "a written token reads the output embedding whole, in 8 bits half as long as in 16; " + products()
                : products();
    }

    /** How products are computed with it. */
    static String products() {
        return Engine.bfloat16().isNative()
                ? "bf16 products, since " + Engine.bfloat16().reason()
                : "converted to fp32 block by block for products, since "
                        + Engine.bfloat16().reason();
    }

    /**
     * The form a tensor is kept in.
     *
     * @param source where it is
     * @return the matrix, which the caller closes, or null where the tensor is kept in 32 bits
     */
    StoredMatrix matrix(ParameterSpec spec, WeightFiles.Source source) {
        if (this == FLOAT32 || spec.role() == ParameterSpec.Role.OTHER) {
            return null;
        }
        ScalarType type = source.type();
        boolean halfInFile = type == ScalarType.BFloat16 || type == ScalarType.Half;
        if (this == AUTO) {
            return halfInFile ? half(spec, type, source) : null;
        }
        if (this == FLOAT16) {
            return half(spec, ScalarType.Half, source);
        }
        long[] shape = spec.matrixShape();
        boolean inFourBits = this != INT8 && this != BFLOAT16 && spec.role() != ParameterSpec.Role.EMBEDDING;
        try (Scope scope = Scope.open()) {
            if (inFourBits && NormalFloatMatrix.fits(shape[0], shape[1])) {
                return NormalFloatMatrix.of(oriented(spec, source.load(type)), this == NF4_DOUBLE);
            }
            if (this != BFLOAT16 && !inFourBits && GroupedMatrix.fits(shape[1])) {
                return GroupedMatrix.of(oriented(spec, source.load(type)), 8);
            }
        }
        return half(spec, ScalarType.BFloat16, source);
    }

    private static StoredMatrix half(ParameterSpec spec, ScalarType type, WeightFiles.Source source) {
        try (Scope scope = Scope.open()) {
            if (spec.role() == ParameterSpec.Role.CONV1D) {
                return HalfMatrix.of(source.load(type).t(), type);
            }
            return new HalfMatrix(Scope.own(type == source.type() ? source.mapped() : source.load(type)));
        }
    }

    /** As {@code [out, in]}. */
    static Tensor oriented(ParameterSpec spec, Tensor stored) {
        return spec.role() == ParameterSpec.Role.CONV1D ? stored.t() : stored;
    }
}
