package io.trainer4j.cli;

import io.trainer4j.option.Option;
import io.trainer4j.option.Options;
import io.trainer4j.search.Pruner;
import io.trainer4j.search.Sampler;
import java.util.List;

/** What is varied in a search, and how. */
final class SearchOptions extends Options<SearchOptions> {
    @Option(
            help = "Training arguments to vary: learning_rate=loguniform:1e-5,1e-3, weight_decay=uniform:0,0.1,"
                    + " num_train_epochs=int:1,4, lr_scheduler_type=choice:linear,cosine.",
            required = true)
    private List<String> search;

    @Option(help = "Runs to try.", min = 1)
    private int nTrials = 20;

    @Option(help = "tpe tries what is like the best trials; random tries anything.")
    private Sampler sampler = Sampler.TPE;

    @Option(help = "successive-halving ends trials that are behind after 1, 3, 9, ... evaluations.")
    private Pruner pruner = Pruner.NONE;

    @Option(help = "Seed of the search; the same seed gives the same trials.", min = 0, max = 4294967295.0)
    private long searchSeed = 42;

    List<String> search() {
        return search;
    }

    int nTrials() {
        return nTrials;
    }

    Sampler sampler() {
        return sampler;
    }

    Pruner pruner() {
        return pruner;
    }

    long searchSeed() {
        return searchSeed;
    }
}
