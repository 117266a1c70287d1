package io.trainer4j.model;

import io.trainer4j.AtomicFile;
import io.trainer4j.UsageException;
import io.trainer4j.tensor.SafetensorsFile;
import io.trainer4j.tensor.Scope;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tensors on their way into a folder: one safetensors file, or several and their index, split where Python's
 * {@code split_torch_state_dict_into_shards} splits. A reader of the folder finds the old weights or the new ones at any
 * moment, also after a crash; only where the file system has no hard links and both have equally many shards, a crash
 * while the files are renamed can leave a mixture.
 */
final class WeightShards {
    /** Those of an index, those kept while new ones were written, and those a crash left unfinished. */
    private static final Pattern SHARD = Pattern.compile(
            "(old-)?model-\\d{5}-of-\\d{5}\\.safetensors|\\.model-\\d{5}-of-\\d{5}\\.safetensors\\.new");

    private final Map<String, Tensor> tensors;
    private final ScalarType type;
    private final List<List<String>> shards = new ArrayList<>();

    /**
     * Decides which tensor goes where.
     *
     * @param type what is written, or null for each tensor's own
     * @param maxBytes limit of one file; a larger tensor has a file of its own
     */
    WeightShards(Map<String, Tensor> tensors, ScalarType type, long maxBytes) {
        if (maxBytes < 1) {
            throw new UsageException("max_shard_size is " + maxBytes + " but must be 1 byte or more.");
        }
        this.tensors = tensors;
        this.type = type;
        List<String> current = new ArrayList<>();
        long currentBytes = 0;
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            long bytes = bytes(entry.getValue());
            if (bytes > maxBytes) {
                shards.add(List.of(entry.getKey()));
                continue;
            }
            if (currentBytes + bytes > maxBytes) {
                shards.add(current);
                current = new ArrayList<>();
                currentBytes = 0;
            }
            current.add(entry.getKey());
            currentBytes += bytes;
        }
        if (!current.isEmpty()) {
            shards.add(current);
        }
    }

    private long bytes(Tensor tensor) {
        return type == null ? tensor.nbytes() : tensor.numel() * torch.elementSize(type);
    }

    /**
     * Replaces the folder's weights.
     *
     * @throws io.trainer4j.TrainerException when they cannot be written; what was there can still be opened
     */
    void save(Path folder) {
        if (shards.size() == 1) {
            AtomicFile.write(folder.resolve(WeightFiles.SINGLE), file -> write(file, shards.get(0)));
        } else {
            saveShards(folder);
        }
        try {
            removeStale(folder);
        } catch (IOException e) {
            throw AtomicFile.failure(folder, e);
        }
    }

    private void write(Path file, List<String> names) throws IOException {
        try (Scope scope = Scope.open()) {
            Map<String, Tensor> saved = new LinkedHashMap<>();
            names.forEach(name -> saved.put(name, values(tensors.get(name))));
            SafetensorsFile.write(file, saved);
        }
    }

    private Tensor values(Tensor tensor) {
        return type == null ? tensor.detach() : tensor.detach().to(type);
    }

    private void saveShards(Path folder) {
        try {
            try {
                for (int i = 0; i < shards.size(); i++) {
                    List<String> names = shards.get(i);
                    AtomicFile.write(staged(folder, i), file -> write(file, names));
                }
                if (!Files.exists(folder.resolve(WeightFiles.SINGLE))) {
                    keepOldShards(folder.resolve(WeightFiles.INDEX));
                }
                for (int i = 0; i < shards.size(); i++) {
                    Files.move(staged(folder, i), folder.resolve(name(i)), StandardCopyOption.REPLACE_EXISTING);
                }
            } finally {
                for (int i = 0; i < shards.size(); i++) {
                    Files.deleteIfExists(staged(folder, i));
                }
            }
        } catch (IOException e) {
            throw AtomicFile.failure(folder, e);
        }
        AtomicFile.writeString(folder.resolve(WeightFiles.INDEX), index());
    }

    /** Lets the old index name the old shards by second names where the new ones will take the first. */
    private void keepOldShards(Path index) throws IOException {
        if (!Files.exists(index)) {
            return;
        }
        ObjectNode json = JsonFile.read(index);
        ObjectNode map = json.withObject("/weight_map");
        List<String> names = names();
        Set<String> linked = new HashSet<>();
        for (Map.Entry<String, JsonNode> entry : List.copyOf(map.properties())) {
            String shard = entry.getValue().asString("");
            if (names.contains(shard) && Files.exists(index.resolveSibling(shard))) {
                Path second = index.resolveSibling("old-" + shard);
                if (linked.add(shard)) {
                    Files.deleteIfExists(second);
                    try {
                        Files.createLink(second, index.resolveSibling(shard));
                    } catch (UnsupportedOperationException | FileSystemException noHardLinks) {
                        return;
                    }
                }
                map.put(entry.getKey(), second.getFileName().toString());
            }
        }
        AtomicFile.writeString(index, json.toString());
    }

    private List<String> names() {
        return IntStream.range(0, shards.size()).mapToObj(this::name).toList();
    }

    private Path staged(Path folder, int shard) {
        return folder.resolve("." + name(shard) + ".new");
    }

    private String name(int shard) {
        return "model-%05d-of-%05d.safetensors".formatted(shard + 1, shards.size());
    }

    private String index() {
        Map<String, String> files = new TreeMap<>();
        for (int i = 0; i < shards.size(); i++) {
            for (String name : shards.get(i)) {
                files.put(name, name(i));
            }
        }
        ObjectNode json = ModelConfig.JSON.createObjectNode();
        json.putObject("metadata")
                .put(
                        "total_parameters",
                        tensors.values().stream().mapToLong(Tensor::numel).sum())
                .put(
                        "total_size",
                        tensors.values().stream().mapToLong(this::bytes).sum());
        ObjectNode map = json.putObject("weight_map");
        files.forEach(map::put);
        return json.toPrettyString() + "\n";
    }

    private void removeStale(Path folder) throws IOException {
        Files.deleteIfExists(folder.resolve(shards.size() == 1 ? WeightFiles.INDEX : WeightFiles.SINGLE));
        List<Path> files;
        try (Stream<Path> entries = Files.list(folder)) {
            files = entries.toList();
        }
        List<String> kept = shards.size() == 1 ? List.of() : names();
        for (Path file : files) {
            String name = file.getFileName().toString();
            if (SHARD.matcher(name).matches() && !kept.contains(name)) {
                Files.delete(file);
            }
        }
    }
}
