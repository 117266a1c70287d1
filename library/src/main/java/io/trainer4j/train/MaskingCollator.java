package io.trainer4j.train;

import io.trainer4j.UsageException;
import io.trainer4j.data.Batch;
import io.trainer4j.model.ModelInput;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import io.trainer4j.text.Tokenizer;
import java.util.Arrays;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Hides tokens at random; draws in the order of {@code torch_mask_tokens}, so equal seeds hide the tokens Python hides. */
final class MaskingCollator implements DataCollator {
    private static final float MASKED = 0.8f;
    private static final float RANDOM_OF_THE_REST = 0.5f;

    private final int padTokenId;
    private final int maskTokenId;
    private final int vocabSize;
    private final Set<Integer> special;
    private final float probability;

    MaskingCollator(Tokenizer tokenizer, double probability) {
        if (!(probability > 0 && probability < 1)) {
            throw new UsageException("The masking probability is " + probability + " but must be above 0 and below 1.");
        }
        maskTokenId = tokenizer
                .maskTokenId()
                .orElseThrow(() -> new UsageException("The tokenizer has no mask_token, which a masked language model"
                        + " needs; name one in tokenizer_config.json or use another tokenizer."));
        padTokenId = tokenizer.padTokenId().orElse(0);
        vocabSize = tokenizer.vocabSize();
        special = tokenizer.specialTokenIds();
        this.probability = (float) probability;
    }

    @Override
    public boolean drawsRandomNumbers() {
        return true;
    }

    @Override
    public MiniBatch collate(Batch rows) {
        ModelInput input = Padded.of(rows, padTokenId).input(rows);
        int length = input.length();
        int[][] ids = Arrays.stream(input.inputIds()).map(int[]::clone).toArray(int[][]::new);
        int[][] labels = new int[input.rows()][length];
        try (Scope scope = Scope.open()) {
            float[] chosen = draw(chances(input), input.rows(), length);
            float[] masked = draw(constant(MASKED, chosen.length), input.rows(), length);
            float[] random = draw(constant(RANDOM_OF_THE_REST, chosen.length), input.rows(), length);
            long[] words = TensorData.toLongs(torch.randint(vocabSize, new long[] {input.rows(), length}));
            for (int i = 0; i < chosen.length; i++) {
                int row = i / length;
                int t = i % length;
                labels[row][t] = chosen[i] == 1 ? ids[row][t] : MiniBatch.IGNORED;
                if (chosen[i] == 1 && masked[i] == 1) {
                    ids[row][t] = maskTokenId;
                } else if (chosen[i] == 1 && random[i] == 1) {
                    ids[row][t] = (int) words[i];
                }
            }
        }
        return new MiniBatch(new ModelInput(ids, input.attentionMask(), input.tokenTypeIds()), labels);
    }

    /** The chance of each token to be chosen: none for special tokens and padding. */
    private float[] chances(ModelInput input) {
        float[] chances = constant(probability, input.rows() * input.length());
        for (int i = 0; i < chances.length; i++) {
            int row = i / input.length();
            int t = i % input.length();
            if (input.attentionMask()[row][t] == 0 || special.contains(input.inputIds()[row][t])) {
                chances[i] = 0;
            }
        }
        return chances;
    }

    private static float[] constant(float value, int size) {
        float[] values = new float[size];
        Arrays.fill(values, value);
        return values;
    }

    private static float[] draw(float[] chances, int rows, int length) {
        Tensor matrix = TensorData.floats(chances, rows, length);
        return TensorData.toFloats(torch.bernoulli(matrix));
    }
}
