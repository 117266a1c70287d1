package io.trainer4j.text;

import io.trainer4j.UsageException;
import io.trainer4j.text.jinja.RenderedTemplate;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * Turns text into the token ids a model was trained with, and back; the ids are those of transformers' tokenizer for the
 * same files.
 *
 * <p>Any number of threads may use one tokenizer at the same time. It holds native memory: {@link #close()} it once, when
 * no other thread uses it any more.
 */
public final class Tokenizer implements AutoCloseable {
    private final TokenizerFiles files;
    private volatile Opened opened;
    private boolean closed;

    /** What encoding and decoding need. */
    private record Opened(TokenizerDefinition definition, NativeTokenizer library) {
        static Opened of(TokenizerFiles files) {
            TokenizerDefinition.Parsed parsed = TokenizerDefinition.of(files);
            return new Opened(
                    parsed.definition(), new NativeTokenizer(parsed.json(), files.file(TokenizerFiles.TOKENIZER)));
        }
    }

    Tokenizer(TokenizerFiles files) {
        this.files = files;
        opened = Opened.of(files);
    }

    private TokenizerDefinition definition() {
        return opened().definition;
    }

    private NativeTokenizer library() {
        return opened().library;
    }

    private Opened opened() {
        Opened known = opened;
        return known == null ? openAgain() : known;
    }

    private synchronized Opened openAgain() {
        if (closed) {
            throw new IllegalStateException("The tokenizer is closed.");
        }
        if (opened == null) {
            opened = Opened.of(files);
        }
        return opened;
    }

    /** Encodes a text with the special tokens its model puts around a text, without truncation. */
    public int[] encode(String text) {
        return library().encode(text, true);
    }

    /** Encodes a text as it is; special tokens spelled in the text become their ids. For rendered chat templates. */
    public int[] encodeWithoutSpecialTokens(String text) {
        return library().encode(text, false);
    }

    /** Encodes a batch with special tokens; padding goes to the side the tokenizer's configuration names, else right. */
    public BatchEncoding encode(List<String> texts, Padding padding, Truncation truncation) {
        return encode(texts, padding, truncation, definition().paddingSide());
    }

    /**
     * Encodes a batch with special tokens, as transformers' {@code tokenizer(texts, padding=…, truncation=…,
     * max_length=…, padding_side=…)}.
     *
     * @throws UsageException if padding is asked for and the tokenizer has no pad token, if {@link Padding#MAX_LENGTH}
     *     comes without a maximum length, or if the maximum length leaves no room for the special tokens
     */
    public BatchEncoding encode(List<String> texts, Padding padding, Truncation truncation, Side paddingSide) {
        return batch(library().encode(texts), padding, truncation, paddingSide);
    }

    /**
     * Encodes pairs of texts like {@link #encode(List, Padding, Truncation)}; truncation takes from the longer text first.
     *
     * @param pairs the second text of every row
     */
    public BatchEncoding encode(List<String> texts, List<String> pairs, Padding padding, Truncation truncation) {
        if (texts.size() != pairs.size()) {
            throw new UsageException("There are " + texts.size() + " texts and " + pairs.size()
                    + " second texts; give one second text for every text.");
        }
        return batch(
                library().encode(texts, pairs),
                padding,
                truncation,
                definition().paddingSide());
    }

    /** The text of a row of ids; ids that are no token of this tokenizer are left out, as transformers does. */
    public String decode(int[] ids, SpecialTokens specialTokens) {
        for (int id : ids) {
            if (id < 0) {
                throw new UsageException("The id " + id + " cannot be decoded; leave out what is not a token, such as"
                        + " the label -100.");
            }
        }
        String text = library().decode(ids, specialTokens == SpecialTokens.SKIP);
        return definition().cleanUpSpaces() ? SpaceCleanUp.apply(text) : text;
    }

    /** A decoder for ids that arrive one by one. */
    public StreamingDecoder streamingDecoder(SpecialTokens specialTokens) {
        return definition().byteLevel()
                ? new ByteLevelStream(definition().vocabulary(), specialTokens)
                : new WindowStream(ids -> library().decode(ids, specialTokens == SpecialTokens.SKIP));
    }

    /** The token that fills rows; empty if the tokenizer has none. */
    public OptionalInt padTokenId() {
        return definition().specialId("pad_token");
    }

    /** The token that ends a text or an answer; empty if the tokenizer has none. */
    public OptionalInt eosTokenId() {
        return definition().specialId("eos_token");
    }

    /** The token that starts a text; empty if the tokenizer has none. */
    public OptionalInt bosTokenId() {
        return definition().specialId("bos_token");
    }

    /** The token for what the vocabulary cannot spell; empty if the tokenizer has none. */
    public OptionalInt unkTokenId() {
        return definition().specialId("unk_token");
    }

    /** The token that stands for a hidden one; empty if the tokenizer has none. */
    public OptionalInt maskTokenId() {
        return definition().specialId("mask_token");
    }

    /** The tokens with a role, such as the end of a text or padding: {@code tokenizer.all_special_ids} in transformers. */
    public Set<Integer> specialTokenIds() {
        Set<Integer> ids = new TreeSet<>();
        definition()
                .specialTokens()
                .keySet()
                .forEach(role -> definition().specialId(role).ifPresent(ids::add));
        return ids;
    }

    /** Number of tokens including added ones: {@code len(tokenizer)} in transformers. */
    public int vocabSize() {
        return definition().vocabulary().size();
    }

    /** The id of a token spelled as in {@code tokenizer.json}. */
    public OptionalInt tokenToId(String token) {
        return definition().vocabulary().id(token);
    }

    /** A token as it is spelled in {@code tokenizer.json}; empty if no token has this id. */
    public Optional<String> idToToken(int id) {
        return definition().vocabulary().token(id);
    }

    /**
     * The model's chat template, of several the one named {@code default}; empty if it has none. One that cannot be
     * rendered says so when it is used.
     */
    public Optional<ChatTemplate> chatTemplate() {
        return definition().chatTemplates().standard();
    }

    /** One of the model's chat templates by its name, for example {@code tool_use} or {@code rag}. */
    public Optional<ChatTemplate> chatTemplate(String name) {
        return definition().chatTemplates().named(name);
    }

    /**
     * Token ids of a conversation written in the model's chat template, as transformers' {@code
     * apply_chat_template(messages, add_generation_prompt=…)}.
     *
     * @param messages the turns in order, at least one
     * @throws UsageException if the tokenizer has no chat template
     */
    public int[] applyChatTemplate(List<ChatMessage> messages, GenerationPrompt generationPrompt) {
        return applyChatTemplate(ChatTemplateInput.of(messages, generationPrompt));
    }

    /**
     * Token ids of a conversation with tools, documents or other variables; with tools, the template named
     * {@code tool_use} is used if there is one.
     *
     * @throws UsageException if the tokenizer has no chat template
     */
    public int[] applyChatTemplate(ChatTemplateInput input) {
        return encodeWithoutSpecialTokens(render(input).text());
    }

    /**
     * Writes the files this tokenizer was loaded from, byte for byte, and the {@code tokenizer.json} that was made from
     * them if there was none; files of the same names are replaced.
     */
    public void savePretrained(Path folder) {
        files.save(folder);
    }

    /**
     * Gives back the memory that encoding and decoding need, about 120 MiB for 152,000 tokens, as while a model is trained with
     * rows that are encoded. Saving works on; whatever else is asked opens the tokenizer again, which takes as long as at
     * first. No other thread may use it meanwhile.
     */
    public synchronized void rest() {
        if (opened != null) {
            opened.library.close();
            opened = null;
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        rest();
    }

    RenderedTemplate render(ChatTemplateInput input) {
        return definition()
                .chatTemplates()
                .choose(input)
                .orElseThrow(() -> new UsageException("The tokenizer in " + files.folder()
                        + " has no chat template; encode the text as it is with encode."))
                .render(input);
    }

    /** Encodes a text as it is, like {@link #encodeWithoutSpecialTokens(String)}. */
    OffsetEncoding encodeWithOffsets(String text) {
        return library().encodeWithOffsets(text);
    }

    /** Tokens that are found wherever a text spells them and touch nothing around them. */
    List<String> markers() {
        return definition().markers();
    }

    Path folder() {
        return files.folder();
    }

    /** The spelling of the token that ends a text. */
    Optional<String> eosToken() {
        return Optional.ofNullable(definition().specialTokens().get("eos_token"));
    }

    private BatchEncoding batch(List<EncodedRow> rows, Padding padding, Truncation truncation, Side paddingSide) {
        int maxLength = truncation.maxLength().orElse(Integer.MAX_VALUE);
        List<EncodedRow> kept = rows.stream()
                .map(row -> row.truncate(maxLength, definition().truncationSide()))
                .toList();
        int length = switch (padding) {
            case DO_NOT_PAD -> 0;
            case LONGEST -> kept.stream().mapToInt(EncodedRow::length).max().orElse(0);
            case MAX_LENGTH ->
                truncation
                        .maxLength()
                        .orElseThrow(() -> new UsageException(
                                "Padding to the maximum length needs one; give Truncation.to(maxLength)."));
        };
        int padTokenId = padding == Padding.DO_NOT_PAD ? 0 : requirePadTokenId();
        return BatchEncoding.of(
                rows,
                kept,
                new RowPadding(length, paddingSide, padTokenId),
                definition().tokenTypeIds());
    }

    private int requirePadTokenId() {
        return padTokenId()
                .orElseThrow(() -> new UsageException("The tokenizer in " + files.folder()
                        + " has no pad_token; name one in tokenizer_config.json or use Padding.DO_NOT_PAD."));
    }
}
