package io.trainer4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainer4j.data.Dataset;
import io.trainer4j.generate.TextGenerator;
import io.trainer4j.model.AutoModelForCausalLM;
import io.trainer4j.model.CausalLM;
import io.trainer4j.text.AutoTokenizer;
import io.trainer4j.text.PromptStyle;
import io.trainer4j.text.Tokenizer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MedicalQuestionAnsweringTest {
    private static final String QUESTION = "糖尿病患者的饮食要注意什么?";

    @TempDir
    private Path folder;

    @Test
    void cleansTrainsSavesAndAnswers() {
        Path base = folder.resolve("base");
        Path output = folder.resolve("output");
        TinyModels.qwen2(base, Path.of("examples/data/medical_qa.csv"));
        String[] args = {base.toString(), output.toString(), "3e-3"};

        String printed = Printed.by(() -> MedicalQuestionAnswering.main(args));

        // Of medical_qa_dirty.csv's 11 rows, 4 bring a new question.
        assertThat(printed)
                .startsWith("Cleaning: 511 rows read, 504 kept; required columns: Question, Answer")
                .contains("2 removed: a required cell is empty")
                .contains("2 removed: a required cell is only white space")
                .contains("2 removed: all cells repeat an earlier row")
                .contains("1 removed: the first required cell repeats");
        assertSplit(output);
        double[] losses = Printed.perEpoch(output, "eval_loss");
        assertThat(losses).hasSize(6); // five epochs, and the evaluation asked for at the end
        assertThat(losses[4]).isLessThan(0.8 * losses[0]);
        assertThat(printed).contains("{eval_loss=" + losses[4] + ", eval_mean_token_accuracy=");
        assertThat(printed).endsWith("问: " + QUESTION + "\n答: " + answer(output) + "\n");
    }

    private static void assertSplit(Path output) {
        Dataset train = Dataset.fromJson(output.resolve("train_data.json"));
        Dataset valid = Dataset.fromJson(output.resolve("valid_data.json"));
        assertThat(train.columnNames()).containsExactly("prompt", "completion");
        assertThat(valid.columnNames()).containsExactly("prompt", "completion");
        assertThat(valid.size()).isEqualTo(51); // a tenth of 504, rounded up
        Set<Object> prompts = new HashSet<>(train.column("prompt"));
        prompts.addAll(valid.column("prompt"));
        assertThat(prompts).hasSize(504).hasSize(train.size() + valid.size());
    }

    /** What the saved model answers when it is opened again. */
    private static String answer(Path output) {
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(output);
                CausalLM model = AutoModelForCausalLM.fromPretrained(output)) {
            TextGenerator generator = TextGenerator.of(model, tokenizer, PromptStyle.CHAT);
            String answer = generator.answer(QUESTION, generator.defaults().withMaxNewTokens(96));
            assertThat(answer).isNotBlank();
            return answer;
        }
    }
}
