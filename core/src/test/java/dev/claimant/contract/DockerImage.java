package dev.claimant.contract;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Whether a container can be had for a test. */
public final class DockerImage {

    private DockerImage() {}

    /** Asks for the image, not for the engine: an engine that reaches no registry would keep every test waiting for the pull. */
    public static boolean isAtHand(String name) {
        try {
            Process probe = new ProcessBuilder("docker", "image", "inspect", "-f", "ok", name)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return probe.waitFor(5, TimeUnit.SECONDS) && probe.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
