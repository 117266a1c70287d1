package io.trainer4j.tensor;

import io.trainer4j.tensor.StridedTensor.Storage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * What the names in a pickle mean, as far as a state dict of tensors needs them: this is the whole list of what a
 * pickle may call, and nothing else is ever looked up.
 */
final class TensorPickle {
    private static final Map<String, ScalarType> STORAGES = Map.of(
            "DoubleStorage", ScalarType.Double,
            "FloatStorage", ScalarType.Float,
            "HalfStorage", ScalarType.Half,
            "BFloat16Storage", ScalarType.BFloat16,
            "LongStorage", ScalarType.Long,
            "IntStorage", ScalarType.Int,
            "ShortStorage", ScalarType.Short,
            "CharStorage", ScalarType.Char,
            "ByteStorage", ScalarType.Byte,
            "BoolStorage", ScalarType.Bool);
    private static final Map<String, ScalarType> TYPES = Map.of(
            "float64", ScalarType.Double,
            "float32", ScalarType.Float,
            "float16", ScalarType.Half,
            "bfloat16", ScalarType.BFloat16,
            "int64", ScalarType.Long,
            "int32", ScalarType.Int,
            "int16", ScalarType.Short,
            "int8", ScalarType.Char,
            "uint8", ScalarType.Byte,
            "bool", ScalarType.Bool);

    /** What a pickle may call. */
    private enum Callable {
        REBUILD_TENSOR,
        REBUILD_PARAMETER,
        ORDERED_DICT
    }

    private record StorageClass(ScalarType type) {}

    private TensorPickle() {}

    /**
     * Reads a pickled state dict.
     *
     * @return name to tensor, in order
     * @throws IllegalArgumentException saying what in it is broken or not admitted
     */
    static Map<String, StridedTensor> read(byte[] pickle) {
        Object root = new Unpickler(pickle, TensorPickle::global, TensorPickle::call, TensorPickle::storage).run();
        if (!(root instanceof Map<?, ?> dict)) {
            throw new IllegalArgumentException("it holds no dictionary of tensors");
        }
        Map<String, StridedTensor> tensors = new LinkedHashMap<>();
        dict.forEach((name, value) -> {
            if (!(name instanceof String key) || !(value instanceof StridedTensor tensor)) {
                throw new IllegalArgumentException("its entry \"" + name + "\" is not a tensor");
            }
            tensors.put(key, tensor);
        });
        return tensors;
    }

    private static Object global(String module, String name) {
        return switch (module + "." + name) {
            case "collections.OrderedDict" -> Callable.ORDERED_DICT;
            case "torch._utils._rebuild_tensor_v2" -> Callable.REBUILD_TENSOR;
            case "torch._utils._rebuild_parameter" -> Callable.REBUILD_PARAMETER;
            default -> type(module, name);
        };
    }

    private static Object type(String module, String name) {
        if (module.equals("torch") && STORAGES.containsKey(name)) {
            return new StorageClass(STORAGES.get(name));
        }
        if (module.equals("torch") && TYPES.containsKey(name)) {
            return TYPES.get(name);
        }
        throw new IllegalArgumentException("it names " + module + "." + name + ", which is no part of a tensor");
    }

    private static Object call(Object callable, List<?> arguments) {
        if (!(callable instanceof Callable known)) {
            throw new IllegalArgumentException("it calls what cannot be called");
        }
        return switch (known) {
            case ORDERED_DICT -> orderedDict(arguments);
            case REBUILD_PARAMETER -> argument(arguments, 0, StridedTensor.class);
            case REBUILD_TENSOR ->
                new StridedTensor(
                        argument(arguments, 0, Storage.class),
                        argument(arguments, 1, Long.class),
                        numbers(argument(arguments, 2, List.class)),
                        numbers(argument(arguments, 3, List.class)));
        };
    }

    private static Map<Object, Object> orderedDict(List<?> arguments) {
        Map<Object, Object> dict = new LinkedHashMap<>();
        if (!arguments.isEmpty()) {
            for (Object pair : argument(arguments, 0, List.class)) {
                if (!(pair instanceof List<?> entry) || entry.size() != 2) {
                    throw new IllegalArgumentException("it makes a dictionary of what are no pairs");
                }
                dict.put(Unpickler.key(entry.get(0)), entry.get(1));
            }
        }
        return dict;
    }

    private static Storage storage(Object id) {
        if (id instanceof List<?> parts && parts.size() == 5 && "storage".equals(parts.get(0))) {
            long count = argument(parts, 4, Long.class);
            if (count >= 0) {
                StorageClass kind = argument(parts, 1, StorageClass.class);
                return new Storage(kind.type(), argument(parts, 2, String.class), count);
            }
        }
        throw new IllegalArgumentException("it refers to something that is not a storage");
    }

    private static <T> T argument(List<?> arguments, int index, Class<T> type) {
        if (index >= arguments.size() || !type.isInstance(arguments.get(index))) {
            throw new IllegalArgumentException("it describes a tensor with the wrong parts");
        }
        return type.cast(arguments.get(index));
    }

    private static long[] numbers(List<?> list) {
        List<Long> numbers = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            numbers.add(argument(list, i, Long.class));
        }
        return numbers.stream().mapToLong(Long::longValue).toArray();
    }
}
