package io.trainer4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trainer4j.metric.Calibration;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class SvgChartTest {
    @Test
    void aLossIsALineThroughItsPoints() {
        Document svg = parse(SvgChart.losses(List.of(new Series(
                "training loss", List.of(new Series.Point(0, 0), new Series.Point(50, 2), new Series.Point(100, 4))))));
        Element line = lines(svg).get(0);
        // The drawing is 720 by 360, with 64, 36, 16 and 48 around the area of the axes.
        assertThat(line.getAttribute("d")).isEqualTo("M64.0 312.0L384.0 174.0L704.0 36.0");
        assertThat(line.getAttribute("class")).isEqualTo("line first");
    }

    @Test
    void everyLineHasItsColourAndItsNameInTheLegend() {
        Document svg = parse(SvgChart.losses(List.of(
                new Series("training loss", List.of(new Series.Point(1, 3), new Series.Point(2, 2))),
                new Series("evaluation loss", List.of(new Series.Point(2, 2.5))))));
        assertThat(lines(svg).stream().map(line -> line.getAttribute("class")))
                .containsExactlyInAnyOrder("line first", "line first", "line second", "line second");
        assertThat(texts(svg)).contains("training loss", "evaluation loss", "step", "loss", "1", "2", "2.0", "3.0");
    }

    @Test
    void oneEvaluationIsADot() {
        Document svg = parse(SvgChart.losses(List.of(new Series("loss", List.of(new Series.Point(3, 1))))));
        assertThat(lines(svg).get(0).getAttribute("d")).endsWith("h.1");
        assertThat(lines(svg).get(0).getAttribute("stroke-linecap")).isEqualTo("round");
    }

    @Test
    void everyTickStandsOnItsLine() {
        Document svg = parse(SvgChart.losses(
                List.of(new Series("loss", List.of(new Series.Point(0, 0), new Series.Point(100, 1))))));
        NodeList texts = svg.getElementsByTagName("text");
        List<Double> right = new ArrayList<>();
        for (int i = 0; i < texts.getLength(); i++) {
            Element text = (Element) texts.item(i);
            if (text.getAttribute("text-anchor").equals("end")) {
                right.add(Double.parseDouble(text.getAttribute("y")));
                assertThat(Double.parseDouble(text.getAttribute("x"))).isEqualTo(56);
            }
        }
        assertThat(right).hasSize(6).first().isEqualTo(316.0);
        assertThat(right.get(5)).isEqualTo(40.0);
    }

    @Test
    void aBarIsAsHighAsTheAccuracyOfItsBin() {
        Calibration calibration = new Calibration();
        calibration.add(0.99, true);
        calibration.add(0.99, false);
        calibration.add(0.5, true);
        Document svg = parse(SvgChart.calibration(calibration.bins()));
        NodeList bars = svg.getElementsByTagName("rect");
        assertThat(bars.getLength()).as("bins without rows have no bar").isEqualTo(2);
        Element half = (Element) bars.item(0);
        Element sure = (Element) bars.item(1);
        assertThat(number(half, "height")).isCloseTo(276, within(0.05));
        assertThat(number(half, "y")).isCloseTo(36, within(0.05));
        assertThat(number(sure, "height")).isCloseTo(138, within(0.05));
        assertThat(number(sure, "y") + number(sure, "height")).isCloseTo(312, within(0.05));
        assertThat(number(half, "x")).isCloseTo(64 + 640 * 7 / 15.0 + 1, within(0.05));
        assertThat(number(sure, "x") + number(sure, "width")).isCloseTo(703, within(0.05));
        assertThat(half.getTextContent()).isEqualTo("1 rows");
        assertThat(sure.getTextContent()).isEqualTo("2 rows");
    }

    @Test
    void theLineOfACalibratedModelGoesFromCornerToCorner() {
        Document svg = parse(SvgChart.calibration(new Calibration().bins()));
        assertThat(lines(svg).stream().map(line -> line.getAttribute("d"))).containsExactly("M64.0 312.0L704.0 36.0");
        assertThat(texts(svg)).contains("confidence", "accuracy", "0.0", "0.5", "1.0");
    }

    @Test
    void aDrawingSaysWhatItIs() {
        Document svg = parse(SvgChart.calibration(new Calibration().bins()));
        assertThat(svg.getDocumentElement().getAttribute("role")).isEqualTo("img");
        assertThat(svg.getDocumentElement().getAttribute("aria-label")).isEqualTo("accuracy by confidence");
        assertThat(svg.getDocumentElement().getAttribute("viewBox")).isEqualTo("0 0 720 360");
    }

    private static double number(Element element, String attribute) {
        return Double.parseDouble(element.getAttribute(attribute));
    }

    private static List<Element> lines(Document svg) {
        NodeList paths = svg.getElementsByTagName("path");
        List<Element> lines = new ArrayList<>();
        for (int i = 0; i < paths.getLength(); i++) {
            Element path = (Element) paths.item(i);
            if (path.getAttribute("class").startsWith("line")) {
                lines.add(path);
            }
        }
        return lines;
    }

    private static List<String> texts(Document svg) {
        NodeList texts = svg.getElementsByTagName("text");
        List<String> contents = new ArrayList<>();
        for (int i = 0; i < texts.getLength(); i++) {
            contents.add(texts.item(i).getTextContent());
        }
        return contents;
    }

    private static Document parse(String svg) {
        try {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
        } catch (Exception e) {
            throw new AssertionError(svg, e);
        }
    }
}
