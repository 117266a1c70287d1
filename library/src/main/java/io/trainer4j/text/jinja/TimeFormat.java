package io.trainer4j.text.jinja;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.IsoFields;
import java.util.Locale;

/** Times as C's {@code strftime} writes them in English. */
final class TimeFormat {
    private TimeFormat() {}

    static String format(LocalDateTime time, String format) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%') {
                text.append(c);
                continue;
            }
            boolean plain = format.startsWith("-", i + 1);
            i += plain ? 2 : 1;
            if (i >= format.length()) {
                throw new Fault("the time format '" + format + "' ends within a directive");
            }
            String directive = directive(time, format.charAt(i));
            text.append(plain ? directive.replaceFirst("^[0 ]+(?=.)", "") : directive);
        }
        return text.toString();
    }

    private static String directive(LocalDateTime time, char directive) {
        String pattern = switch (directive) {
            case '%' -> "'%'";
            case 'n' -> "'\n'";
            case 't' -> "'\t'";
            case 'Y' -> "uuuu";
            case 'y' -> "uu";
            case 'm' -> "MM";
            case 'B' -> "MMMM";
            case 'b', 'h' -> "MMM";
            case 'd' -> "dd";
            case 'e' -> "ppd";
            case 'j' -> "DDD";
            case 'A' -> "EEEE";
            case 'a' -> "EEE";
            case 'H' -> "HH";
            case 'I' -> "hh";
            case 'M' -> "mm";
            case 'S' -> "ss";
            case 'k' -> "ppH";
            case 'l' -> "pph";
            case 'f' -> "SSSSSS";
            case 'p' -> "a";
            case 'F' -> "uuuu-MM-dd";
            case 'T', 'X' -> "HH:mm:ss";
            case 'D', 'x' -> "MM/dd/uu";
            case 'R' -> "HH:mm";
            case 'r' -> "hh:mm:ss a";
            case 'u' -> "'" + time.getDayOfWeek().getValue() + "'";
            case 'w' -> "'" + time.getDayOfWeek().getValue() % 7 + "'";
            case 'G' -> "'" + time.get(IsoFields.WEEK_BASED_YEAR) + "'";
            case 'V' -> String.format("'%02d'", time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
            case 'P' -> time.getHour() < 12 ? "'am'" : "'pm'";
            case 'c' -> "EEE MMM ppd HH:mm:ss uuuu";
            case 'Z', 'z' -> "";
            default -> throw new Fault("the directive %" + directive + " of a time format is not supported");
        };
        return pattern.isEmpty()
                ? ""
                : DateTimeFormatter.ofPattern(pattern, Locale.US).format(time);
    }
}
