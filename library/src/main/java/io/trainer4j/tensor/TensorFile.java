package io.trainer4j.tensor;

import io.trainer4j.TrainerException;
import java.nio.file.Path;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** An open file of named tensors, which tensors that were loaded or mapped outlive. Not thread-safe. */
public sealed interface TensorFile extends AutoCloseable permits SafetensorsFile, PytorchFile {
    /**
     * Opens a file in the format its name ends with: {@code .safetensors}, else what {@code torch.save} writes.
     *
     * @throws TrainerException if the file is missing, truncated, hostile, or a Git LFS pointer
     */
    static TensorFile open(Path path) {
        return path.toString().endsWith(".safetensors") ? SafetensorsFile.open(path) : PytorchFile.open(path);
    }

    /** Tensor names in file order. */
    Set<String> names();

    /** The shape of one tensor; the name must be present. */
    long[] shape(String name);

    /** The type of one tensor's values; the name must be present. */
    ScalarType type(String name);

    /** Copies one tensor, converted to {@code type}; the copy is contiguous and belongs to the innermost open scope. */
    Tensor load(String name, ScalarType type);

    /**
     * One tensor as it is in the file, contiguous and belonging to the innermost open scope: where the file and the system
     * allow it not a copy but the file itself, mapped into memory, which costs no reading into fresh memory and is shared
     * with other processes. Writing to it changes a private copy. The file must not be shortened as long as it is used;
     * replacing it by another of its name does no harm.
     */
    default Tensor mapped(String name) {
        return load(name, type(name));
    }

    @Override
    void close();
}
