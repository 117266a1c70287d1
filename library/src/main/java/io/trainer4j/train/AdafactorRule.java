package io.trainer4j.train;

import io.trainer4j.UsageException;
import io.trainer4j.model.Parameters;
import io.trainer4j.train.UpdateRule.Slot;
import java.util.List;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Adam's second moments as the product of a row and a column, so that the state of a matrix is two vectors; with an outside
 * learning rate (scale_parameter and relative_step off), as Hugging Face's Trainer sets it up.
 *
 * @see <a href="https://arxiv.org/abs/1804.04235">Adafactor</a>; transformers/optimization.py
 */
final class AdafactorRule {
    private static final String SHARED = """
            def apply(p: Tensor, update: Tensor, lr: float, decay: float):
                rms = update.norm(2) / (update.numel() ** 0.5)
                update.div_((rms / 1.0).clamp_(min=1.0))
                update.mul_(lr)
                if decay != 0.0:
                    p.add_(p, alpha=-decay * lr)
                p.add_(-update)

            """;

    private static final UpdateRule MATRIX = new UpdateRule(
            SHARED + """
            def update(p: Tensor, g: Tensor, row: Tensor, column: Tensor, step: Tensor, lr: float, decay: float):
                step.add_(1.0)
                beta = 1.0 - float(step.item()) ** -0.8
                square = g ** 2 + 1e-30
                row.mul_(beta).add_(square.mean(dim=-1), alpha=1.0 - beta)
                column.mul_(beta).add_(square.mean(dim=-2), alpha=1.0 - beta)
                by_row = (row / row.mean(dim=-1, keepdim=True)).rsqrt_().unsqueeze(-1)
                apply(p, torch.mul(by_row, column.unsqueeze(-2).rsqrt()).mul_(g), lr, decay)
            """,
            List.of(
                    new Slot("exp_avg_sq_row", p -> zeros(p, 0)),
                    new Slot("exp_avg_sq_col", p -> zeros(p, 1)),
                    Slot.count()),
            List.of());

    private static final UpdateRule VECTOR =
            new UpdateRule(SHARED + """
            def update(p: Tensor, g: Tensor, second: Tensor, step: Tensor, lr: float, decay: float):
                step.add_(1.0)
                beta = 1.0 - float(step.item()) ** -0.8
                second.mul_(beta).add_(g ** 2 + 1e-30, alpha=1.0 - beta)
                apply(p, second.rsqrt().mul_(g), lr, decay)
            """, List.of(Slot.zeros("exp_avg_sq"), Slot.count()), List.of());

    private AdafactorRule() {}

    /**
     * A matrix is factored, a vector is not.
     *
     * @param settings may turn off what the Trainer turns off by itself
     */
    static Function<String, UpdateRule> choose(Parameters parameters, NamedSettings settings) {
        for (String name : List.of("scale_parameter", "relative_step", "warmup_init")) {
            if (settings.truth(name, false)) {
                throw new UsageException(
                        "Setting %s of option optim_args cannot be true: the learning rate is that of".formatted(name)
                                + " the schedule, as Hugging Face's Trainer sets adafactor up; leave it out.");
            }
        }
        return name -> parameters.get(name).dim() >= 2 ? MATRIX : VECTOR;
    }

    /** Zeros in the shape of a matrix without its last dimension (0) or the one before (1). */
    private static Tensor zeros(Tensor parameter, int kept) {
        return torch.zeros(new long[] {parameter.size(kept)});
    }
}
