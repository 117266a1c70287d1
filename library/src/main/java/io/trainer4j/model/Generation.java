package io.trainer4j.model;

import io.trainer4j.UsageException;
import io.trainer4j.tensor.Device;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import java.util.Arrays;
import java.util.function.IntPredicate;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The decoding loop. Scores are processed in the order of {@code transformers/generation/logits_process.py} and drawn with
 * {@code torch.multinomial}, so equal seeds give the tokens Python gives.
 */
final class Generation {
    private final CausalLM model;
    private final GenerationConfig options;
    private final KeyValueCache cache;
    private final OneTokenDecoder oneToken;

    Generation(CausalLM model, GenerationConfig options, KeyValueCache cache) {
        this.model = model;
        this.options = options;
        this.cache = cache;
        oneToken = model.oneToken().orElse(null);
    }

    int[] run(int[] promptIds, IntPredicate onToken) {
        if (promptIds.length <= cache.length()) {
            throw new UsageException("The prompt has " + promptIds.length + " tokens, none beyond the " + cache.length()
                    + " already computed; give it at least one token.");
        }
        int[] tokens = Arrays.copyOf(promptIds, promptIds.length + options.maxNewTokens());
        int count = promptIds.length;
        while (count < tokens.length) {
            int next = next(Arrays.copyOfRange(tokens, cache.length(), count), Arrays.copyOf(tokens, count));
            tokens[count++] = next;
            if (!onToken.test(next) || options.eosTokenIds().contains(next)) {
                break;
            }
        }
        return Arrays.copyOfRange(tokens, promptIds.length, count);
    }

    private int next(int[] uncomputed, int[] all) {
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            Tensor scores = scores(uncomputed);
            if (options.repetitionPenalty() != 1) {
                scores = penalised(scores, all);
            }
            if (!options.doSample()) {
                return (int) scores.argmax(new LongOptional(0), false).item_long();
            }
            scores = scores.div(new Scalar(options.temperature()));
            scores = topK(scores);
            scores = topP(scores);
            return (int) torch.multinomial(scores.softmax(0), 1, false, new GeneratorOptional())
                    .item_long();
        }
    }

    private Tensor scores(int[] uncomputed) {
        if (oneToken == null || uncomputed.length > 1 || cache.length() == 0) {
            return model.nextLogits(uncomputed, cache);
        }
        float[] scores = oneToken.logits(uncomputed[0], cache);
        return TensorData.floats(scores, scores.length);
    }

    private Tensor penalised(Tensor scores, int[] seen) {
        Tensor ids = Device.of(scores)
                .putNew(TensorData.ints(Arrays.stream(seen).distinct().toArray()));
        Tensor present = scores.index_select(0, ids);
        Scalar penalty = new Scalar(options.repetitionPenalty());
        Tensor changed = torch.where(present.lt(new Scalar(0.0)), present.mul(penalty), present.div(penalty));
        return scores.index_copy(0, ids, changed);
    }

    private Tensor topK(Tensor scores) {
        if (options.topK() == 0 || options.topK() >= scores.size(0)) {
            return scores;
        }
        Tensor smallestKept = torch.topk(scores, options.topK()).get0().select(0, -1);
        return scores.masked_fill(scores.lt(smallestKept), new Scalar(Double.NEGATIVE_INFINITY));
    }

    private Tensor topP(Tensor scores) {
        if (options.topP() == 1) {
            return scores;
        }
        var ascending = torch.sort(scores, 0, false);
        Tensor cumulative = ascending.get0().softmax(0).cumsum(0);
        Tensor removed = cumulative.le(new Scalar(1 - options.topP()));
        removed.select(0, -1).fill_(new Scalar(0));
        Tensor removedByToken = removed.scatter(0, ascending.get1(), removed);
        return scores.masked_fill(removedByToken, new Scalar(Double.NEGATIVE_INFINITY));
    }
}
