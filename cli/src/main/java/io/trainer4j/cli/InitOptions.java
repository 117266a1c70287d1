package io.trainer4j.cli;

import io.trainer4j.option.Option;
import io.trainer4j.option.Options;
import java.nio.file.Path;
import java.util.List;

/** Shape of a new base model. */
final class InitOptions extends Options<InitOptions> {
    @Option(help = "Folder for the new model; must be empty or not there yet.", required = true)
    private Path outputDir;

    @Option(help = "Text files the tokenizer is trained on, in UTF-8; CSV and JSON are taken as text.", required = true)
    private List<Path> textFile;

    @Option(help = "Tokens at most, special tokens included.", min = 259)
    private int vocabSize = 4096;

    @Option(help = "Times two tokens must occur side by side to become one.", min = 1)
    private int minFrequency = 2;

    @Option(help = "Size of the vector that stands for a token.", min = 2)
    private int hiddenSize = 256;

    @Option(help = "Size of the feed-forward layers.", min = 1)
    private int intermediateSize = 768;

    @Option(help = "Decoder layers.", min = 1)
    private int numHiddenLayers = 4;

    @Option(help = "Attention heads.", min = 1)
    private int numAttentionHeads = 4;

    @Option(help = "Heads of keys and values, shared by the attention heads.", min = 1)
    private int numKeyValueHeads = 2;

    @Option(help = "Most tokens of a text.", min = 1)
    private int maxPositionEmbeddings = 1024;

    @Option(help = "Seed of the initial weights.", min = 0, max = 4294967295.0)
    private long seed = 42;

    Path outputDir() {
        return outputDir;
    }

    List<Path> textFile() {
        return textFile;
    }

    int vocabSize() {
        return vocabSize;
    }

    int minFrequency() {
        return minFrequency;
    }

    int hiddenSize() {
        return hiddenSize;
    }

    int intermediateSize() {
        return intermediateSize;
    }

    int numHiddenLayers() {
        return numHiddenLayers;
    }

    int numAttentionHeads() {
        return numAttentionHeads;
    }

    int numKeyValueHeads() {
        return numKeyValueHeads;
    }

    int maxPositionEmbeddings() {
        return maxPositionEmbeddings;
    }

    long seed() {
        return seed;
    }
}
