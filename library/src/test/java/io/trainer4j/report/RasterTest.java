package io.trainer4j.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class RasterTest {
    private static final int WHITE = 0xffffff;

    @Test
    void aNewImageIsWhite() {
        Raster raster = new Raster(3, 2);
        for (int x = 0; x < 3; x++) {
            for (int y = 0; y < 2; y++) {
                assertThat(raster.pixel(x, y)).isEqualTo(WHITE);
            }
        }
    }

    @Test
    void aThinLineCoversItsPixelsAndNoOthers() {
        Raster raster = new Raster(9, 5);
        raster.line(2, 2, 6, 2, 1, 0x000000);
        for (int x = 0; x < 9; x++) {
            assertThat(raster.pixel(x, 2)).as("x %s", x).isEqualTo(x >= 2 && x <= 6 ? 0 : WHITE);
            assertThat(raster.pixel(x, 0)).isEqualTo(WHITE);
            assertThat(raster.pixel(x, 1)).isEqualTo(WHITE);
        }
    }

    @Test
    void anEdgeBetweenPixelsIsMixed() {
        Raster raster = new Raster(9, 5);
        raster.line(2, 2.5, 6, 2.5, 1, 0x000000);
        assertThat(raster.pixel(4, 2)).isEqualTo(0x808080).isEqualTo(raster.pixel(4, 3));
        assertThat(raster.pixel(4, 1)).isEqualTo(WHITE);
    }

    @Test
    void directionDoesNotMatter() {
        Raster there = new Raster(20, 20);
        there.line(3, 4, 16, 11, 2.5, 0x1f77b4);
        Raster back = new Raster(20, 20);
        back.line(16, 11, 3, 4, 2.5, 0x1f77b4);
        assertThat(there.png()).isEqualTo(back.png());
    }

    @Test
    void aLineOfNoLengthIsADot() {
        Raster raster = new Raster(11, 11);
        raster.line(5, 5, 5, 5, 6, 0xd62728);
        assertThat(raster.pixel(5, 5)).isEqualTo(0xd62728);
        assertThat(raster.pixel(5, 3)).isEqualTo(0xd62728);
        assertThat(raster.pixel(3, 5)).isEqualTo(0xd62728);
        assertThat(raster.pixel(1, 1)).isEqualTo(WHITE);
    }

    @Test
    void whatLiesOutsideIsNotDrawn() {
        Raster raster = new Raster(4, 4);
        raster.line(-10, -10, -5, -5, 3, 0);
        raster.line(50, 2, 60, 2, 3, 0);
        raster.line(-100, 1, 100, 1, 1, 0);
        assertThat(raster.pixel(0, 1)).isZero();
        assertThat(raster.pixel(3, 1)).isZero();
        assertThat(raster.pixel(0, 3)).isEqualTo(WHITE);
    }

    @Test
    void aTextIsAsWideAsItsLetters() {
        assertThat(Raster.width("")).isZero();
        assertThat(Raster.width("loss")).isEqualTo(4 * 12);
        Raster raster = new Raster(40, 16);
        raster.text(1, 1, "11", 0);
        for (int y = 0; y < 16; y++) {
            for (int x = 0; x < 12; x++) {
                assertThat(raster.pixel(x + 1, y)).isEqualTo(raster.pixel(x + 13, y));
            }
            assertThat(raster.pixel(26, y)).isEqualTo(WHITE);
        }
    }

    @Test
    void everyGlyphDiffersFromTheOthers() {
        String letters = "0123456789.-+aegilnoprstuv";
        Set<String> shapes = new HashSet<>();
        for (int i = 0; i < letters.length(); i++) {
            StringBuilder shape = new StringBuilder();
            for (int row = 0; row < Glyphs.HEIGHT; row++) {
                for (int column = 0; column < Glyphs.WIDTH; column++) {
                    shape.append(Glyphs.isInk(letters.charAt(i), column, row) ? '#' : ' ');
                }
            }
            shapes.add(shape.toString());
        }
        assertThat(shapes).hasSize(letters.length());
    }

    @Test
    void aGlyphIsDrawnAsItLooks() {
        StringBuilder seven = new StringBuilder();
        for (int row = 0; row < Glyphs.HEIGHT; row++) {
            for (int column = 0; column < Glyphs.WIDTH; column++) {
                seven.append(Glyphs.isInk('7', column, row) ? '#' : '.');
            }
            seven.append('\n');
        }
        assertThat(seven.toString()).isEqualTo("#####\n....#\n...#.\n..#..\n.#...\n.#...\n.#...\n");
        assertThat(Glyphs.isInk('中', 2, 3)).as("other characters are blank").isFalse();
    }

    /** W3C, Portable Network Graphics, section 5: signature, then length, type, content and CRC of each chunk. */
    @Test
    void thePngHasItsChunksWithTheirChecksums() {
        ByteBuffer png = ByteBuffer.wrap(new Raster(7, 5).png());
        assertThat(png.getLong()).isEqualTo(0x89504E470D0A1A0AL);
        List<String> types = new ArrayList<>();
        while (png.hasRemaining()) {
            byte[] content = new byte[png.getInt() + 4];
            png.get(content);
            CRC32 crc = new CRC32();
            crc.update(content);
            assertThat(png.getInt()).isEqualTo((int) crc.getValue());
            types.add(new String(content, 0, 4, StandardCharsets.US_ASCII));
            if (types.size() == 1) {
                assertThat(ByteBuffer.wrap(content).getInt(4)).isEqualTo(7);
                assertThat(ByteBuffer.wrap(content).getInt(8)).isEqualTo(5);
            }
        }
        assertThat(types).containsExactly("IHDR", "IDAT", "IEND");
    }

    @Test
    void aLargeNoisyImageIsCompressedWhole() throws IOException {
        Raster raster = new Raster(200, 100);
        for (int i = 0; i < 300; i++) {
            raster.line(i * 37 % 200, i * 53 % 100, i * 91 % 200, i * 17 % 100, 1.5, i * 7919 & WHITE);
        }
        var image = ImageIO.read(new ByteArrayInputStream(raster.png()));
        for (int y = 0; y < 100; y += 9) {
            for (int x = 0; x < 200; x += 7) {
                assertThat(image.getRGB(x, y) & WHITE).isEqualTo(raster.pixel(x, y));
            }
        }
    }
}
