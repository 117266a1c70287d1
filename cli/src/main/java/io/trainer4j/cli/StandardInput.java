package io.trainer4j.cli;

import io.trainer4j.TrainerException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Text that is piped in; bytes that are not UTF-8 are refused, never replaced. */
final class StandardInput {
    private static final char BYTE_ORDER_MARK = '\ufeff';

    private final BufferedReader reader;
    private boolean begun;

    StandardInput(InputStream in) {
        reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()));
    }

    /** The next line without its end; null after the last. */
    String line() {
        try {
            String line = reader.readLine();
            boolean marked = !begun && line != null && line.indexOf(BYTE_ORDER_MARK) == 0;
            begun = true;
            return marked ? line.substring(1) : line;
        } catch (CharacterCodingException e) {
            throw new TrainerException("Standard input is not UTF-8 text; convert it, for example with iconv.", e);
        } catch (IOException e) {
            throw new TrainerException("Standard input cannot be read (" + e.getMessage() + "); check the pipe.", e);
        }
    }

    /** Everything up to the end. */
    String all() {
        StringBuilder text = new StringBuilder();
        for (String line = line(); line != null; line = line()) {
            text.append(line).append('\n');
        }
        return text.toString();
    }
}
