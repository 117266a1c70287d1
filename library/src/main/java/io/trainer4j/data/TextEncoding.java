package io.trainer4j.data;

import io.trainer4j.UsageException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** How the bytes of a data file are read as text; bytes that do not fit are an error, never replaced. */
public enum TextEncoding {
    /** UTF-8 when the whole file is valid UTF-8, else GB18030 when the whole file is valid GB18030. */
    AUTO,
    /** UTF-8 with or without a byte order mark. */
    UTF_8,
    /** GB18030, which contains GBK and GB2312. */
    GB18030;

    /**
     * The encoding of a name as users write it: {@code auto}, {@code utf-8} or {@code utf8}, {@code gb18030}, {@code
     * gbk} or {@code gb2312}, in any case.
     *
     * @throws UsageException for another name
     */
    public static TextEncoding of(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "auto" -> AUTO;
            case "utf-8", "utf8", "utf_8" -> UTF_8;
            case "gb18030", "gbk", "gb2312" -> GB18030;
            default ->
                throw new UsageException("Encoding \"" + name + "\" is not supported; give auto, utf-8 or gb18030.");
        };
    }

    /** The character sets to try, in order. */
    List<Charset> charsets() {
        Charset gb18030 = Charset.forName("GB18030");
        return switch (this) {
            case AUTO -> List.of(StandardCharsets.UTF_8, gb18030);
            case UTF_8 -> List.of(StandardCharsets.UTF_8);
            case GB18030 -> List.of(gb18030);
        };
    }
}
