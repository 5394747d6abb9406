package dev.claimant.sample.local;

import dev.claimant.ConfigurationException;
import dev.claimant.sample.cluster.Image;
import dev.claimant.sample.keda.PodTemplate;
import dev.claimant.sample.keda.ScaledJob;
import dev.claimant.sample.keda.ScaledObject;
import dev.claimant.sample.keda.Trigger;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is run: one of the two is there.
 *
 * @param scaledObject with the pods of its Deployment, which may be in another file of the folder
 */
record LocalManifest(
        @Nullable ScaledJob scaledJob, @Nullable ScaledObject scaledObject, PodTemplate pod, Trigger trigger) {

    static LocalManifest read(Path manifest) {
        if (ScaledJob.isIn(manifest)) {
            ScaledJob job = ScaledJob.read(manifest);
            return new LocalManifest(job, null, runnable(manifest, job.job().pod()), only(manifest, job.triggers()));
        }
        ScaledObject object = ScaledObject.read(manifest);
        PodTemplate pod = PodTemplate.ofDeployment(manifest, object.scaleTarget())
                .orElseThrow(() -> refused(
                        manifest,
                        "spec.scaleTargetRef: no file beside it holds the Deployment " + object.scaleTarget()));
        return new LocalManifest(null, object, runnable(manifest, pod), only(manifest, object.triggers()));
    }

    private static Trigger only(Path manifest, List<Trigger> triggers) {
        if (triggers.size() > 1) {
            throw refused(manifest, "spec.triggers: " + triggers.size() + " of them; only one is played here");
        }
        return triggers.get(0);
    }

    /** The pods run this build's worker, whatever their image is; so they must mean to run it. */
    private static PodTemplate runnable(Path manifest, PodTemplate pod) {
        if (!pod.env().containsKey("SOURCE")) {
            throw refused(
                    manifest,
                    "the container " + pod.container()
                            + " has no variable SOURCE: only the sample's worker can be run here");
        }
        if (!pod.command().isEmpty() && !Image.isOfThisImage(pod.command())) {
            throw refused(manifest, "command: " + pod.command() + " is not the sample's");
        }
        return pod;
    }

    private static ConfigurationException refused(Path manifest, String why) {
        return new ConfigurationException(List.of(manifest + ": " + why));
    }

    String name() {
        return scaledJob == null ? Objects.requireNonNull(scaledObject).name() : scaledJob.name();
    }

    int max() {
        return scaledJob == null
                ? Objects.requireNonNull(scaledObject).maxReplicaCount()
                : scaledJob.maxReplicaCount().orElse(100);
    }
}
