package io.trainer4j.report;

import io.trainer4j.metric.Calibration;
import java.util.List;
import java.util.Locale;

/** A chart as an SVG element for an {@link Html} page, which gives its classes their colours. */
final class SvgChart {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 360;
    private static final int LEFT = 64;
    private static final int RIGHT = 16;
    private static final int TOP = 36;
    private static final int BOTTOM = 48;
    private static final List<String> STYLES = List.of("line first", "line second");

    private final StringBuilder svg = new StringBuilder();
    private final Axis horizontal;
    private final Axis vertical;

    private SvgChart(Axis horizontal, Axis vertical, String horizontalName, String verticalName) {
        this.horizontal = horizontal;
        this.vertical = vertical;
        add(
                "<svg viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\" aria-label=\"%s by %s\">",
                WIDTH, HEIGHT, WIDTH, HEIGHT, verticalName, horizontalName);
        for (double tick : vertical.ticks()) {
            segment("grid", horizontal.from(), tick, horizontal.until(), tick);
            text(LEFT - 8, y(tick) + 4, "end", vertical.label(tick));
        }
        for (double tick : horizontal.ticks()) {
            segment("grid", tick, vertical.from(), tick, vertical.until());
            text(x(tick), HEIGHT - BOTTOM + 18, "middle", horizontal.label(tick));
        }
        text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 8, "middle", horizontalName);
        text(8, 16, "start", verticalName);
    }

    /** The losses of a run by step. */
    static String losses(List<Series> series) {
        SvgChart chart = new SvgChart(
                Axis.overWhole(values(series, true), 8), Axis.over(values(series, false), 6), "step", "loss");
        for (int i = 0; i < series.size(); i++) {
            chart.line(STYLES.get(i), series.get(i).points());
            int from = 160 + i * 200;
            chart.add("<path class=\"%s\" d=\"M%d 12H%d\"/>", STYLES.get(i), from, from + 30);
            chart.text(from + 38, 16, "start", series.get(i).name());
        }
        return chart.end();
    }

    private static double[] values(List<Series> series, boolean horizontal) {
        return series.stream()
                .flatMap(line -> line.points().stream())
                .mapToDouble(point -> horizontal ? point.x() : point.y())
                .toArray();
    }

    /** Accuracy by confidence, with the line on which a calibrated model's bars end. */
    static String calibration(List<Calibration.Bin> bins) {
        SvgChart chart = new SvgChart(Axis.over(0, 1, 10), Axis.over(0, 1, 5), "confidence", "accuracy");
        for (int i = 0; i < bins.size(); i++) {
            if (bins.get(i).rows() > 0) {
                double left = chart.x((double) i / bins.size());
                double right = chart.x((i + 1.0) / bins.size());
                double top = chart.y(bins.get(i).accuracy());
                chart.add(
                        "<rect class=\"bar\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"><title>%d rows</title></rect>",
                        left + 1,
                        top,
                        right - left - 2,
                        chart.y(0) - top,
                        bins.get(i).rows());
            }
        }
        chart.segment("line second", 0, 0, 1, 1);
        return chart.end();
    }

    private void line(String style, List<Series.Point> points) {
        StringBuilder path = new StringBuilder();
        for (Series.Point point : points) {
            path.append(path.isEmpty() ? 'M' : 'L')
                    .append(String.format(Locale.ROOT, "%.1f %.1f", x(point.x()), y(point.y())));
        }
        add("<path class=\"%s\" stroke-linecap=\"round\" d=\"%s%s\"/>", style, path, points.size() == 1 ? "h.1" : "");
    }

    private void segment(String style, double x0, double y0, double x1, double y1) {
        add("<path class=\"%s\" d=\"M%.1f %.1fL%.1f %.1f\"/>", style, x(x0), y(y0), x(x1), y(y1));
    }

    private void text(double x, double y, String anchor, String text) {
        add("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>", x, y, anchor, Html.escape(text));
    }

    private void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    private String end() {
        return svg + "</svg>";
    }

    private double x(double value) {
        return LEFT + horizontal.share(value) * (WIDTH - LEFT - RIGHT);
    }

    private double y(double value) {
        return HEIGHT - BOTTOM - vertical.share(value) * (HEIGHT - TOP - BOTTOM);
    }
}
