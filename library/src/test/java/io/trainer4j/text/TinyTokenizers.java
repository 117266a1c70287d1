package io.trainer4j.text;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Tokenizers of a few tokens, written to a folder. */
public final class TinyTokenizers {
    private static final JsonMapper JSON = JsonMapper.shared();

    private TinyTokenizers() {}

    /** A byte-level tokenizer with the bundled chat template. */
    static Path byteLevel(Path folder) {
        new BytePairTrainer(320, 2)
                .train(List.of("春天来了，花开了。春天走了，花谢了。", "the cat's hat, the cat's mat; abab abab"))
                .savePretrained(folder);
        return folder;
    }

    /** A BERT tokenizer with 16 tokens; the configuration is given as JSON. */
    public static Path bert(Path folder, String config) throws IOException {
        ObjectNode root = root();
        List<String> tokens = List.of(
                "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "hello", "world", "##s", "你", "好", "Hello", ".", "!", "a",
                "b", "c");
        for (String special : tokens.subList(0, 5)) {
            AddedToken.special(special).appendTo((ArrayNode) root.path("added_tokens"), tokens.indexOf(special));
        }
        root.set(
                "normalizer",
                read("{'type':'BertNormalizer','clean_text':true,'handle_chinese_chars':true,"
                        + "'strip_accents':null,'lowercase':true}"));
        root.set("pre_tokenizer", read("{'type':'BertPreTokenizer'}"));
        root.set(
                "post_processor",
                read("{'type':'TemplateProcessing','single':[" + special("[CLS]", 0) + "," + sequence("A", 0) + ","
                        + special("[SEP]", 0) + "],'pair':[" + special("[CLS]", 0) + "," + sequence("A", 0) + ","
                        + special("[SEP]", 0) + "," + sequence("B", 1) + "," + special("[SEP]", 1)
                        + "],'special_tokens':{'[CLS]':{'id':'[CLS]','ids':[2],'tokens':['[CLS]']},"
                        + "'[SEP]':{'id':'[SEP]','ids':[3],'tokens':['[SEP]']}}}"));
        root.set("decoder", read("{'type':'WordPiece','prefix':'##','cleanup':true}"));
        ObjectNode model = (ObjectNode) read("{'type':'WordPiece','unk_token':'[UNK]',"
                + "'continuing_subword_prefix':'##','max_input_chars_per_word':100}");
        root.set("model", model.set("vocab", vocabulary(tokens)));
        return write(folder, root, config);
    }

    /** A tokenizer of Llama 2's kind: words start with ▁, unknown characters are spelled as single bytes. */
    static Path byteFallback(Path folder) throws IOException {
        ObjectNode root = root();
        List<String> tokens = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
        for (int value = 0; value < 256; value++) {
            tokens.add("<0x%02X>".formatted(value));
        }
        tokens.addAll(List.of("▁", "h", "i", "▁h", "▁hi"));
        root.set(
                "normalizer",
                read("{'type':'Sequence','normalizers':[{'type':'Prepend','prepend':'▁'},"
                        + "{'type':'Replace','pattern':{'String':' '},'content':'▁'}]}"));
        root.set(
                "decoder",
                read("{'type':'Sequence','decoders':[{'type':'Replace','pattern':{'String':'▁'},'content':' '},"
                        + "{'type':'ByteFallback'},{'type':'Fuse'},"
                        + "{'type':'Strip','content':' ','start':1,'stop':0}]}"));
        ObjectNode model = (ObjectNode) read("{'type':'BPE','dropout':null,'unk_token':'<unk>',"
                + "'continuing_subword_prefix':null,'end_of_word_suffix':null,'fuse_unk':true,'byte_fallback':true,"
                + "'merges':['▁ h','▁h i']}");
        root.set("model", model.set("vocab", vocabulary(tokens)));
        return write(folder, root, "{}");
    }

    private static ObjectNode root() {
        return (ObjectNode) read("{'version':'1.0','truncation':{'direction':'Right','max_length':4,"
                + "'strategy':'LongestFirst','stride':0},'padding':null,'added_tokens':[],'normalizer':null,"
                + "'pre_tokenizer':null,'post_processor':null,'decoder':null}");
    }

    private static ObjectNode vocabulary(List<String> tokens) {
        ObjectNode vocabulary = JSON.createObjectNode();
        tokens.forEach(token -> vocabulary.put(token, vocabulary.size()));
        return vocabulary;
    }

    private static String special(String token, int type) {
        return "{'SpecialToken':{'id':'" + token + "','type_id':" + type + "}}";
    }

    private static String sequence(String id, int type) {
        return "{'Sequence':{'id':'" + id + "','type_id':" + type + "}}";
    }

    private static JsonNode read(String json) {
        return JSON.readTree(json.replace('\'', '"'));
    }

    private static Path write(Path folder, ObjectNode tokenizer, String config) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("tokenizer.json"), JSON.writeValueAsString(tokenizer));
        Files.writeString(folder.resolve("tokenizer_config.json"), config.replace('\'', '"'));
        return folder;
    }
}
