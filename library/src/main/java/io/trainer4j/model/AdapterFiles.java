package io.trainer4j.model;

import io.trainer4j.AtomicFile;
import io.trainer4j.TrainerException;
import io.trainer4j.tensor.SafetensorsFile;
import io.trainer4j.tensor.Scope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The weights of an adapter in PEFT's folder: {@code adapter_model.safetensors} beside {@code adapter_config.json}. */
final class AdapterFiles {
    static final String CONFIG = "adapter_config.json";
    static final String WEIGHTS = "adapter_model.safetensors";
    static final String PREFIX = "base_model.model.";

    private AdapterFiles() {}

    /** Whether a folder is an adapter's. */
    static boolean isIn(Path folder) {
        return Files.isRegularFile(folder.resolve(CONFIG));
    }

    static void save(Path folder, Adapter adapter) {
        AtomicFile.write(folder.resolve(WEIGHTS), file -> SafetensorsFile.write(file, new TreeMap<>(adapter.stored())));
    }

    private static SafetensorsFile open(Path folder) {
        Path file = folder.resolve(WEIGHTS);
        if (!Files.exists(file)) {
            throw new TrainerException(folder + " holds no " + WEIGHTS
                    + "; copy the adapter's folder again, or save it with" + " safe_serialization where it was made.");
        }
        return SafetensorsFile.open(file);
    }

    /** The shapes of the tensors, by name as in the base model where they take a parameter's place. */
    static Map<String, long[]> shapes(Path folder) {
        try (SafetensorsFile file = open(folder)) {
            Map<String, long[]> shapes = new LinkedHashMap<>();
            file.names().forEach(name -> shapes.put(name.replace(PREFIX, ""), file.shape(name)));
            return shapes;
        }
    }

    /**
     * Fills an adapter with the values in a folder.
     *
     * @throws TrainerException listing what is missing, unexpected or of another shape
     */
    static void load(Path folder, Adapter adapter) {
        try (Scope scope = Scope.open();
                SafetensorsFile file = open(folder)) {
            Map<String, Tensor> wanted = adapter.stored();
            check(folder, file, wanted);
            Map<String, Tensor> values = new LinkedHashMap<>();
            wanted.keySet().forEach(name -> values.put(name, file.load(name, ScalarType.Float)));
            adapter.copyFrom(values);
        }
    }

    private static void check(Path folder, SafetensorsFile file, Map<String, Tensor> wanted) {
        List<String> problems = new ArrayList<>();
        TreeSet<String> unexpected = new TreeSet<>(file.names());
        wanted.forEach((name, tensor) -> {
            if (!unexpected.remove(name)) {
                problems.add("missing " + name);
            } else if (!Arrays.equals(tensor.shape(), file.shape(name))) {
                problems.add(name + " has shape " + Arrays.toString(file.shape(name)) + " instead of "
                        + Arrays.toString(tensor.shape()));
            }
        });
        // PEFT repeats the table below an adapter on the token embedding, and with bias all the biases of a head.
        unexpected.removeIf(name -> name.endsWith(".base_layer.weight")
                || name.endsWith(".modules_to_save.bias")
                || name.endsWith(".original_module.bias"));
        unexpected.forEach(name -> problems.add("unexpected " + name));
        if (!problems.isEmpty()) {
            int shown = Math.min(problems.size(), 20);
            throw new TrainerException("The adapter in " + folder + " does not fit the model: "
                    + String.join("; ", problems.subList(0, shown))
                    + (problems.size() > shown ? "; and " + (problems.size() - shown) + " more" : "")
                    + ". Open it on the model its " + CONFIG + " names.");
        }
    }
}
