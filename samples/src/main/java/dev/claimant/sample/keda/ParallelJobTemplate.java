package dev.claimant.sample.keda;

import java.nio.file.Path;

/**
 * A Job that wants several of its pods to succeed, as its manifest says; none that fails is replaced.
 *
 * @param completions how many are to succeed
 * @param parallelism how many run at once
 */
public record ParallelJobTemplate(int completions, int parallelism, PodTemplate pod) {

    /**
     * Reads the Job of a manifest.
     *
     * @throws dev.claimant.ConfigurationException for a field that is missing or wrong, with its path and the file
     */
    public static ParallelJobTemplate read(Path manifest) {
        Field spec = Field.document(manifest, "Job").at("spec");
        if (spec.at("backoffLimit").numberOr(0, 6) != 0) {
            throw spec.at("backoffLimit").wrong("must be 0: a pod that is replaced sends again");
        }
        return new ParallelJobTemplate(
                spec.at("completions").numberOr(1, 1),
                spec.at("parallelism").numberOr(1, 1),
                PodTemplate.read(spec.at("template", "spec")));
    }
}
