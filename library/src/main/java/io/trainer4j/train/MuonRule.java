package io.trainer4j.train;

import io.trainer4j.model.Parameters;
import io.trainer4j.train.UpdateRule.Slot;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.bytedeco.pytorch.Tensor;

/**
 * Momentum whose matrices are made orthogonal, for the weights inside the network; embeddings, heads, biases and norms move
 * by AdamW. Steps have AdamW's size unless {@code adjust_lr_fn=original}, so that one learning rate serves both.
 *
 * @see <a href="https://kellerjordan.github.io/posts/muon">Muon</a>; torch/optim/_muon.py
 */
final class MuonRule {
    private static final Pattern HEAD = Pattern.compile("^(?:lm_head|score|classifier)\\.");

    /** Type 15 is bfloat16, in which five Newton-Schulz steps bring all singular values near 1. */
    private static final String SOURCE = """
            def orthogonal(g: Tensor, steps: int) -> Tensor:
                x = g.to(15)
                if g.size(0) > g.size(1):
                    x = x.t()
                x = x.div(x.norm().clamp(min=1e-7))
                for i in range(steps):
                    gram = torch.mm(x, x.t())
                    polynomial = torch.addmm(gram, gram, gram, beta=-4.775, alpha=2.0315)
                    x = torch.addmm(x, polynomial, x, beta=3.4445)
                if g.size(0) > g.size(1):
                    x = x.t()
                return x

            def update(p: Tensor, g: Tensor, buffer: Tensor, lr: float, decay: float, momentum: float, nesterov: float,
                       steps: int, original: float):
                buffer.lerp_(g, 1.0 - momentum)
                direction = orthogonal(g.lerp(buffer, momentum) if nesterov == 1.0 else buffer, steps)
                rows = float(p.size(0))
                columns = float(p.size(1))
                factor = max(1.0, rows / columns) ** 0.5 if original == 1.0 else 0.2 * max(rows, columns) ** 0.5
                p.mul_(1.0 - lr * decay)
                p.add_(direction, alpha=-lr * factor)
            """;

    private MuonRule() {}

    static Function<String, UpdateRule> choose(
            Parameters parameters, TrainingArguments arguments, NamedSettings settings) {
        UpdateRule adamW = ClassicRules.adamW(arguments);
        UpdateRule muon = new UpdateRule(
                SOURCE,
                List.of(Slot.zeros("momentum_buffer")),
                List.of(
                        settings.number("momentum", 0.95),
                        settings.truth("nesterov", true) ? 1.0 : 0.0,
                        settings.integer("ns_steps", 5),
                        settings.word("adjust_lr_fn", "match_rms_adamw", Set.of("original", "match_rms_adamw"))
                                        .equals("original")
                                ? 1.0
                                : 0.0));
        return name -> isOrthogonal(name, parameters.get(name)) ? muon : adamW;
    }

    static boolean isOrthogonal(String name, Tensor parameter) {
        return parameter.dim() == 2
                && !ParameterNames.isEmbedding(name)
                && !HEAD.matcher(name).find();
    }
}
