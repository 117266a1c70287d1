package io.trainer4j.examples;

import io.trainer4j.data.Cleaned;
import io.trainer4j.data.Cleaning;
import io.trainer4j.data.Dataset;
import io.trainer4j.data.DatasetSplit;
import io.trainer4j.model.AutoModelForCausalLM;
import io.trainer4j.model.CausalLM;
import io.trainer4j.text.AutoTokenizer;
import io.trainer4j.text.ChatMessage;
import io.trainer4j.text.CompletionEncoder;
import io.trainer4j.text.GenerationPrompt;
import io.trainer4j.text.PromptStyle;
import io.trainer4j.text.SpecialTokens;
import io.trainer4j.text.Tokenizer;
import io.trainer4j.train.IntervalStrategy;
import io.trainer4j.train.SaveStrategy;
import io.trainer4j.train.Trainer;
import io.trainer4j.train.TrainerCallback;
import io.trainer4j.train.TrainingArguments;
import java.nio.file.Path;
import java.util.List;

/** Teaches a language model to answer medical questions; the data is for demonstration and is no medical advice. */
public final class MedicalQuestionAnswering {
    private MedicalQuestionAnswering() {}

    public static void main(String[] args) {
        if (args.length < 2 || args.length > 3) {
            System.err.println("Usage: MedicalQuestionAnswering <model folder> <output folder> [learning rate]\n"
                    + "2e-5 suits a model like Qwen2.5-0.5B-Instruct; one from \"trainer4j init\" needs about 3e-3.");
            System.exit(2);
        }
        Path modelFolder = Path.of(args[0]);
        Path outputFolder = Path.of(args[1]);
        double learningRate = args.length == 3 ? Double.parseDouble(args[2]) : 2e-5;

        Dataset raw =
                Dataset.fromCsv(Path.of("examples/data/medical_qa.csv"), Path.of("examples/data/medical_qa_dirty.csv"));
        // df.dropna(), df[df["Question"].str.strip() != ""], df.drop_duplicates(subset=["Question"])
        Cleaned cleaned = Cleaning.of("Question", "Answer").clean(raw);
        System.out.println(cleaned.report().describe());

        Dataset pairs = cleaned.dataset().renameColumn("Question", "prompt").renameColumn("Answer", "completion");
        DatasetSplit split = pairs.trainTestSplit(0.1, 42); // train_test_split(test_size=0.1, seed=42)
        split.train().saveJson(outputFolder.resolve("train_data.json"));
        split.test().saveJson(outputFolder.resolve("valid_data.json"));

        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(modelFolder);
                CausalLM model = AutoModelForCausalLM.fromPretrained(modelFolder)) {
            // As SFTTrainer does with prompt and completion columns: the labels of the prompt are -100.
            CompletionEncoder encoder = CompletionEncoder.of(tokenizer, PromptStyle.CHAT, 512);
            DatasetSplit encoded = split.map(r -> encoder.encode(r.strings("prompt"), r.strings("completion")));

            TrainingArguments arguments = TrainingArguments.of(outputFolder.toString())
                    .learningRate(learningRate)
                    .numTrainEpochs(5)
                    .warmupSteps(0.05)
                    .loggingSteps(20)
                    .evalStrategy(IntervalStrategy.EPOCH)
                    .saveStrategy(SaveStrategy.NO);
            Trainer trainer = Trainer.builder(model, arguments)
                    .trainDataset(encoded.train())
                    .evalDataset(encoded.test())
                    .processingClass(tokenizer)
                    .callback(TrainerCallback.onLog(System.out::println))
                    .build();

            trainer.train();
            System.out.println(trainer.evaluate());
            trainer.saveModel();

            String question = "糖尿病患者的饮食要注意什么?";
            int[] inputIds = tokenizer.applyChatTemplate(List.of(ChatMessage.user(question)), GenerationPrompt.ADD);
            int[] outputIds = model.generate(inputIds, model.generationConfig().withMaxNewTokens(96));
            System.out.println("问: " + question + "\n答: " + tokenizer.decode(outputIds, SpecialTokens.SKIP));
        }
    }
}
