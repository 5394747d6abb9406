package dev.claimant.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Shipped manifests as a component of theirs leaves them. */
public final class PatchedManifests {

    private PatchedManifests() {}

    /** Writes each file of the folder with its one document that is to be patched, or as it is; returns where to. */
    public static Path write(Path folder, String component, Path target) throws IOException {
        for (String file : List.of("deployment.yaml", "scaledobject.yaml", "scaledjob.yaml", "producer.yaml")) {
            Yaml document = Yaml.all(Files.readString(folder.resolve(file))).get(0);
            String text = new org.yaml.snakeyaml.Yaml()
                    .dump(applied(folder, component, document).node());
            Files.writeString(target.resolve(file), text);
        }
        return target;
    }

    /** The document with the component's patches for it. */
    static Yaml applied(Path folder, String component, Yaml document) {
        Yaml patched = document;
        for (Yaml patch : patchesFor(folder, component, document)) {
            patched = JsonPatch.applied(Yaml.all(patch.at("patch").text()).get(0), patched);
        }
        return patched;
    }

    private static List<Yaml> patchesFor(Path folder, String component, Yaml document) {
        List<Yaml> found = new ArrayList<>();
        for (Yaml patch :
                Yaml.readAll(folder.resolve(component)).get(0).at("patches").items()) {
            boolean isMeant = patch.at("target", "kind").equals(document.at("kind"))
                    && (!patch.at("target", "name").isSet()
                            || patch.at("target", "name").equals(document.at("metadata", "name")));
            if (isMeant) {
                found.add(patch);
            }
        }
        return found;
    }
}
