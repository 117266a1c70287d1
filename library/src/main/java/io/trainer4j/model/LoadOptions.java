package io.trainer4j.model;

import io.trainer4j.UsageException;
import io.trainer4j.option.Option;
import io.trainer4j.option.Options;

/**
 * In which form the weights of a model are kept in memory. In fewer than 32 bits they are frozen: adapters and a new head
 * can be trained beside them, they themselves cannot.
 */
public final class LoadOptions extends Options<LoadOptions> {
    /** Number format of matrices in memory. */
    public enum Dtype {
        /** Each as it is in the file. */
        AUTO,
        FLOAT32,
        BFLOAT16,
        FLOAT16
    }

    /** Kind of 4-bit numbers. */
    public enum QuantType {
        /** The data type of QLoRA. */
        NF4
    }

    @Option(
            help =
                    "Form of the weight matrices in memory: float32 can be trained; bfloat16 and float16 take half of it and"
                            + " are frozen; auto is that of the file, which generate and chat take unless told otherwise.")
    private Dtype dtype = Dtype.FLOAT32;

    @Option(help = "Keep the weight matrices in 8 bits, frozen: about a quarter of the memory of float32.")
    private boolean loadIn8bit = false;

    @Option(help = "Keep the weight matrices in 4 bits, the token embedding in 8, frozen: about a seventh of float32.")
    private boolean loadIn4bit = false;

    @Option(help = "With load_in_4bit: keep the scales in 8 bits too, which saves 0.4 bits a weight.")
    private boolean bnb4bitUseDoubleQuant = false;

    @Option(help = "With load_in_4bit: the 4-bit numbers.")
    private QuantType bnb4bitQuantType = QuantType.NF4;

    /** Form of the weight matrices in memory. */
    public Dtype dtype() {
        return dtype;
    }

    public LoadOptions dtype(Dtype value) {
        return with(copy -> copy.dtype = value);
    }

    /** Whether matrices are kept in 8 bits. */
    public boolean loadIn8bit() {
        return loadIn8bit;
    }

    public LoadOptions loadIn8bit(boolean value) {
        return with(copy -> copy.loadIn8bit = value);
    }

    /** Whether matrices are kept in 4 bits. */
    public boolean loadIn4bit() {
        return loadIn4bit;
    }

    public LoadOptions loadIn4bit(boolean value) {
        return with(copy -> copy.loadIn4bit = value);
    }

    /** Whether the scales of 4-bit numbers are kept in 8 bits. */
    public boolean bnb4bitUseDoubleQuant() {
        return bnb4bitUseDoubleQuant;
    }

    public LoadOptions bnb4bitUseDoubleQuant(boolean value) {
        return with(copy -> copy.bnb4bitUseDoubleQuant = value);
    }

    /** Kind of 4-bit numbers. */
    public QuantType bnb4bitQuantType() {
        return bnb4bitQuantType;
    }

    public LoadOptions bnb4bitQuantType(QuantType value) {
        return with(copy -> copy.bnb4bitQuantType = value);
    }

    /**
     * Checks that the options do not contradict each other.
     *
     * @throws UsageException naming those that do
     */
    public void validate() {
        if (loadIn8bit && loadIn4bit) {
            throw new UsageException("load_in_8bit and load_in_4bit exclude each other; leave one out.");
        }
        if ((loadIn8bit || loadIn4bit) && (dtype == Dtype.BFLOAT16 || dtype == Dtype.FLOAT16)) {
            throw new UsageException("dtype %s and load_in_%sbit exclude each other; leave one out."
                    .formatted(dtype == Dtype.BFLOAT16 ? "bfloat16" : "float16", loadIn8bit ? 8 : 4));
        }
        if (bnb4bitUseDoubleQuant && !loadIn4bit) {
            throw new UsageException("bnb_4bit_use_double_quant has an effect with load_in_4bit only; add it.");
        }
    }
}
