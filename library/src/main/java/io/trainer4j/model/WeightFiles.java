package io.trainer4j.model;

import io.trainer4j.TrainerException;
import io.trainer4j.UsageException;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.StoredMatrix;
import io.trainer4j.tensor.TensorData;
import io.trainer4j.tensor.TensorFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import tools.jackson.databind.JsonNode;

/**
 * The tensors of a model folder: {@code model.safetensors} or the shards its index lists, else {@code pytorch_model.bin}
 * or the shards of its index; the order of preference is that of transformers.
 */
final class WeightFiles implements AutoCloseable {
    static final String SINGLE = "model.safetensors";
    static final String INDEX = "model.safetensors.index.json";

    private static final String PYTORCH_SINGLE = "pytorch_model.bin";
    private static final String PYTORCH_INDEX = "pytorch_model.bin.index.json";

    private final Path folder;
    private final List<TensorFile> files = new ArrayList<>();
    private final Map<String, Source> byName = new LinkedHashMap<>();
    private final Set<String> packed = new HashSet<>();
    private final WeightForm form;

    /** Where a tensor is. */
    record Source(TensorFile file, String storedName) {
        ScalarType type() {
            return file.type(storedName);
        }

        /** A copy with values of a type. */
        Tensor load(ScalarType type) {
            return file.load(storedName, type);
        }

        /** The tensor as it is in the file, not copied where that can be helped; see {@link TensorFile#mapped}. */
        Tensor mapped() {
            return file.mapped(storedName);
        }
    }

    private WeightFiles(Path folder, WeightForm form) {
        this.folder = folder;
        this.form = form;
    }

    /** As {@link #open(Path, String, LoadOptions)}, for matrices in 32 bits. */
    static WeightFiles open(Path folder, String prefix) {
        return open(folder, prefix, new LoadOptions());
    }

    /**
     * Opens the folder's weight files.
     *
     * @param prefix what the names of the model without head start with; added to files that were saved without it
     * @param options in which form matrices are loaded
     */
    static WeightFiles open(Path folder, String prefix, LoadOptions options) {
        WeightFiles weights = new WeightFiles(folder, WeightForm.of(options));
        try {
            for (Path path : paths(folder)) {
                TensorFile file = TensorFile.open(path);
                weights.files.add(file);
                for (String stored : file.names()) {
                    weights.byName.put(currentName(stored), new Source(file, stored));
                }
            }
            weights.addPrefix(prefix);
            weights.findPacked(options);
            return weights;
        } catch (RuntimeException e) {
            weights.close();
            throw e;
        }
    }

    private static List<Path> paths(Path folder) {
        for (String single : List.of(SINGLE, PYTORCH_SINGLE)) {
            Path index = folder.resolve(single.equals(SINGLE) ? INDEX : PYTORCH_INDEX);
            if (Files.exists(folder.resolve(single))) {
                return List.of(folder.resolve(single));
            }
            if (Files.exists(index)) {
                return shards(folder, index);
            }
        }
        throw new TrainerException(folder + " holds no weights: neither " + SINGLE + " nor " + INDEX + " is there, nor "
                + PYTORCH_SINGLE + "; download the model's safetensors files into it.");
    }

    private static List<Path> shards(Path folder, Path index) {
        TreeSet<String> names = new TreeSet<>();
        for (JsonNode shard : JsonFile.read(index).path("weight_map")) {
            names.add(shard.asString(""));
        }
        if (names.isEmpty()) {
            throw new TrainerException(index + " lists no shards in its weight_map; download it again.");
        }
        Path inside = folder.toAbsolutePath().normalize();
        for (String name : names) {
            if (!inside.equals(inside.resolve(name).normalize().getParent())) {
                throw new TrainerException(
                        index + " lists the shard \"" + name + "\" outside its folder; download it again.");
            }
            if (!Files.exists(folder.resolve(name))) {
                throw new TrainerException(
                        "The shard " + name + " listed in " + index + " is missing; download it into " + folder + ".");
            }
        }
        return names.stream().map(folder::resolve).toList();
    }

    /** TensorFlow-era BERT files call scale and bias of a LayerNorm gamma and beta. */
    private static String currentName(String stored) {
        return stored.replaceFirst("LayerNorm\\.gamma$", "LayerNorm.weight")
                .replaceFirst("LayerNorm\\.beta$", "LayerNorm.bias");
    }

    private void addPrefix(String prefix) {
        if (byName.keySet().stream().noneMatch(name -> name.startsWith(prefix))) {
            Map<String, Source> renamed = new LinkedHashMap<>();
            byName.forEach((name, source) -> renamed.put(prefix + name, source));
            byName.clear();
            byName.putAll(renamed);
        }
    }

    /** Lets the three tensors of a packed matrix stand as the one they are. */
    private void findPacked(LoadOptions options) {
        for (String name : List.copyOf(byName.keySet())) {
            if (name.endsWith(PackedWeights.PACKED)) {
                packed.add(name.substring(0, name.length() - PackedWeights.PACKED.length()));
            }
        }
        if (!packed.isEmpty() && !options.equals(new LoadOptions()) && form != WeightForm.AUTO) {
            throw new UsageException(
                    "The weights in " + folder
                            + " are quantized already and are kept as they are; leave out dtype, load_in_8bit and load_in_4bit.");
        }
    }

