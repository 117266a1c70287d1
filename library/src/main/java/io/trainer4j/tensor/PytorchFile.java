package io.trainer4j.tensor;

import io.trainer4j.TrainerException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * An open file of {@code torch.save}, such as {@code pytorch_model.bin}, in the zip format PyTorch has written since 1.6.
 * Its pickle is read as data and nothing in it is executed. Not thread-safe.
 *
 * @see <a href="https://github.com/pytorch/pytorch/blob/v2.13.0/torch/serialization.py">torch/serialization.py</a>
 */
public final class PytorchFile implements TensorFile {
    private static final int MAX_PICKLE_BYTES = 4_000_000;
    private static final int CHUNK_BYTES = 1 << 20;
    private static final String PICKLE = "/data.pkl";
    private static final String SAFER =
            "; use the model's safetensors file, or write one in Python with" + " model.save_pretrained(folder).";

    private final Path path;
    private final ZipFile zip;
    private final String folder;
    private final Map<String, StridedTensor> tensors;

    private PytorchFile(Path path, ZipFile zip, String folder, Map<String, StridedTensor> tensors) {
        this.path = path;
        this.zip = zip;
        this.folder = folder;
        this.tensors = tensors;
    }

    /**
     * Reads the table of contents.
     *
     * @throws TrainerException if the file is missing, truncated, in the format before PyTorch 1.6, a Git LFS pointer, or
     *     if its pickle has anything but tensors
     */
    public static PytorchFile open(Path path) {
        requireZip(path);
        try {
            ZipFile zip = new ZipFile(path.toFile());
            try {
                return read(path, zip);
            } catch (RuntimeException | IOException e) {
                zip.close();
                throw e;
            }
        } catch (ZipException e) {
            throw broken(path, e.getMessage());
        } catch (IOException e) {
            throw new TrainerException("Cannot read " + path + ": " + e.getMessage() + ".", e);
        }
    }

    private static void requireZip(Path path) {
        LfsPointer.refuse(path);
        try (InputStream in = Files.newInputStream(path)) {
            byte[] start = in.readNBytes(2);
            if (start.length < 2 || start[0] != 'P' || start[1] != 'K') {
                throw new TrainerException(path + " is not in the zip format of PyTorch 1.6 and later; its old format"
                        + " can hold any program" + SAFER);
            }
        } catch (IOException e) {
            throw new TrainerException("Cannot read " + path + ": " + e.getMessage() + ".", e);
        }
    }

    private static PytorchFile read(Path path, ZipFile zip) throws IOException {
        ZipEntry pickle = zip.stream()
                .filter(entry -> entry.getName().indexOf('/') == entry.getName().length() - PICKLE.length())
                .filter(entry -> entry.getName().endsWith(PICKLE))
                .map(ZipEntry.class::cast)
                .findFirst()
                .orElseThrow(() -> broken(path, "it has no data.pkl"));
        String folder = pickle.getName().substring(0, pickle.getName().length() - PICKLE.length() + 1);
        ZipEntry order = zip.getEntry(folder + "byteorder");
        if (order != null && !new String(bytes(zip, order, 16), StandardCharsets.US_ASCII).equals("little")) {
            throw broken(path, "its bytes are in big-endian order");
        }
        byte[] bytes = bytes(zip, pickle, MAX_PICKLE_BYTES + 1);
        if (bytes.length > MAX_PICKLE_BYTES) {
            throw broken(path, "its pickle has more than " + MAX_PICKLE_BYTES + " bytes");
        }
        try {
            Map<String, StridedTensor> tensors = TensorPickle.read(bytes);
            PytorchFile file = new PytorchFile(path, zip, folder, tensors);
            tensors.forEach(file::requireStorage);
            return file;
        } catch (IllegalArgumentException e) {
            throw broken(path, e.getMessage());
        }
    }

    private static byte[] bytes(ZipFile zip, ZipEntry entry, int most) throws IOException {
        try (InputStream in = zip.getInputStream(entry)) {
            return in.readNBytes(most);
        }
    }

    private void requireStorage(String name, StridedTensor tensor) {
        ZipEntry entry = entry(tensor);
        if (entry == null) {
            throw broken(path, "the storage of " + name + " is missing");
        }
        if (entry.getMethod() != ZipEntry.STORED) {
            throw broken(path, "the storage of " + name + " is compressed");
        }
        try {
            if (entry.getSize() != tensor.storage().bytes()) {
                throw broken(
                        path,
                        "the storage of " + name + " has " + entry.getSize() + " bytes instead of "
                                + tensor.storage().bytes());
            }
        } catch (ArithmeticException e) {
            throw broken(path, "the storage of " + name + " has an impossible size");
        }
    }

    private ZipEntry entry(StridedTensor tensor) {
        return zip.getEntry(folder + "data/" + tensor.storage().key());
    }

    @Override
    public Set<String> names() {
        return tensors.keySet();
    }

    @Override
    public long[] shape(String name) {
        return tensors.get(name).shape().clone();
    }

    @Override
    public ScalarType type(String name) {
        return tensors.get(name).storage().type();
    }

    @Override
    public Tensor load(String name, ScalarType type) {
        StridedTensor tensor = tensors.get(name);
        try (Scope scope = Scope.open()) {
            Tensor target = TensorData.empty(type, tensor.shape());
            if (target.numel() > 0) {
                target.copy_(values(name, tensor).as_strided(tensor.shape(), tensor.stride()));
            }
            return scope.keep(target);
        }
    }

    /** The part of the storage the tensor lies in. */
    private Tensor values(String name, StridedTensor tensor) {
        Tensor values = TensorData.empty(tensor.storage().type(), tensor.extent());
        BytePointer target = TensorData.bytes(values);
        byte[] chunk = new byte[(int) Math.min(CHUNK_BYTES, target.capacity())];
        try (InputStream in = zip.getInputStream(entry(tensor))) {
            in.skipNBytes(tensor.offset()
                    * StridedTensor.elementBytes(tensor.storage().type()));
            for (long done = 0; done < target.capacity(); ) {
                int length = in.readNBytes(chunk, 0, (int) Math.min(chunk.length, target.capacity() - done));
                if (length == 0) {
                    throw new EOFException("it ends");
                }
                target.position(done).put(chunk, 0, length);
                done += length;
            }
            return values;
        } catch (IOException e) {
            throw broken(path, "the storage of " + name + " cannot be read (" + e.getMessage() + ")");
        }
    }

    private static TrainerException broken(Path path, String why) {
        return new TrainerException(path + " is not a PyTorch file of tensors: " + why + SAFER);
    }

    @Override
    public void close() {
        try {
            zip.close();
        } catch (IOException e) {
            throw new TrainerException("Cannot close " + path + ": " + e.getMessage() + ".", e);
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
