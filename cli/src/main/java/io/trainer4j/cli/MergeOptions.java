package io.trainer4j.cli;

import io.trainer4j.model.PretrainedModel;
import io.trainer4j.option.Option;
import io.trainer4j.option.Options;
import java.nio.file.Path;

/** What merge writes. */
final class MergeOptions extends Options<MergeOptions> {
    @Option(help = "New folder for the merged model.", required = true)
    private Path outputDir;

    @Option(help = "Number format of the merged weights; they are computed and compared in float32.")
    private PretrainedModel.DType dtype = PretrainedModel.DType.FLOAT32;

    Path outputDir() {
        return outputDir;
    }

    PretrainedModel.DType dtype() {
        return dtype;
    }
}
