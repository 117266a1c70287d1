package io.trainer4j.examples;

import io.trainer4j.data.Dataset;
import io.trainer4j.data.DatasetSplit;
import io.trainer4j.model.AutoModelForSequenceClassification;
import io.trainer4j.model.SequenceClassifier;
import io.trainer4j.tensor.RandomState;
import io.trainer4j.text.AutoTokenizer;
import io.trainer4j.text.Padding;
import io.trainer4j.text.Tokenizer;
import io.trainer4j.text.Truncation;
import io.trainer4j.train.IntervalStrategy;
import io.trainer4j.train.SaveStrategy;
import io.trainer4j.train.Trainer;
import io.trainer4j.train.TrainerCallback;
import io.trainer4j.train.TrainingArguments;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Which department should a patient see? The text classification tutorial of Hugging Face's Trainer, line by line. */
public final class SequenceClassification {
    private static final List<String> DEPARTMENTS = List.of("消化内科", "皮肤科", "眼科", "口腔科");

    private SequenceClassification() {}

    public static void main(String[] args) {
        if (args.length < 2 || args.length > 3) {
            System.err.println("Usage: SequenceClassification <model folder> <output folder> [learning rate]\n"
                    + "2e-5 suits a model like bert-base-chinese; one from \"trainer4j init\" needs about 1e-3.");
            System.exit(2);
        }
        Path modelFolder = Path.of(args[0]);
        Path outputFolder = Path.of(args[1]);
        double learningRate = args.length == 3 ? Double.parseDouble(args[2]) : 2e-5;

        // set_seed(42): a pretrained model has no classification head yet, its weights are drawn at random
        RandomState.manualSeed(42);

        // load_dataset("csv", data_files="departments.csv")["train"], train_test_split(test_size=0.2, seed=42)
        Dataset dataset = Dataset.fromCsv(Path.of("examples/data/departments.csv"));
        DatasetSplit split = dataset.trainTestSplit(0.2);

        // model = AutoModelForSequenceClassification.from_pretrained(model_folder, num_labels=4, id2label=...)
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(modelFolder);
                SequenceClassifier model =
                        AutoModelForSequenceClassification.fromPretrained(modelFolder, DEPARTMENTS)) {

            // split.map(lambda batch: tokenizer(batch["question"], truncation=True, max_length=64), batched=True)
            DatasetSplit tokenized = split.map(
                    batch -> tokenizer.encode(batch.strings("question"), Padding.DO_NOT_PAD, Truncation.to(64)));

            TrainingArguments arguments = TrainingArguments.of(outputFolder.toString())
                    .learningRate(learningRate)
                    .perDeviceTrainBatchSize(8)
                    .numTrainEpochs(5)
                    .weightDecay(0.01)
                    .loggingSteps(12)
                    .evalStrategy(IntervalStrategy.EPOCH)
                    .saveStrategy(SaveStrategy.NO);

            // The trainer pads each batch to its longest row, as DataCollatorWithPadding(tokenizer) does.
            Trainer trainer = Trainer.builder(model, arguments)
                    .trainDataset(tokenized.train())
                    .evalDataset(tokenized.test())
                    .processingClass(tokenizer)
                    .computeMetrics(prediction -> Map.of("accuracy", prediction.accuracy()))
                    .callback(TrainerCallback.onLog(System.out::println))
                    .build();

            trainer.train();
            System.out.println(trainer.evaluate());
            trainer.saveModel();
            tokenizer.savePretrained(outputFolder);
        }
    }
}
