package io.trainer4j.text;

/**
 * Text of token ids that arrive one by one, in time linear in their number. The texts returned, put together, are what
 * {@link Tokenizer#decode} returns for all ids, except that a character the ids leave unfinished at the end is left out.
 * One decoder serves one row of ids and one thread.
 */
public sealed interface StreamingDecoder permits ByteLevelStream, WindowStream {
    /**
     * Takes the next id.
     *
     * @return the text that no later id can change, often empty; never half a character
     */
    String put(int id);

    /** Ends the row: the rest of the text, if any. */
    String end();
}
