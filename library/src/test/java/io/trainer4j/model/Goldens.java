package io.trainer4j.model;

import io.trainer4j.tensor.SafetensorsFile;
import io.trainer4j.tensor.TensorData;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;

/** Tiny models with the results transformers computed for them: see {@code golden/models/README.md}. */
final class Goldens {
    private Goldens() {}

    static Path folder(String name) {
        URL config = Goldens.class.getResource("/golden/models/" + name + "/config.json");
        try {
            return Path.of(config.toURI()).getParent();
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    static SafetensorsFile expected(String name) {
        return SafetensorsFile.open(folder(name).resolve("expected.safetensors"));
    }

    static ModelInput input(SafetensorsFile expected) {
        return new ModelInput(rows(expected.load("input_ids")), rows(expected.load("attention_mask")), null);
    }

    static int[] ints(Tensor tensor) {
        return Arrays.stream(TensorData.toLongs(tensor))
                .mapToInt(Math::toIntExact)
                .toArray();
    }

    private static int[][] rows(Tensor matrix) {
        int[] flat = ints(matrix);
        int width = (int) matrix.size(1);
        int[][] rows = new int[flat.length / width][];
        for (int r = 0; r < rows.length; r++) {
            rows[r] = Arrays.copyOfRange(flat, r * width, (r + 1) * width);
        }
        return rows;
    }
}
