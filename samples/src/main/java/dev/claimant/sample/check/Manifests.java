package dev.claimant.sample.check;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.nodes.Node;

/**
 * The documents of one argument.
 *
 * @param appliedTogether a kustomization's resources and a stream are; the files of a folder may be alternatives
 * @param broken files that are no YAML
 * @param unchecked what was not looked at
 */
record Manifests(List<Element> documents, boolean appliedTogether, List<Finding> broken, List<String> unchecked) {

    private static final String KUSTOMIZATION = "kustomization.yaml";

    /** A file, all of a folder's, what a kustomization.yaml names, or the standard input where it is called {@code -}. */
    static Manifests read(String argument, InputStream in) throws IOException {
        Manifests manifests =
                new Manifests(new ArrayList<>(), isApplied(argument), new ArrayList<>(), new ArrayList<>());
        if (argument.equals("-")) {
            manifests.add("-", new InputStreamReader(in, StandardCharsets.UTF_8));
        } else {
            manifests.add(Path.of(argument));
        }
        return manifests;
    }

    private static boolean isApplied(String argument) {
        return argument.equals("-") || argument.endsWith(KUSTOMIZATION);
    }

    Stream<Element> ofKind(String kind) {
        return documents.stream().filter(document -> document.at("kind").text().equals(kind));
    }

    private void add(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            try (Reader text = Files.newBufferedReader(path)) {
                add(path.toString(), text);
            }
            return;
        }
        try (Stream<Path> files = Files.list(path)) {
            for (Path file : files.filter(Manifests::isManifest).sorted().toList()) {
                add(file);
            }
        }
    }

    private static boolean isManifest(Path file) {
        String name = file.getFileName().toString();
        return name.matches(".*\\.ya?ml") && !name.equals(KUSTOMIZATION);
    }

    private void add(String file, Reader text) throws IOException {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(50_000_000);
        try {
            for (Node node : new Yaml(new SafeConstructor(options)).composeAll(text)) {
                Element document = Element.root(file, node);
                if (document.at("kind").text().equals("Kustomization")) {
                    addResources(document);
                } else if (document.isObject()) {
                    documents.add(document);
                }
            }
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
            broken.add(new Finding(
                    file,
                    line,
                    "yaml",
                    "no YAML: " + e.getProblem(),
                    "Correct the text; nothing of this file was checked."));
        }
    }

    private void addResources(Element kustomization) throws IOException {
        Path folder = Path.of(kustomization.file()).toAbsolutePath().getParent();
        for (Element resource : kustomization.at("resources").items()) {
            Path path = Path.of(kustomization.file()).resolveSibling(resource.text());
            if (resource.text().contains("://") || !Files.exists(path)) {
                broken.add(Finding.at(
                        resource, "resource", resource.text() + " is not below " + folder, "Correct the path."));
            } else {
                add(Files.isDirectory(path) ? path.resolve(KUSTOMIZATION) : path);
            }
        }
        Stream.of("patches", "components", "replacements", "transformers", "generators")
                .map(kustomization::at)
                .filter(Element::isSet)
                .forEach(field -> unchecked.add(kustomization.file() + ": " + field.name()
                        + "; for the result: kubectl kustomize FOLDER | claimant-sample check -f -"));
    }
}
