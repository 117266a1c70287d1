package io.trainer4j.train;

import io.trainer4j.tensor.TensorData;
import io.trainer4j.train.UpdateRule.Slot;
import java.util.List;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * AdamW that averages its way instead of slowing down: gradients are taken between the fast weights and their average, and
 * the average is what is measured and saved. It goes with {@code lr_scheduler_type: constant}.
 *
 * @see <a href="https://arxiv.org/abs/2405.15682">The Road Less Scheduled</a>
 */
final class ScheduleFreeAdamW {
    /** {@code schedule} holds the steps done, the largest rate and the sum of weights; {@code trained} a copy of p. */
    private static final String SOURCE = """
            def update(p: Tensor, g: Tensor, fast: Tensor, second: Tensor, trained: Tensor, schedule: Tensor,
                       lr: float, decay: float, beta1: float, beta2: float, eps: float, warmup: float, power: float,
                       weight_lr_power: float):
                done = float(schedule[0].item())
                if done < warmup:
                    lr = lr * ((done + 1.0) / warmup)
                most = max(lr, float(schedule[1].item()))
                weight = (done + 1.0) ** power * most ** weight_lr_power
                total = float(schedule[2].item()) + weight
                share = 0.0
                if total > 0.0:
                    share = weight / total
                second.mul_(beta2).addcmul_(g, g, value=1.0 - beta2)
                spread = second.div(1.0 - beta2 ** (done + 1.0)).sqrt_().add_(eps)
                moved = g.div(spread)
                if decay != 0.0:
                    moved.add_(p, alpha=decay)
                p.lerp_(fast, share)
                p.add_(moved, alpha=lr * (beta1 * (1.0 - share) - 1.0))
                fast.sub_(moved, alpha=lr)
                schedule[0].fill_(done + 1.0)
                schedule[1].fill_(most)
                schedule[2].fill_(total)
                trained.copy_(p)

            def show(p: Tensor, fast: Tensor, second: Tensor, trained: Tensor, schedule: Tensor):
                p.copy_(trained)
                p.lerp_(fast, 1.0 - 1.0 / %s)

            def go_on(p: Tensor, fast: Tensor, second: Tensor, trained: Tensor, schedule: Tensor):
                p.copy_(trained)
            """;

    private ScheduleFreeAdamW() {}

    static UpdateRule rule(TrainingArguments arguments, NamedSettings settings) {
        return new UpdateRule(
                SOURCE.formatted(arguments.adamBeta1()),
                List.of(
                        new Slot("z", p -> p.detach().clone()),
                        Slot.zeros("exp_avg_sq"),
                        new Slot("y", p -> p.detach().clone()),
                        new Slot(
                                "schedule",
                                p -> TensorData.empty(ScalarType.Double, 3).zero_())),
                List.of(
                        arguments.adamBeta1(),
                        arguments.adamBeta2(),
                        arguments.adamEpsilon(),
                        arguments.warmupSteps() < 1 ? 0.0 : arguments.warmupSteps(),
                        settings.number("r", 0),
                        settings.number("weight_lr_power", 2)),
                true);
    }
}
