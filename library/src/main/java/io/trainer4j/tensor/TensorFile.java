package io.trainer4j.tensor;

import io.trainer4j.TrainerException;
import java.nio.file.Path;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** An open file of named tensors. Tensors that were loaded are copies and do not depend on it. Not thread-safe. */
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

    @Override
    void close();
}
