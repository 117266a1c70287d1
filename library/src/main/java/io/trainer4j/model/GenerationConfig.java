package io.trainer4j.model;

import io.trainer4j.TrainerException;
import io.trainer4j.UsageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How the next token is chosen, in the terms of {@code generation_config.json}.
 *
 * @param maxNewTokens most tokens to generate, default 256
 * @param doSample whether to draw at random rather than take the likeliest, default false
 * @param temperature divides the scores before drawing; above 0, default 1
 * @param topK draws among this many likeliest tokens; 0 means all, default 50 as in Python
 * @param topP draws among the likeliest tokens that together have this probability; in (0, 1], default 1
 * @param repetitionPenalty divides the score of tokens already present; above 0, default 1 (off)
 * @param eosTokenIds tokens that end the text
 */
public record GenerationConfig(
        int maxNewTokens,
        boolean doSample,
        double temperature,
        int topK,
        double topP,
        double repetitionPenalty,
        Set<Integer> eosTokenIds) {

    private static final int DEFAULT_MAX_NEW_TOKENS = 256;

    /** Checks the ranges. */
    public GenerationConfig {
        require(maxNewTokens >= 1, "max_new_tokens", maxNewTokens, "1 or more");
        require(temperature > 0, "temperature", temperature, "above 0; leave out do_sample for the likeliest token");
        require(topK >= 0, "top_k", topK, "0 (all tokens) or more");
        require(topP > 0 && topP <= 1, "top_p", topP, "above 0 and at most 1");
        require(repetitionPenalty > 0, "repetition_penalty", repetitionPenalty, "above 0; 1 is off");
        eosTokenIds = Set.copyOf(eosTokenIds);
    }

    private static void require(boolean holds, String name, Number value, String range) {
        if (!holds) {
            throw new UsageException(name + " is " + value + " but must be " + range + ".");
        }
    }

    /** Always the likeliest token. */
    public static GenerationConfig greedy(Set<Integer> eosTokenIds) {
        return new GenerationConfig(DEFAULT_MAX_NEW_TOKENS, false, 1, 50, 1, 1, eosTokenIds);
    }

    /** The folder's {@code generation_config.json}, or greedy with the end tokens of {@code config.json}. */
    static GenerationConfig read(Path folder, ModelConfig config) {
        GenerationConfig defaults = greedy(config.eosTokenIds());
        Path file = folder.resolve(GenerationFile.NAME);
        if (!Files.exists(file)) {
            return defaults;
        }
        JsonNode json = JsonFile.read(file);
        Set<Integer> eos = ModelConfig.tokenIds(json.path("eos_token_id"));
        try {
            return new GenerationConfig(
                    json.path("max_new_tokens").asInt(defaults.maxNewTokens),
                    json.path("do_sample").asBoolean(defaults.doSample),
                    json.path("temperature").asDouble(defaults.temperature),
                    json.path("top_k").asInt(defaults.topK),
                    json.path("top_p").asDouble(defaults.topP),
                    json.path("repetition_penalty").asDouble(defaults.repetitionPenalty),
                    eos.isEmpty() ? defaults.eosTokenIds : eos);
        } catch (UsageException e) {
            throw new TrainerException(file + ": " + e.getMessage(), e);
        }
    }

    /** The same with another limit of tokens. */
    public GenerationConfig withMaxNewTokens(int value) {
        return new GenerationConfig(value, doSample, temperature, topK, topP, repetitionPenalty, eosTokenIds);
    }

    /** The same, also ending at this token. */
    public GenerationConfig withEosTokenId(int id) {
        Set<Integer> ids = new TreeSet<>(eosTokenIds);
        ids.add(id);
        return new GenerationConfig(maxNewTokens, doSample, temperature, topK, topP, repetitionPenalty, ids);
    }

    /** Without what would be the default anyway: Python refuses a temperature where nothing is sampled. */
    String toJson() {
        ObjectNode json = ModelConfig.JSON.createObjectNode();
        json.put("do_sample", doSample);
        if (doSample) {
            json.put("temperature", temperature).put("top_k", topK).put("top_p", topP);
        }
        if (!eosTokenIds.isEmpty()) {
            ArrayNode eos = json.putArray("eos_token_id");
            new TreeSet<>(eosTokenIds).forEach(eos::add);
        }
        json.put("repetition_penalty", repetitionPenalty);
        if (maxNewTokens != DEFAULT_MAX_NEW_TOKENS) {
            json.put("max_new_tokens", maxNewTokens);
        }
        return json.toPrettyString() + "\n";
    }
}
