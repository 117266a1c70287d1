package io.trainer4j.report;

import java.util.List;

/**
 * A line of a chart.
 *
 * @param name as the legend has it, in lower-case letters
 * @param points from left to right
 */
record Series(String name, List<Point> points) {
    record Point(double x, double y) {}

    Series {
        points = List.copyOf(points);
    }
}
