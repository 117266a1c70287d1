package io.trainer4j.tensor;

import java.util.Locale;
import org.bytedeco.pytorch.Context;
import org.bytedeco.pytorch.FusionStrategy;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;

/**
 * Where tensors lie and are computed: {@link #CPU}, or {@link #CUDA}, the first NVIDIA GPU of the process
 * ({@code CUDA_VISIBLE_DEVICES} says which one that is).
 */
public record Device(DeviceType type) {
    public static final Device CPU = new Device(DeviceType.CPU);
    public static final Device CUDA = new Device(DeviceType.CUDA);

    /** Whether a tensor has been put on the GPU, so that its random stream is in use. */
    private static volatile boolean cudaInUse;

    /** A device and why it is the one, as a part of a sentence. */
    public record Choice(Device device, String reason) {}

    /** The GPU where there is one, as Hugging Face's Trainer has it, unless {@code use_cpu} is set. */
    public static Choice choose(boolean useCpu) {
        Engine.load();
        if (useCpu) {
            return new Choice(CPU, "use_cpu");
        }
        if (!Context.hasCUDART()) {
            return new Choice(CPU, "this build carries the CPU libraries; the profile gpu adds CUDA");
        }
        if (!torch.cuda_is_available()) {
            return new Choice(CPU, "CUDA is there but finds no NVIDIA GPU with a driver for it");
        }
        return new Choice(CUDA, "the first of " + torch.cuda_device_count() + " NVIDIA GPU; use_cpu turns it off");
    }

    /** Where a tensor lies. */
    public static Device of(Tensor tensor) {
        try (org.bytedeco.pytorch.Device device = tensor.device()) {
            DeviceType type = device.type().intern();
            return type == DeviceType.CPU ? CPU : new Device(type);
        }
    }

    /** What PyTorch calls it: {@code cpu}, {@code cuda}. */
    public String name() {
        return type.name().toLowerCase(Locale.ROOT);
    }

    /** Whether this is the processor's own memory, which Java can read. */
    public boolean isCpu() {
        return type == DeviceType.CPU;
    }

    /** Whether this is a GPU. */
    public boolean isCuda() {
        return type == DeviceType.CUDA;
    }

    /**
     * The same values on this device.
     *
     * @return belongs to the innermost open scope; {@code tensor} itself where it is there already
     */
    public Tensor put(Tensor tensor) {
        if (isCpu()) {
            return tensor.cpu();
        }
        if (isCuda() && !cudaInUse) {
            useCuda();
        }
        return tensor.to(new org.bytedeco.pytorch.Device(type), tensor.scalar_type());
    }

    /** TorchScript would compile kernels of its own for a GPU, with a compiler that this build does not carry. */
    private static synchronized void useCuda() {
        try (Scope scope = Scope.open()) {
            torch.setFusionStrategy(new FusionStrategy());
        }
        cudaInUse = true;
    }

    /** Has a leaf tensor's values on this device, from then on; whether it is trained stays as it is. */
    public void move(Tensor leaf) {
        try (Scope scope = Scope.open()) {
            boolean trained = leaf.requires_grad();
            leaf.put(put(leaf.detach()).set_requires_grad(trained));
        }
    }

    /** Values that were just made from Java arrays, on this device; without a call where that is the CPU. */
    public Tensor putNew(Tensor ofArrays) {
        return isCpu() ? ofArrays : put(ofArrays);
    }

    /** Lets the GPU round the factors of 32-bit products to TF32, or not, as {@code torch.backends.cuda.matmul.allow_tf32}. */
    public static void allowTf32(boolean allowed) {
        try (Scope scope = Scope.open()) {
            torch.globalContext().setAllowTF32CuBLAS(allowed);
        }
    }

    /** The GPU's random stream, or null while it is not in use. */
    static Generator cudaGenerator() {
        return cudaInUse
                ? torch.globalContext().defaultGenerator(new org.bytedeco.pytorch.Device(DeviceType.CUDA))
                : null;
    }
}
