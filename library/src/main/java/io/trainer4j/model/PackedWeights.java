package io.trainer4j.model;

import io.trainer4j.TrainerException;
import io.trainer4j.tensor.GroupedMatrix;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How a {@link GroupedMatrix} lies in a file: the layout {@code pack-quantized} of compressed-tensors. {@code NAME_packed}
 * holds int32 words of eight or four numbers, each plus half of its range, the first in the lowest bits; {@code NAME_scale}
 * a scale for 32 neighbours, {@code NAME_shape} the matrix's {@code [out, in]}.
 *
 * @see <a href="https://github.com/vllm-project/compressed-tensors">compressed_tensors/compressors/pack_quantized</a>
 */
final class PackedWeights {
    static final String PACKED = "_packed";
    static final String SCALE = "_scale";
    static final String SHAPE = "_shape";

    private static final String CONFIG = "quantization_config";
    private static final String METHOD = "compressed-tensors";
    private static final String FORMAT = "pack-quantized";

    /** What an int8 and the same number plus 128 differ in. */
    private static final int SIGN = 128;

    private PackedWeights() {}

    /**
     * The tensors of one matrix, belonging to the innermost open scope.
     *
     * @param name of the matrix, such as {@code model.layers.0.mlp.up_proj.weight}
     */
    static Map<String, Tensor> tensors(String name, GroupedMatrix matrix) {
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            Tensor bytes = matrix.bits() == 8
                    ? matrix.codes().view(ScalarType.Byte).bitwise_xor(new Scalar(SIGN))
                    : matrix.codes();
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            tensors.put(name + PACKED, scope.keep(bytes.view(ScalarType.Int)));
            tensors.put(name + SCALE, matrix.scales());
            tensors.put(name + SHAPE, scope.keep(TensorData.longs(matrix.rows(), matrix.columns())));
            return tensors;
        }
    }

    /** Whether {@link #matrix} makes no other numbers of words of that shape: those of 8 bits lose half of their range. */
    static boolean isKeptAsIs(long[] shape, long... packed) {
        return packed.length == 2 && packed[1] * Integer.SIZE == 4 * shape[1];
    }

    /**
     * Puts a matrix together again.
     *
     * @param name for messages
     * @param shape {@code [out, in]}
     * @throws TrainerException if the tensors do not fit each other or this version
     */
    static GroupedMatrix matrix(String name, long[] shape, Tensor packed, Tensor scales) {
        long bits = packed.dim() == 2 && shape[1] > 0 ? packed.size(1) * Integer.SIZE / shape[1] : 0;
        if (scales.dim() != 2
                || scales.size(0) != shape[0]
                || packed.size(0) != shape[0]
                || scales.size(1) * GroupedMatrix.GROUP != shape[1]
                || packed.size(1) * Integer.SIZE != bits * shape[1]
                || (bits != 8 && bits != 4)) {
            throw new TrainerException(
                    name + " is not packed as 8 or 4 bits with a scale for 32 weights, the only form this"
                            + " version opens; quantize the original model with trainer4j quantize.");
        }
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            Tensor bytes = packed.view(ScalarType.Byte);
            Tensor codes = bits == 8 ? bytes.bitwise_xor(new Scalar(SIGN)).view(ScalarType.Char) : bytes;
            return new GroupedMatrix((int) bits, Scope.own(codes), Scope.own(scales));
        }
    }

    /**
     * Refuses weights that were quantized in another way.
     *
     * @throws TrainerException naming it
     */
    static void requireReadable(ModelConfig config) {
        JsonNode json = config.json().path(CONFIG);
        String method = json.path("quant_method").asString("");
        String format = json.path("format").asString("");
        if (json.isObject() && !(method.equals(METHOD) && format.equals(FORMAT))) {
            throw new TrainerException("%s says that the weights are quantized as %s, which this version does not open;"
                            .formatted(config.source(), format.isEmpty() ? method : method + " " + format)
                    + " use the original model, with load_in_4bit or load_in_8bit if memory is short.");
        }
    }

    /** The configuration of a model whose linear layers are packed. */
    static ModelConfig config(ModelConfig config, int bits) {
        ObjectNode json = config.json().deepCopy().asObject();
        ObjectNode quantization = json.putObject(CONFIG);
        quantization.put("quant_method", METHOD).put("format", FORMAT).put("quantization_status", "compressed");
        quantization.putArray("ignore").add("lm_head");
        ObjectNode group = quantization.putObject("config_groups").putObject("group_0");
        group.putArray("targets").add("Linear");
        group.putObject("weights")
                .put("num_bits", bits)
                .put("type", "int")
                .put("symmetric", true)
                .put("strategy", "group")
                .put("group_size", GroupedMatrix.GROUP)
                .put("dynamic", false);
        return ModelConfig.of(json);
    }
}
