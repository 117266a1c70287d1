package io.trainer4j.cli;

import io.trainer4j.data.Dataset;
import io.trainer4j.data.Row;
import io.trainer4j.generate.TextGenerator;
import io.trainer4j.metric.BleuTokenizer;
import io.trainer4j.metric.TextScores;
import io.trainer4j.model.GenerationConfig;
import io.trainer4j.report.EvaluationReport.Answer;
import io.trainer4j.text.ChatTemplateInput;
import io.trainer4j.text.GenerationPrompt;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What a model answers to the prompts of rows, beside the completions of these rows. */
record Answers(List<Answer> list) {
    /** Answers the first rows with the likeliest token each time. */
    static Answers generate(
            TextGenerator generator, Dataset rows, String prompt, String completion, EvaluateOptions options) {
        GenerationConfig settings = settings(generator, options);
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < Math.min(options.generate(), rows.size()); i++) {
            Row row = rows.row(i);
            String question = text(row, prompt);
            answers.add(new Answer(question, generator.answer(question, settings), text(row, completion)));
        }
        return new Answers(answers);
    }

    /** The same for conversations: generates what the assistant says last from all that was said before. */
    static Answers ofConversations(TextGenerator generator, Dataset rows, String messages, EvaluateOptions options) {
        GenerationConfig settings = settings(generator, options);
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < rows.size() && answers.size() < options.generate(); i++) {
            Turns turns = Turns.of(rows.row(i).get(messages), messages);
            if (turns.hasAnswer()) {
                Turns question = turns.question();
                ChatTemplateInput asked = new ChatTemplateInput(question.list(), GenerationPrompt.ADD, Map.of());
                answers.add(new Answer(question.text(), generator.answer(asked, settings), turns.answer()));
            }
        }
        return new Answers(answers);
    }

    private static GenerationConfig settings(TextGenerator generator, EvaluateOptions options) {
        return GenerationConfig.greedy(generator.defaults().eosTokenIds()).withMaxNewTokens(options.maxNewTokens());
    }

    private static String text(Row row, String column) {
        String cell = row.getString(column);
        return cell == null ? "" : cell;
    }

    /** {@code eval_exact_match}, {@code eval_bleu}, {@code eval_rouge_l}; for Chinese completions by characters. */
    Map<String, Double> figures() {
        String references = list.stream().map(Answer::reference).collect(Collectors.joining("\n"));
        TextScores scores = new TextScores(BleuTokenizer.of(references));
        list.forEach(answer -> scores.add(answer.generated(), answer.reference()));
        Map<String, Double> figures = new LinkedHashMap<>();
        scores.values().forEach((name, value) -> figures.put("eval_" + name, value));
        return figures;
    }
}
