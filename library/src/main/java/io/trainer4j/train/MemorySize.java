package io.trainer4j.train;

import io.trainer4j.UsageException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An amount of memory in words: {@code 2GB}, {@code 800 MiB}. */
public final class MemorySize {
    private static final Pattern WORDS =
            Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*([KMGT]i?B?|B)", Pattern.CASE_INSENSITIVE);

    /** GB counts in thousands, GiB and a G alone, as in Java's -Xmx, in 1024. */
    private static final Map<String, Integer> POWERS = Map.of("K", 1, "M", 2, "G", 3, "T", 4);

    private static final double MIB = 1 << 20;

    private MemorySize() {}

    /**
     * Reads an amount.
     *
     * @param option what the user gave it to, for the message
     * @return bytes, at least 1
     * @throws UsageException for anything else than a positive number and a unit
     */
    public static long parse(String option, String text) {
        Matcher words = WORDS.matcher(text.strip());
        if (!words.matches() || Double.parseDouble(words.group(1)) <= 0) {
            throw new UsageException("Option %s is \"%s\" but must be an amount of memory such as 2GB or 800MiB."
                    .formatted(option, text));
        }
        String unit = words.group(2).toUpperCase(java.util.Locale.ROOT);
        int power = POWERS.getOrDefault(unit.substring(0, 1), 0);
        int base = unit.length() == 2 ? 1000 : 1024;
        return (long) (Double.parseDouble(words.group(1)) * Math.pow(base, power));
    }

    /** An amount for people to read, in MiB below ten GiB. */
    static String text(long bytes) {
        double mib = bytes / MIB;
        return mib < 10_000 ? "%,.0f MiB".formatted(mib) : "%,.1f GiB".formatted(mib / 1024);
    }
}
