package io.trainer4j.cli;

import io.trainer4j.model.GenerationConfig;
import io.trainer4j.option.Option;
import io.trainer4j.option.Options;
import io.trainer4j.text.PromptStyle;

/** How a model is asked; what is unset here is as the model's generation_config.json says. */
final class GenerateOptions extends Options<GenerateOptions> {
    @Option(help = "chat wraps the question in the tokenizer's chat template; text takes it as it is.")
    private PromptStyle promptStyle = PromptStyle.AUTO;

    @Option(help = "Most tokens of an answer.", min = 1)
    private int maxNewTokens = 256;

    @Option(help = "Draw each token at random instead of taking the likeliest; unset: as the model says, mostly false.")
    private Boolean doSample;

    @Option(help = "Above 1 draws more widely, below 1 more narrowly.", above = 0)
    private Double temperature;

    @Option(help = "Draw among this many likeliest tokens; 0 for all.", min = 0)
    private Integer topK;

    @Option(help = "Draw among the likeliest tokens that together have this probability.", above = 0, max = 1)
    private Double topP;

    @Option(help = "Above 1 makes tokens that are there already less likely.", above = 0)
    private Double repetitionPenalty;

    @Option(help = "Seed of the draws.", min = 0, max = 4294967295.0)
    private long seed = 42;

    @Option(help = "Compute on the CPU even where there is a GPU.")
    private boolean useCpu = false;

    PromptStyle promptStyle() {
        return promptStyle;
    }

    int maxNewTokens() {
        return maxNewTokens;
    }

    Boolean doSample() {
        return doSample;
    }

    Double temperature() {
        return temperature;
    }

    Integer topK() {
        return topK;
    }

    Double topP() {
        return topP;
    }

    Double repetitionPenalty() {
        return repetitionPenalty;
    }

    long seed() {
        return seed;
    }

    boolean useCpu() {
        return useCpu;
    }

    /** The model's settings with those given here over them. */
    GenerationConfig over(GenerationConfig model) {
        return new GenerationConfig(
                maxNewTokens,
                doSample == null ? model.doSample() : doSample,
                temperature == null ? model.temperature() : temperature,
                topK == null ? model.topK() : topK,
                topP == null ? model.topP() : topP,
                repetitionPenalty == null ? model.repetitionPenalty() : repetitionPenalty,
                model.eosTokenIds());
    }
}
