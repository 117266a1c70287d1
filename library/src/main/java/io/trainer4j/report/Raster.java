package io.trainer4j.report;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Pixels to draw on, and the PNG file they become (W3C, Portable Network Graphics, second edition). Colours are 0xRRGGBB.
 * Needs neither a screen nor the fonts of the machine, so an image looks the same everywhere.
 */
final class Raster {
    private static final int SCALE = 2;

    private final int width;
    private final int height;
    private final int[] pixels;

    /** All white. */
    Raster(int width, int height) {
        this.width = width;
        this.height = height;
        pixels = new int[width * height];
        Arrays.fill(pixels, 0xffffff);
    }

    /** A line with smooth edges and round ends. */
    void line(double x0, double y0, double x1, double y1, double thickness, int colour) {
        double margin = thickness / 2 + 1;
        int left = (int) Math.floor(Math.min(x0, x1) - margin);
        int right = (int) Math.ceil(Math.max(x0, x1) + margin);
        int top = (int) Math.floor(Math.min(y0, y1) - margin);
        int bottom = (int) Math.ceil(Math.max(y0, y1) + margin);
        double length = Math.max((x1 - x0) * (x1 - x0) + (y1 - y0) * (y1 - y0), 1e-9);
        for (int y = Math.max(0, top); y <= Math.min(height - 1, bottom); y++) {
            for (int x = Math.max(0, left); x <= Math.min(width - 1, right); x++) {
                double along = ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length;
                double t = Math.min(1, Math.max(0, along));
                double distance = Math.hypot(x - x0 - t * (x1 - x0), y - y0 - t * (y1 - y0));
                blend(x, y, colour, Math.min(1, Math.max(0, thickness / 2 + 0.5 - distance)));
            }
        }
    }

    private void blend(int x, int y, int colour, double share) {
        int mixed = 0;
        for (int shift = 0; shift <= 16; shift += 8) {
            int below = pixels[y * width + x] >> shift & 0xff;
            int above = colour >> shift & 0xff;
            mixed |= (int) Math.round(below + (above - below) * share) << shift;
        }
        pixels[y * width + x] = mixed;
    }

    /** Pixels a text is wide. */
    static int width(String text) {
        return text.length() * (Glyphs.WIDTH + 1) * SCALE;
    }

    /**
     * A text, 14 pixels high.
     *
     * @param x left end
     * @param y upper end
     */
    void text(int x, int y, String text, int colour) {
        for (int i = 0; i < text.length(); i++) {
            int left = x + width(text.substring(0, i));
            for (int column = 0; column < Glyphs.WIDTH * SCALE; column++) {
                for (int row = 0; row < Glyphs.HEIGHT * SCALE; row++) {
                    if (Glyphs.isInk(text.charAt(i), column / SCALE, row / SCALE)) {
                        blend(left + column, y + row, colour, 1);
                    }
                }
            }
        }
    }

    int pixel(int x, int y) {
        return pixels[y * width + x];
    }

    /** The content of a PNG file. */
    byte[] png() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
        byte bitDepth = 8;
        byte trueColour = 2;
        chunk(
                out,
                "IHDR",
                ByteBuffer.allocate(13)
                        .putInt(width)
                        .putInt(height)
                        .put(bitDepth)
                        .put(trueColour)
                        .array());
        chunk(out, "IDAT", deflated(scanlines()));
        chunk(out, "IEND", new byte[0]);
        return out.toByteArray();
    }

    /** Each row of pixels after a byte that says it is not filtered. */
    private byte[] scanlines() {
        ByteBuffer rows = ByteBuffer.allocate(height * (1 + width * 3));
        for (int y = 0; y < height; y++) {
            rows.put((byte) 0);
            for (int x = 0; x < width; x++) {
                int pixel = pixel(x, y);
                rows.put((byte) (pixel >> 16)).put((byte) (pixel >> 8)).put((byte) pixel);
            }
        }
        return rows.array();
    }

    private static byte[] deflated(byte[] content) {
        Deflater deflater = new Deflater();
        deflater.setInput(content);
        deflater.finish();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] part = new byte[8192];
        while (!deflater.finished()) {
            out.write(part, 0, deflater.deflate(part));
        }
        deflater.end();
        return out.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream out, String type, byte[] content) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(content);
        out.writeBytes(ByteBuffer.allocate(4).putInt(content.length).array());
        out.writeBytes(name);
        out.writeBytes(content);
        out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }
}
