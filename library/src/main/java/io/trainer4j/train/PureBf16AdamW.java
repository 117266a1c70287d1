package io.trainer4j.train;

import io.trainer4j.train.UpdateRule.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * AdamW for weights that are kept in bf16 alone. A step is computed in fp32, a part of a tensor at a time, and must not be
 * lost where it is smaller than the distance of two bf16 numbers: with {@code rounding=stochastic} it is rounded up or down
 * by chance, so that the mean is right; with {@code rounding=kahan} what rounding takes away is kept in a second bf16 tensor
 * and given back in the next step. Both round the moments stochastically.
 *
 * @see <a href="https://arxiv.org/abs/2010.06192">Revisiting BFloat16 Training</a>
 */
final class PureBf16AdamW {
    /** bf16 has 8 binary digits: between the lower and the upper neighbour the rest of the digits decides by chance. */
    private static final String PARTS = """
            def rounded(x: Tensor) -> Tensor:
                mantissa, exponent = torch.frexp(x)
                digits = mantissa * 256.0
                lower = digits.floor()
                up = (torch.rand_like(x) < digits - lower).to(6)
                return torch.ldexp(lower + up, exponent - 8).to(15)

            def moved(w: Tensor, g: Tensor, first: Tensor, second: Tensor, t: float, lr: float, decay: float,
                      beta1: float, beta2: float, eps: float) -> Tensor:
                m = first.to(6).lerp(g, 1.0 - beta1)
                v = second.to(6).mul(beta2).addcmul(g, g, value=1.0 - beta2)
                first.copy_(rounded(m))
                second.copy_(rounded(v))
                spread = v.sqrt().div((1.0 - beta2 ** t) ** 0.5).add(eps)
                return w.mul(1.0 - lr * decay).addcdiv(m, spread, value=-lr / (1.0 - beta1 ** t))
            """;

    private static final String STOCHASTIC = PARTS + """

            def update(p: Tensor, g: Tensor, first: Tensor, second: Tensor, step: Tensor, lr: float, decay: float,
                       beta1: float, beta2: float, eps: float):
                step.add_(1.0)
                t = float(step.item())
                gradient = g.reshape(-1)
                for start in range(0, p.numel(), 1048576):
                    size = min(1048576, p.numel() - start)
                    part = p.view(-1).narrow(0, start, size)
                    part.copy_(rounded(moved(
                        part.to(6), gradient.narrow(0, start, size).to(6), first.view(-1).narrow(0, start, size),
                        second.view(-1).narrow(0, start, size), t, lr, decay, beta1, beta2, eps)))
            """;

    private static final String KAHAN = PARTS + """

            def update(p: Tensor, g: Tensor, first: Tensor, second: Tensor, step: Tensor, lost: Tensor, lr: float,
                       decay: float, beta1: float, beta2: float, eps: float):
                step.add_(1.0)
                t = float(step.item())
                gradient = g.reshape(-1)
                for start in range(0, p.numel(), 1048576):
                    size = min(1048576, p.numel() - start)
                    part = p.view(-1).narrow(0, start, size)
                    kept = lost.view(-1).narrow(0, start, size)
                    w = moved(
                        part.to(6) + kept.to(6), gradient.narrow(0, start, size).to(6),
                        first.view(-1).narrow(0, start, size), second.view(-1).narrow(0, start, size),
                        t, lr, decay, beta1, beta2, eps)
                    part.copy_(w.to(15))
                    kept.copy_(w - part.to(6))
            """;

    private PureBf16AdamW() {}

    static UpdateRule rule(TrainingArguments arguments, NamedSettings settings) {
        boolean kahan = settings.word("rounding", "stochastic", Set.of("stochastic", "kahan"))
                .equals("kahan");
        List<Slot> slots = new ArrayList<>(List.of(Slot.zeros("exp_avg"), Slot.zeros("exp_avg_sq"), Slot.count()));
        if (kahan) {
            slots.add(Slot.zeros("compensation"));
        }
        return new UpdateRule(
                kahan ? KAHAN : STOCHASTIC,
                slots,
                List.of(arguments.adamBeta1(), arguments.adamBeta2(), arguments.adamEpsilon()));
    }
}
