package io.trainer4j.train;

import io.trainer4j.model.Parameters;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.ScriptFunction;
import io.trainer4j.tensor.TensorData;
import io.trainer4j.train.UpdateRule.Slot;
import java.util.List;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * AdamW whose two moments take one byte each: in blocks of 256 values, as an index into 256 unevenly spaced numbers times
 * the block's largest. Embeddings and parameters of fewer than 4096 values keep fp32 moments, as in bitsandbytes.
 *
 * @see <a href="https://arxiv.org/abs/2110.02861">8-bit Optimizers via Block-wise Quantization</a>
 */
final class EightBitAdamW {
    private static final int BLOCK = 256;
    private static final int FEWEST = 4096;

    /** The dynamic data type: a decimal exponent of variable length, and the bits that remain for a linear fraction. */
    private static final String NUMBERS = """
            def numbers(signed: int) -> Tensor:
                parts = [torch.zeros(1), torch.ones(1)]
                for i in range(7):
                    edges = torch.linspace(0.1, 1.0, (1 << i) + 1 if signed == 1 else (1 << (i + 1)) + 1)
                    means = (edges[:-1] + edges[1:]) / 2.0 * 10.0 ** (i - 6)
                    parts.append(means)
                    if signed == 1:
                        parts.append(-means)
                return torch.cat(parts).sort()[0]
            """;

    private static final String UPDATE = """
            def code(values: Tensor, numbers: Tensor) -> Tensor:
                return torch.bucketize(values.contiguous(), (numbers[:-1] + numbers[1:]) / 2.0)

            def largest(values: Tensor) -> Tensor:
                return values.abs().max(1, keepdim=True)[0]

            def share(values: Tensor, most: Tensor) -> Tensor:
                return values / torch.where(most > 0.0, most, torch.ones_like(most))

            def update(p: Tensor, g: Tensor, first: Tensor, first_most: Tensor, second: Tensor, second_most: Tensor,
                       step: Tensor, lr: float, decay: float, beta1: float, beta2: float, eps: float,
                       signed: Tensor, unsigned: Tensor):
                step.add_(1.0)
                t = float(step.item())
                count = p.numel()
                width = 256
                gradient = torch.constant_pad_nd(g.reshape(-1), [0, first.numel() - count]).view(-1, width)
                m = signed[first.to(4)].view(-1, width) * first_most
                v = unsigned[second.to(4)].view(-1, width) * second_most
                m = m * beta1 + gradient * (1.0 - beta1)
                v = v * beta2 + gradient * gradient * (1.0 - beta2)
                correction = (1.0 - beta2 ** t) ** 0.5
                moved = m / (v.sqrt() + correction * eps)
                p.add_(moved.view(-1)[:count].view_as(p), alpha=-lr * correction / (1.0 - beta1 ** t))
                if decay > 0.0:
                    p.mul_(1.0 - lr * decay)
                first_most.copy_(largest(m))
                second_most.copy_(largest(v))
                codes = code(share(m, first_most), signed)
                crossed = torch.signbit(signed[codes]) != torch.signbit(m)
                codes = codes + crossed.to(4) * torch.where(m > 0.0, torch.ones_like(codes), -torch.ones_like(codes))
                first.copy_(codes.view(-1))
                second.copy_(code(share(v, second_most), unsigned).view(-1))
            """;

    private EightBitAdamW() {}

    static Function<String, UpdateRule> choose(Parameters parameters, TrainingArguments arguments) {
        UpdateRule full = ClassicRules.adamW(arguments);
        if (parameters.trainable().entrySet().stream().noneMatch(entry -> isLarge(entry.getKey(), entry.getValue()))) {
            return name -> full;
        }
        UpdateRule small = new UpdateRule(
                UPDATE,
                List.of(codes("exp_avg"), largest("exp_avg"), codes("exp_avg_sq"), largest("exp_avg_sq"), Slot.count()),
                List.of(
                        arguments.adamBeta1(),
                        arguments.adamBeta2(),
                        arguments.adamEpsilon(),
                        numbers(true),
                        numbers(false)));
        return name -> isLarge(name, parameters.get(name)) ? small : full;
    }

    /** Whether the moments of a parameter take one byte each. */
    static boolean isLarge(String name, Tensor parameter) {
        return !ParameterNames.isEmbedding(name) && parameter.numel() >= FEWEST;
    }

    /** Memory of the two moments of a parameter that {@link #isLarge}. */
    static long smallBytes(Tensor parameter) {
        return blocks(parameter) * 2 * (BLOCK + Float.BYTES) + Float.BYTES;
    }

    private static Slot codes(String name) {
        return new Slot(
                name, p -> TensorData.empty(ScalarType.Byte, blocks(p) * BLOCK).zero_());
    }

    private static Slot largest(String name) {
        return new Slot(name + "_absmax", p -> TensorData.zeros(blocks(p), 1));
    }

    private static long blocks(Tensor parameter) {
        return (parameter.numel() + BLOCK - 1) / BLOCK;
    }

    /** The 256 numbers a code stands for, in order; the caller closes them. */
    static Tensor numbers(boolean signed) {
        try (Scope scope = Scope.open();
                ScriptFunction function = ScriptFunction.compile("numbers", NUMBERS)) {
            return Scope.own(new Tensor(function.call(signed ? 1 : 0).toTensor()));
        }
    }
}
