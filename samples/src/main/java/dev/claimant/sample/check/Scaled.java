package dev.claimant.sample.check;

import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A ScaledJob or a ScaledObject with what belongs to it.
 *
 * @param workload the Deployment's document, or the ScaledJob's own; null where the Deployment is not among the manifests
 * @param pod null where the workload is
 * @param partitions of the topic, where they are told
 */
record Scaled(
        Element document,
        List<TriggerUse> triggers,
        @Nullable Element workload,
        @Nullable Pod pod,
        OptionalInt partitions) {

    boolean isJob() {
        return document.at("kind").text().equals("ScaledJob");
    }

    String name() {
        return document.at("kind").text() + " "
                + document.at("metadata", "name").text();
    }

    Element spec(String... path) {
        return document.at("spec").at(path);
    }

    Element job(String... path) {
        return spec("jobTargetRef").at(path);
    }
}