    /** The names that hold a tensor of the model. */
    private List<String> parts(String name) {
        return packed.contains(name)
                ? List.of(name + PackedWeights.PACKED, name + PackedWeights.SCALE, name + PackedWeights.SHAPE)
                : List.of(name);
    }

    private boolean fits(ParameterSpec spec) {
        return Arrays.equals(packed.contains(spec.name()) ? spec.matrixShape() : spec.shape(), shape(spec.name()));
    }

    private long[] shape(String name) {
        if (packed.contains(name)) {
            try (Scope scope = Scope.open()) {
                return TensorData.toLongs(load(name + PackedWeights.SHAPE, ScalarType.Long));
            }
        }
        Source source = byName.get(name);
        return source.file().shape(source.storedName());
    }

    /** In which form matrices are kept. */
    WeightForm form() {
        return packed.isEmpty() ? form : WeightForm.AUTO;
    }

    /** Beside packed matrices embeddings are kept in 8 bits: each written token reads the output embedding whole. */
    private WeightForm form(ParameterSpec spec) {
        return !packed.isEmpty() && spec.role() == ParameterSpec.Role.EMBEDDING ? WeightForm.INT8 : form();
    }

    /**
     * A matrix that is kept in fewer than 32 bits, which the caller closes; null for all other tensors.
     *
     * @throws TrainerException if it is packed in a way this version does not know
     */
    StoredMatrix matrix(ParameterSpec spec) {
        String name = spec.name();
        if (packed.contains(name)) {
            try (Scope scope = Scope.open()) {
                Tensor scales = load(name + PackedWeights.SCALE, type(name + PackedWeights.SCALE));
                Source words = byName.get(name + PackedWeights.PACKED);
                boolean asIs = words.type() == ScalarType.Int
                        && PackedWeights.isKeptAsIs(
                                spec.matrixShape(), words.file().shape(words.storedName()));
                return PackedWeights.matrix(
                        name, spec.matrixShape(), asIs ? words.mapped() : words.load(ScalarType.Int), scales);
            }
        }
        return byName.containsKey(name) ? form(spec).matrix(spec, byName.get(name)) : null;
    }

    /** The type a tensor has in its file; it must be there. */
    ScalarType type(String name) {
        return byName.get(name).type();
    }

    /** The tensor with values of a type, or null where the files have none of that name. */
    Tensor load(String name, ScalarType type) {
        Source source = byName.get(name);
        return source == null ? null : source.load(type);
    }

    /**
     * Compares what is there with what the model needs.
     *
     * @param mayBeNew names that are initialised when absent, such as a new classification head
     * @param mayBeLeft names that belong to another head or to no parameter, and are passed over
     * @throws TrainerException listing every missing, unexpected and wrongly shaped tensor
     */
    void check(List<ParameterSpec> expected, Predicate<String> mayBeNew, Predicate<String> mayBeLeft) {
        List<String> problems = new ArrayList<>();
        int headsOfAnotherSize = 0;
        TreeSet<String> unexpected = new TreeSet<>(byName.keySet());
        for (ParameterSpec spec : expected) {
            List<String> parts = parts(spec.name());
            parts.forEach(unexpected::remove);
            if (!byName.keySet().containsAll(parts)) {
                if (!mayBeNew.test(spec.name())) {
                    problems.add("missing " + spec.name() + " " + Arrays.toString(spec.shape()));
                }
            } else if (!fits(spec)) {
                problems.add(spec.name() + " has shape "
                        + Arrays.toString(shape(spec.name())) + " instead of "
                        + Arrays.toString(spec.shape()));
                headsOfAnotherSize += mayBeNew.test(spec.name()) ? 1 : 0;
            }
        }
        unexpected.removeIf(mayBeLeft);
        unexpected.forEach(name -> problems.add("unexpected " + name));
        if (!problems.isEmpty()) {
            int shown = Math.min(problems.size(), 20);
            throw new TrainerException("The weights in " + folder + " do not fit its config.json: "
                    + String.join("; ", problems.subList(0, shown))
                    + (problems.size() > shown ? "; and " + (problems.size() - shown) + " more" : "")
                    + (headsOfAnotherSize == problems.size()
                            ? ". Ask for the number of labels the head was trained with."
                            : ". Use the config.json that belongs to these weights."));
        }
    }

    boolean contains(String name) {
        return byName.containsKey(name);
    }

    /** Gives a tensor another name. */
    void rename(String name, String other) {
        byName.put(other, byName.remove(name));
    }

    /** The tensor in 32-bit floats, or null where the files have none of that name. */
    Tensor load(String name) {
        return load(name, ScalarType.Float);
    }

    @Override
    public void close() {
        files.forEach(TensorFile::close);
    }
}
