package io.trainer4j.report;

import java.util.List;

/** A chart of losses by step in pixels. */
final class LossImage {
    private static final int WIDTH = 1000;
    private static final int HEIGHT = 600;
    private static final int LEFT = 110;
    private static final int RIGHT = 30;
    private static final int TOP = 60;
    private static final int BOTTOM = 70;
    private static final int BLACK = 0x222222;
    private static final int GREY = 0xdddddd;
    private static final int[] COLOURS = {0x1f77b4, 0xd62728};

    private final Raster raster = new Raster(WIDTH, HEIGHT);
    private final Axis steps;
    private final Axis losses;

    private LossImage(List<Series> series) {
        steps = Axis.overWhole(values(series, true), 8);
        losses = Axis.over(values(series, false), 6);
    }

    private static double[] values(List<Series> series, boolean horizontal) {
        return series.stream()
                .flatMap(line -> line.points().stream())
                .mapToDouble(point -> horizontal ? point.x() : point.y())
                .toArray();
    }

    static Raster draw(List<Series> series) {
        LossImage image = new LossImage(series);
        image.grid();
        int legend = LEFT;
        for (int i = 0; i < series.size(); i++) {
            image.line(series.get(i).points(), COLOURS[i]);
            image.raster.line(legend, 30, legend + 40, 30, 4, COLOURS[i]);
            image.raster.text(legend + 50, 23, series.get(i).name(), BLACK);
            legend += 80 + Raster.width(series.get(i).name());
        }
        return image.raster;
    }

    private void grid() {
        for (double tick : losses.ticks()) {
            String label = losses.label(tick);
            raster.line(LEFT, y(tick), WIDTH - RIGHT, y(tick), 1, GREY);
            raster.text(LEFT - 12 - Raster.width(label), (int) y(tick) - 7, label, BLACK);
        }
        for (double tick : steps.ticks()) {
            String label = steps.label(tick);
            raster.line(x(tick), HEIGHT - BOTTOM, x(tick), HEIGHT - BOTTOM + 6, 1, BLACK);
            raster.text((int) x(tick) - Raster.width(label) / 2, HEIGHT - BOTTOM + 14, label, BLACK);
        }
        raster.line(LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM, 1, BLACK);
        raster.line(LEFT, TOP, LEFT, HEIGHT - BOTTOM, 1, BLACK);
        raster.text((LEFT + WIDTH - RIGHT - Raster.width("step")) / 2, HEIGHT - 28, "step", BLACK);
    }

    private void line(List<Series.Point> points, int colour) {
        for (int i = 0; i < points.size(); i++) {
            Series.Point point = points.get(i);
            Series.Point next = points.get(Math.min(i + 1, points.size() - 1));
            raster.line(x(point.x()), y(point.y()), x(next.x()), y(next.y()), points.size() == 1 ? 8 : 2.5, colour);
        }
    }

    private double x(double step) {
        return LEFT + steps.share(step) * (WIDTH - LEFT - RIGHT);
    }

    private double y(double loss) {
        return HEIGHT - BOTTOM - losses.share(loss) * (HEIGHT - TOP - BOTTOM);
    }
}
