package io.trainer4j.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LossCurveTest {
    @TempDir
    Path folder;

    @Test
    void theImageIsAWholePngWithBothLines() throws IOException {
        List<Map<String, Object>> history = new ArrayList<>();
        for (int step = 10; step <= 500; step += 10) {
            history.add(Map.of("step", step, "loss", 3.2 * Math.exp(-step / 200.0) + 0.1 * Math.sin(step)));
        }
        history.add(Map.of("step", 250, "eval_loss", 1.5));
        history.add(Map.of("step", 500, "eval_loss", 1.0));
        Path file = folder.resolve("training_loss.png");
        LossCurve.of(history).writePng(file);

        BufferedImage image = ImageIO.read(file.toFile());
        assertThat(image.getWidth()).isEqualTo(1000);
        assertThat(image.getHeight()).isEqualTo(600);
        assertThat(count(image, 0x1f77b4)).isGreaterThan(500);
        assertThat(count(image, 0xd62728)).isGreaterThan(500);
        assertThat(count(image, 0xffffff)).isGreaterThan(500_000);
        assertThat(image.getRGB(0, 0) & 0xffffff).isEqualTo(0xffffff);
    }

    private static int count(BufferedImage image, int colour) {
        int count = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                count += (image.getRGB(x, y) & 0xffffff) == colour ? 1 : 0;
            }
        }
        return count;
    }

    @Test
    void onePointIsEnough() {
        LossCurve curve = LossCurve.of(List.of(Map.of("step", 1, "loss", 2.0)));
        curve.writePng(folder.resolve("one.png"));
        assertThat(folder.resolve("one.png")).isNotEmptyFile();
    }

    @Test
    void rowsWithoutALossOrWithABrokenOneAreNotDrawn() {
        assertThat(LossCurve.of(List.of(Map.of("step", 1, "train_loss", 2.0), Map.of("step", 2, "loss", Double.NaN)))
                        .isEmpty())
                .isTrue();
    }

    @Test
    void pixelsAreReadBackAsTheyWereDrawn() throws IOException {
        Raster raster = new Raster(40, 30);
        raster.line(5, 10, 30, 10, 3, 0x123456);
        raster.text(2, 14, "1", 0xff0000);
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(raster.png()));
        for (int y = 0; y < 30; y++) {
            for (int x = 0; x < 40; x++) {
                assertThat(image.getRGB(x, y) & 0xffffff).isEqualTo(raster.pixel(x, y));
            }
        }
        assertThat(raster.pixel(20, 10)).isEqualTo(0x123456);
        assertThat(raster.pixel(20, 11)).isEqualTo(0x123456);
        assertThat(raster.pixel(20, 13)).isEqualTo(0xffffff);
        assertThat(raster.pixel(6, 20)).as("the stem of the 1").isEqualTo(0xff0000);
    }

    @Test
    void everyLetterOfTheImageHasAGlyph() {
        for (char c : "0123456789.-+etraininglossevaluationstep".toCharArray()) {
            boolean ink = false;
            for (int dot = 0; dot < Glyphs.WIDTH * Glyphs.HEIGHT; dot++) {
                ink |= Glyphs.isInk(c, dot % Glyphs.WIDTH, dot / Glyphs.WIDTH);
            }
            assertThat(ink).as(String.valueOf(c)).isTrue();
        }
    }

    @Test
    void ticksAreRoundNumbersAndHoldTheValues() {
        Axis axis = Axis.over(0.37, 3.18, 6);
        assertThat(axis.ticks().stream().map(axis::label))
                .containsExactly("0.0", "0.5", "1.0", "1.5", "2.0", "2.5", "3.0", "3.5");
        assertThat(axis.share(1.75)).isEqualTo(0.5);
        Axis steps = Axis.over(10, 500, 8);
        assertThat(steps.ticks().stream().map(steps::label)).containsExactly("0", "100", "200", "300", "400", "500");
        Axis flat = Axis.over(2, 2, 6);
        assertThat(flat.until()).isGreaterThan(flat.from());
        assertThat(Axis.over(1e-9, 3e-9, 2).label(1e-9)).isEqualTo("1.00e-09");
        assertThat(Axis.over(-0.5, 0.5, 5).ticks().stream().map(tick -> "" + tick))
                .contains("-0.4", "0.0");
    }
}
