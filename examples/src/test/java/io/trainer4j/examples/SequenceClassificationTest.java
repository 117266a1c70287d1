package io.trainer4j.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trainer4j.data.Dataset;
import io.trainer4j.model.AutoModelForSequenceClassification;
import io.trainer4j.model.Mode;
import io.trainer4j.model.ModelInput;
import io.trainer4j.model.SequenceClassifier;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import io.trainer4j.text.AutoTokenizer;
import io.trainer4j.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SequenceClassificationTest {
    private static final Path DATA = Path.of("examples/data/departments.csv");

    @TempDir
    private Path folder;

    @Test
    void trainsABert() throws IOException {
        TinyModels.bert(folder.resolve("base"), DATA, "question");
        assertTrainsAndOpensAgain("3e-3");
    }

    @Test
    void givesADecoderANewHead() {
        TinyModels.qwen2(folder.resolve("base"), DATA);
        assertTrainsAndOpensAgain("1e-3");
    }

    private void assertTrainsAndOpensAgain(String learningRate) {
        Path output = folder.resolve("output");
        String[] args = {folder.resolve("base").toString(), output.toString(), learningRate};

        String printed = Printed.by(() -> SequenceClassification.main(args));

        double[] accuracies = Printed.perEpoch(output, "eval_accuracy");
        double[] losses = Printed.perEpoch(output, "eval_loss");
        assertThat(accuracies).hasSize(6); // five epochs, and the evaluation asked for at the end
        assertThat(losses[4]).isLessThan(losses[0]);
        assertThat(accuracies[4]).as("four classes; chance is 0.25").isGreaterThan(0.4);
        List<String> lines = printed.lines().toList();
        assertThat(lines.get(0)).startsWith("{loss=").contains("grad_norm=", "learning_rate=", "step=12");
        assertThat(lines.get(lines.size() - 1)).startsWith("{eval_loss=").contains("eval_accuracy=" + accuracies[4]);
        assertThat(output).isDirectoryContaining("glob:**/training_args.json");
        assertThat(accuracyOf(output)).isCloseTo(accuracies[4], within(1e-9));
    }

    /** Opens a saved model and asks it each question that was held back, one by one. */
    private static double accuracyOf(Path folder) {
        Dataset heldBack = Dataset.fromCsv(DATA).trainTestSplit(0.2).test();
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(folder);
                SequenceClassifier model = AutoModelForSequenceClassification.fromPretrained(folder)) {
            assertThat(model.config().labels()).containsExactly("消化内科", "皮肤科", "眼科", "口腔科");
            return StreamSupport.stream(heldBack.spliterator(), false)
                    .mapToInt(
                            row -> row.getLong("label") == likeliest(model, tokenizer.encode(row.getString("question")))
                                    ? 1
                                    : 0)
                    .average()
                    .orElseThrow();
        }
    }

    private static long likeliest(SequenceClassifier model, int[] ids) {
        try (Scope scope = Scope.open()) {
            return TensorData.toLongs(
                    model.logits(ModelInput.of(ids), Mode.EVAL).argmax())[0];
        }
    }
}
