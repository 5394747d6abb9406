package dev.claimant.sample.check;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.stream.Stream;

/**
 * The documents of one argument.
 *
 * @param appliedTogether a kustomization's resources and a stream are; the files of a folder may be alternatives
 * @param broken what could not be read
 * @param unchecked what was not looked at
 */
record Manifests(List<Element> documents, boolean appliedTogether, List<Finding> broken, List<String> unchecked) {

    /** A file, all of a folder's, what a kustomization.yaml names, or the standard input where it is called {@code -}. */
    static Manifests read(String argument, InputStream in) throws IOException {
        return new ManifestReader().read(argument, in);
    }

    Stream<Element> ofKind(String kind) {
        return documents.stream().filter(document -> document.at("kind").text().equals(kind));
    }
}
