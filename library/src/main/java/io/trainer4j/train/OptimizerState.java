package io.trainer4j.train;

import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/** How much memory each optimizer's state takes, without making it. */
final class OptimizerState {
    private static final long FLOAT = Float.BYTES;

    private OptimizerState() {}

    /** State of all these parameters in bytes. */
    static long bytes(Map<String, Tensor> parameters, TrainingArguments arguments) {
        return parameters.entrySet().stream()
                .mapToLong(parameter -> bytes(parameter.getKey(), parameter.getValue(), arguments))
                .sum();
    }

    private static long bytes(String name, Tensor parameter, TrainingArguments arguments) {
        long count = parameter.numel();
        long adamW = 2 * FLOAT * count + FLOAT; // two moments, and a count of steps
        NamedSettings settings = NamedSettings.parse("optim_args", arguments.optimArgs());
        boolean momentum = settings.number("momentum", 0) > 0;
        return switch (arguments.optim()) {
            case ADAMW_TORCH, ADAMW_TORCH_FUSED -> adamW;
            case ADAMW_8BIT, ADAMW_BNB_8BIT ->
                EightBitAdamW.isLarge(name, parameter) ? EightBitAdamW.smallBytes(parameter) : adamW;
            case SGD -> momentum ? FLOAT * count + FLOAT : 0;
            case ADAGRAD -> FLOAT * count + FLOAT;
            case RMSPROP ->
                FLOAT * count
                        + (settings.truth("centered", false) ? FLOAT * count : FLOAT)
                        + (momentum ? FLOAT * count : FLOAT);
            case LION_32BIT -> FLOAT * count;
            case ADAFACTOR ->
                parameter.dim() >= 2
                        ? FLOAT * (parameter.size(0) + parameter.size(1) + 1) // a row and a column
                        : FLOAT * count + FLOAT;
            case SCHEDULE_FREE_ADAMW -> 3 * FLOAT * count + 3 * Double.BYTES;
            case MUON -> MuonRule.isOrthogonal(name, parameter) ? FLOAT * count : adamW;
        };
    }
}
