package io.trainer4j.report;

import java.util.List;
import java.util.Locale;

/** A page in the making. Whatever is data is escaped here and nowhere else. */
final class Html {
    private static final String STYLE = """
            :root { color-scheme: light dark; --ink: #222; --page: #fff; --rule: #ccc; --one: #1f77b4; --two: #d62728; }
            @media (prefers-color-scheme: dark) {
                :root { --ink: #ddd; --page: #181a1b; --rule: #444; --one: #6cb4ee; --two: #ff7b72; }
            }
            body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
                color: var(--ink); background: var(--page); }
            table { border-collapse: collapse; display: block; overflow-x: auto; margin: 1rem 0; }
            th, td { border: 1px solid var(--rule); padding: .3rem .6rem; text-align: left;
                vertical-align: top; white-space: pre-wrap; }
            td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
            svg { max-width: 100%; height: auto; }
            svg text { fill: currentColor; font: 13px system-ui, sans-serif; }
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
        body.append(svg).append('\n');
    }

    /** Cells that are numbers stand on the right, with four digits after the point if they are fractions. */
    void table(List<String> header, List<? extends List<?>> rows) {
        body.append("<table>\n<tr>");
        header.forEach(cell -> body.append("<th>").append(escape(cell)).append("</th>"));
        body.append("</tr>\n");
        for (List<?> row : rows) {
            body.append("<tr>");
            row.forEach(this::cell);
            body.append("</tr>\n");
        }
        body.append("</table>\n");
    }

    /** A number on a background that is the stronger the larger its share. */
    record Shaded(long value, double share) {}

    private void cell(Object value) {
        if (value instanceof Shaded shaded) {
            body.append(String.format(
                    Locale.ROOT,
                    "<td class=\"number\" style=\"background: rgba(31, 119, 180, %.2f)\">%d</td>",
                    shaded.share() * 0.7,
                    shaded.value()));
        } else if (value instanceof Number number) {
            boolean whole = !(number instanceof Double) || number.doubleValue() == Math.rint(number.doubleValue());
            body.append("<td class=\"number\">")
                    .append(String.format(Locale.ROOT, whole ? "%.0f" : "%.4f", number.doubleValue()))
                    .append("</td>");
        } else {
            body.append("<td>").append(escape(String.valueOf(value))).append("</td>");
        }
    }

    /** The whole document, which refers to nothing outside. */
    String page() {
        return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                + "<meta name=\"viewport\" content=\"width=device-width\">\n<title>" + escape(title)
                + "</title>\n<style>\n"
                + STYLE + "</style>\n</head>\n<body>\n" + body + "</body>\n</html>\n";
    }
}
