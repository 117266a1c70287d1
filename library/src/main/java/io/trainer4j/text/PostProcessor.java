package io.trainer4j.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The special tokens around one text and around two, {@code TemplateProcessing} in {@code tokenizer.json}. */
record PostProcessor(List<Part> single, List<Part> pair) {
    /**
     * A text or a special token.
     *
     * @param name {@code A} or {@code B} for a text, the spelling of a token
     * @param typeId what {@code token_type_ids} says there
     */
    record Part(String name, int typeId, boolean isText) {
        static Part text(String name, int typeId) {
            return new Part(name, typeId, true);
        }

        static Part token(String name, int typeId) {
            return new Part(name, typeId, false);
        }
    }

    /** The beginning and the end of every text; transformers' {@code update_post_processor}. */
    static PostProcessor around(Optional<String> bos, Optional<String> eos) {
        List<Part> single = surrounded("A", 0, bos, eos);
        List<Part> pair = new ArrayList<>(single);
        pair.addAll(surrounded("B", 1, bos, eos));
        return new PostProcessor(single, pair);
    }

    private static List<Part> surrounded(String text, int typeId, Optional<String> bos, Optional<String> eos) {
        List<Part> parts = new ArrayList<>();
        bos.ifPresent(token -> parts.add(Part.token(token, typeId)));
        parts.add(Part.text(text, typeId));
        eos.ifPresent(token -> parts.add(Part.token(token, typeId)));
        return parts;
    }

    /** As {@code tokenizer.json} writes it; every token named has to be in the vocabulary. */
    ObjectNode json(Vocabulary vocabulary) {
        ObjectNode template = Steps.step("TemplateProcessing");
        write(single, template.putArray("single"));
        write(pair, template.putArray("pair"));
        ObjectNode tokens = template.putObject("special_tokens");
        for (Part part : pair) {
            if (!part.isText()) {
                ObjectNode token = tokens.putObject(part.name()).put("id", part.name());
                token.putArray("ids").add(vocabulary.id(part.name()).orElseThrow());
                token.putArray("tokens").add(part.name());
            }
        }
        return template;
    }

    private static void write(List<Part> parts, ArrayNode target) {
        for (Part part : parts) {
            target.addObject()
                    .putObject(part.isText() ? "Sequence" : "SpecialToken")
                    .put("id", part.name())
                    .put("type_id", part.typeId());
        }
    }
}
