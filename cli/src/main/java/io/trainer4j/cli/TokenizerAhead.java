package io.trainer4j.cli;

import io.trainer4j.data.WorkAhead;
import io.trainer4j.text.AutoTokenizer;
import io.trainer4j.text.Tokenizer;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** A tokenizer that is opened in a thread of its own, while rows are read and weights loaded; closed by closing this. */
record TokenizerAhead(CompletableFuture<Tokenizer> opening) implements AutoCloseable {

    /** Begins to open the tokenizer of a model's folder. */
    static TokenizerAhead of(Path folder) {
        return new TokenizerAhead(
                CompletableFuture.supplyAsync(() -> AutoTokenizer.fromPretrained(folder), TokenizerAhead::begin));
    }

    private static void begin(Runnable work) {
        Thread thread = new Thread(work, "trainer4j-tokenizer");
        thread.setDaemon(true);
        thread.start();
    }

    /** Waits for it; throws what opening it threw. */
    Tokenizer get() {
        return WorkAhead.await(opening);
    }

    @Override
    public void close() {
        opening.thenAccept(Tokenizer::close).exceptionally(failure -> null).join(); // get() tells of a failure
    }
}
