package io.trainer4j.report;

import java.util.List;
import java.util.Locale;

/** A page in the making. Whatever is data is escaped here and nowhere else. */
final class Html {
    private static final String STYLE = """
            :root { color-scheme: light dark; --ink: #222; --page: #fff; --rule: #ccc; --one: #1f77b4; --two: #d62728;
                --font: system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
            @media (prefers-color-scheme: dark) {
                :root { --ink: #ddd; --page: #181a1b; --rule: #444; --one: #6cb4ee; --two: #ff7b72; }
            }
            body { font: 15px/1.5 var(--font); max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
                color: var(--ink); background: var(--page); }
            h1 { overflow-wrap: anywhere; }
            table { border-collapse: separate; border-spacing: 0; display: block; overflow-x: auto; margin: 1rem 0; }
            th, td { border: solid var(--rule); border-width: 0 1px 1px 0; padding: .3rem .6rem; text-align: left;
                vertical-align: top; white-space: pre-wrap; }
            tr:first-child th { border-top-width: 1px; }
            th:first-child, td:first-child { border-left-width: 1px; position: sticky; left: 0; background: var(--page); }
            td { overflow-wrap: anywhere; min-width: 7rem; }
            td:empty { min-width: 0; }
            td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; min-width: 0; }
            .matrix th + th { writing-mode: vertical-rl; max-height: 14rem; overflow-wrap: anywhere; padding: .6rem .3rem; }
            .chart { overflow-x: auto; }
            svg { max-width: 100%; min-width: 36rem; height: auto; }
            svg text { fill: currentColor; font: 13px var(--font); }
            .grid { stroke: currentColor; stroke-opacity: .15; }
            .line { fill: none; stroke-width: 2.5; }
            .first { stroke: var(--one); }
            .second { stroke: var(--two); }
            .bar { fill: var(--one); fill-opacity: .6; }
            """;

    private final String title;
    private final StringBuilder body = new StringBuilder();

    Html(String title) {
        this.title = title;
        body.append("<h1>").append(escape(title)).append("</h1>\n");
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    void heading(String text) {
        body.append("<h2>").append(escape(text)).append("</h2>\n");
    }

    void paragraph(String text) {
        body.append("<p>").append(escape(text)).append("</p>\n");
    }

    void drawing(String svg) {
        body.append("<div class=\"chart\">\n").append(svg).append("\n</div>\n");
    }

    /** Cells that are numbers stand on the right; a fraction has four digits after the point, or an exponent. */
    void table(List<String> header, List<? extends List<?>> rows) {
        table("<table>", header, rows);
    }

    /** A table with many narrow columns, whose names are written downwards. */
    void matrix(List<String> header, List<? extends List<?>> rows) {
        table("<table class=\"matrix\">", header, rows);
    }

    private void table(String tag, List<String> header, List<? extends List<?>> rows) {
        body.append(tag).append("\n<tr>");
        header.forEach(cell -> body.append("<th>").append(escape(cell)).append("</th>"));
        body.append("</tr>\n");
        for (List<?> row : rows) {
            body.append("<tr>");
            row.forEach(this::cell);
            body.append("</tr>\n");
        }
        body.append("</table>\n");
    }

    /** A share, which has four digits after the point even where it is 0 or 1. */
    record Share(double value) {}

    /** A number on a background that is the stronger the larger its share. */
    record Shaded(long value, double share) {}

    private void cell(Object value) {
        if (value instanceof Shaded shaded) {
            body.append(String.format(
                    Locale.ROOT,
                    "<td class=\"number\" style=\"background: rgba(31, 119, 180, %.2f)\">%d</td>",
                    shaded.share() * 0.7,
                    shaded.value()));
        } else if (value instanceof Share share) {
            body.append("<td class=\"number\">")
                    .append(String.format(Locale.ROOT, "%.4f", share.value()))
                    .append("</td>");
        } else if (value instanceof Number number) {
            body.append("<td class=\"number\">").append(text(number)).append("</td>");
        } else {
            body.append("<td>").append(escape(String.valueOf(value))).append("</td>");
        }
    }

    private static String text(Number number) {
        if (!(number instanceof Double || number instanceof Float)) {
            return number.toString();
        }
        double value = number.doubleValue();
        double size = Math.abs(value);
        boolean plain = size == 0 || (size >= 1e-3 && size < 1e9) || !Double.isFinite(value);
        return String.format(Locale.ROOT, !plain ? "%.3e" : value == Math.rint(value) ? "%.0f" : "%.4f", value);
    }

    /** The whole document, which refers to nothing outside. */
    String page() {
        return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" + escape(title)
                + "</title>\n<style>\n"
                + STYLE + "</style>\n</head>\n<body>\n" + body + "</body>\n</html>\n";
    }
}
