package io.trainer4j.text.jinja;

import io.trainer4j.text.jinja.Token.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Splits a template into tokens. Tags at the start of a line lose the blanks before them and the line break behind them
 * ({@code lstrip_blocks}, {@code trim_blocks}); see Jinja's lexer.py.
 */
final class Lexer {
    private static final Pattern TAG = pattern("\\{[{%#]");
    private static final Pattern RAW_BEGIN = pattern("\\{%[-+]?\\s*raw\\s*(?:-%\\}\\s*|%\\})");
    private static final Pattern RAW_END = pattern("\\{%(?<sign>[-+]?)\\s*endraw\\s*(?:\\+%\\}|-%\\}\\s*|%\\}\\n?)");
    private static final Pattern COMMENT_END = pattern("\\+#\\}|-#\\}\\s*|#\\}\\n?");
    private static final Pattern BLOCK_END = pattern("\\+%\\}|-%\\}\\s*|%\\}\\n?");
    private static final Pattern OUTPUT_END = pattern("-\\}\\}\\s*|\\}\\}");
    private static final Pattern SPACE = pattern("\\s+");
    private static final Pattern FLOAT =
            pattern("(?<!\\.)\\d+(?:_\\d+)*(?:(?:\\.\\d+(?:_\\d+)*)?[eE][+-]?\\d+(?:_\\d+)*|\\.\\d+(?:_\\d+)*)");
    private static final Pattern INTEGER =
            pattern("0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[0-9a-fA-F])+|[1-9](?:_?\\d)*|0(?:_?0)*");
    private static final Pattern NAME = pattern("[\\p{L}\\p{Nl}_]\\w*");
    private static final Pattern STRING = pattern("'(?:[^'\\\\]|\\\\.)*+'|\"(?:[^\"\\\\]|\\\\.)*+\"");
    private static final Pattern OPERATOR = pattern("\\*\\*|//|==|!=|>=|<=|[-+/*%~\\[\\](){}><=.:|,;]");

    private final String template;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private boolean lineStarts = true;

    private Lexer(String template) {
        this.template = template;
    }

    /** Line breaks are one character each, and one at the end does not count. */
    static String normalize(String source) {
        String text = source.replace("\r\n", "\n").replace('\r', '\n');
        return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    }

    /**
     * @param template normalized
     */
    static List<Token> tokens(String template) {
        Lexer lexer = new Lexer(template);
        Matcher tag = TAG.matcher(template);
        while (tag.find(lexer.at)) {
            lexer.tag(tag.start());
        }
        lexer.data(template.substring(lexer.at), lexer.at);
        lexer.tokens.add(Token.of(Kind.END, "", template.length()));
        return lexer.tokens;
    }

    private void tag(int start) {
        char type = template.charAt(start + 1);
        char sign = start + 2 < template.length() ? template.charAt(start + 2) : ' ';
        data(before(template.substring(at, start), sign, type != '{'), at);
        Matcher raw = matcher(RAW_BEGIN, start);
        if (type == '%' && raw.lookingAt()) {
            advance(raw);
            raw();
            return;
        }
        at = start + (sign == '-' || sign == '+' ? 3 : 2);
        if (type == '#') {
            Matcher end = matcher(COMMENT_END, at);
            if (!end.find()) {
                throw new Fault("the comment that starts here has no end", start);
            }
            advance(end);
        } else {
            tokens.add(Token.of(type == '{' ? Kind.OUTPUT_BEGIN : Kind.BLOCK_BEGIN, "", start));
            code(type == '{');
        }
    }

    private void raw() {
        Matcher end = matcher(RAW_END, at);
        if (!end.find()) {
            throw new Fault("the raw block that starts here has no end", at);
        }
        String sign = end.group("sign");
        data(before(template.substring(at, end.start()), sign.isEmpty() ? ' ' : sign.charAt(0), true), at);
        advance(end);
    }

    /** The text before a tag, without what the tag takes away. */
    private String before(String text, char sign, boolean stripLine) {
        if (sign == '-') {
            return PythonStrings.strip(text, null, false, true);
        }
        int line = text.lastIndexOf('\n') + 1;
        boolean blank = SPACE.matcher(text).region(line, text.length()).matches();
        return stripLine && sign != '+' && (line > 0 || lineStarts) && blank ? text.substring(0, line) : text;
    }

    private void data(String text, int from) {
        if (!text.isEmpty()) {
            tokens.add(Token.of(Kind.DATA, text, from));
        }
    }

    /** What stands between the braces; closing braces end it only where no bracket is open. */
    private void code(boolean output) {
        Deque<Character> open = new ArrayDeque<>();
        while (at < template.length()) {
            Matcher end = matcher(output ? OUTPUT_END : BLOCK_END, at);
            if (open.isEmpty() && end.lookingAt()) {
                tokens.add(Token.of(output ? Kind.OUTPUT_END : Kind.BLOCK_END, "", at));
                advance(end);
                return;
            }
            Matcher space = matcher(SPACE, at);
            if (space.lookingAt()) {
                advance(space);
            } else {
                token(open);
            }
        }
    }

    private void token(Deque<Character> open) {
        int start = at;
        String text;
        if ((text = take(FLOAT)) != null) {
            tokens.add(new Token(Kind.FLOAT, text, Double.valueOf(text.replace("_", "")), start));
        } else if ((text = take(INTEGER)) != null) {
            tokens.add(new Token(Kind.INTEGER, text, Literals.integer(text, start), start));
        } else if ((text = take(NAME)) != null) {
            tokens.add(Token.of(Kind.NAME, text, start));
        } else if ((text = take(STRING)) != null) {
            tokens.add(Token.of(Kind.STRING, Literals.unescape(text.substring(1, text.length() - 1), start), start));
        } else if ((text = take(OPERATOR)) != null) {
            balance(open, text.charAt(0), start);
            tokens.add(Token.of(Kind.OPERATOR, text, start));
        } else if (template.charAt(at) == '\'' || template.charAt(at) == '"') {
            throw new Fault("the string that starts here has no end", at);
        } else {
            throw new Fault(
                    "the character '" + Character.toString(template.codePointAt(at)) + "' is not expected here", at);
        }
    }

    private static void balance(Deque<Character> open, char operator, int at) {
        switch (operator) {
            case '(' -> open.push(')');
            case '[' -> open.push(']');
            case '{' -> open.push('}');
            case ')', ']', '}' -> {
                if (open.isEmpty() || open.pop() != operator) {
                    throw new Fault("'" + operator + "' closes what is not open", at);
                }
            }
            default -> {}
        }
    }

    private String take(Pattern pattern) {
        Matcher matcher = matcher(pattern, at);
        if (!matcher.lookingAt()) {
            return null;
        }
        advance(matcher);
        return matcher.group();
    }

    private void advance(Matcher matcher) {
        at = matcher.end();
        lineStarts = matcher.group().endsWith("\n");
    }

    private Matcher matcher(Pattern pattern, int from) {
        return pattern.matcher(template).region(from, template.length()).useTransparentBounds(true);
    }

    private static Pattern pattern(String regex) {
        return Pattern.compile(regex, Pattern.DOTALL | Pattern.UNICODE_CHARACTER_CLASS);
    }
}
