package dev.claimant.sample.check;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.yaml.snakeyaml.nodes.Node;

/** Collects the documents of one argument, wherever they are; what cannot be read, or holds nothing, is a finding. */
final class ManifestReader {

    private static final List<String> KUSTOMIZATIONS =
            List.of("kustomization.yaml", "kustomization.yml", "Kustomization");

    private final List<Element> documents = new ArrayList<>();
    private final List<Finding> broken = new ArrayList<>();
    private final List<String> unchecked = new ArrayList<>();
    private final Set<Path> kustomizations = new HashSet<>();

    Manifests read(String argument, InputStream in) throws IOException {
        Path path = Path.of(argument);
        if (argument.equals("-")) {
            add(argument, in.readAllBytes());
        } else if (Files.isDirectory(path)) {
            try (Stream<Path> files = Files.list(path)) {
                for (Path file :
                        files.filter(ManifestReader::isManifest).sorted().toList()) {
                    add(file);
                }
            }
        } else {
            add(path);
        }
        boolean silent = documents.isEmpty() && broken.isEmpty() && kustomizations.isEmpty();
        if (silent && !Files.isDirectory(path)) {
            broken.add(new Finding(
                    argument,
                    1,
                    "yaml",
                    "there is no manifest",
                    "Look at what should have written it: nothing was checked."));
        }
        return new Manifests(documents, argument.equals("-") || isKustomization(path), broken, unchecked);
    }

    private static boolean isManifest(Path file) {
        return file.getFileName().toString().matches(".*\\.ya?ml") && !isKustomization(file);
    }

    private static boolean isKustomization(Path file) {
        return file.getFileName() != null
                && KUSTOMIZATIONS.contains(file.getFileName().toString());
    }

    private void add(Path file) throws IOException {
        add(file.toString(), Files.readAllBytes(file));
    }

    private void add(String file, byte[] bytes) throws IOException {
        try {
            for (Node node : YamlText.documents(bytes)) {
                add(Element.root(file, node));
            }
        } catch (YamlText.BrokenException e) {
            broken.add(new Finding(
                    file,
                    e.line(),
                    "yaml",
                    "no YAML: " + e.getMessage(),
                    "Correct the text; nothing of this file was checked."));
        }
    }

    private void add(Element document) throws IOException {
        String kind = document.at("kind").text();
        if (kind.equals("Kustomization") || isKustomization(Path.of(document.file()))) {
            addResources(document);
        } else if (kind.equals("List")) {
            for (Element item : document.at("items").items()) {
                add(item);
            }
        } else if (!kind.isEmpty()) {
            documents.add(document);
        } else if (document.isSet()) {
            unchecked.add(document.file() + ":" + document.line() + ": something without a kind");
        }
    }

    private void addResources(Element kustomization) throws IOException {
        Path file = Path.of(kustomization.file());
        kustomizations.add(file.toAbsolutePath().normalize());
        for (Element resource : kustomization.at("resources").items()) {
            addResource(resource, file.resolveSibling(resource.text()));
        }
        Stream.of("patches", "components", "replacements", "transformers", "generators")
                .map(kustomization::at)
                .filter(Element::isSet)
                .forEach(field -> unchecked.add(kustomization.file() + ": " + field.name()
                        + "; for the result: kubectl kustomize FOLDER | claimant-sample check -f -"));
    }

    private void addResource(Element resource, Path path) throws IOException {
        Optional<Path> file = Files.isDirectory(path)
                ? KUSTOMIZATIONS.stream()
                        .map(path::resolve)
                        .filter(Files::exists)
                        .findFirst()
                : Optional.of(path).filter(Files::exists);
        if (resource.text().contains("://") || file.isEmpty()) {
            Path folder = Path.of(resource.file()).toAbsolutePath().getParent();
            String problem = Files.isDirectory(path) ? " has no kustomization.yaml" : " is not below " + folder;
            broken.add(Finding.at(resource, "resource", resource.text() + problem, "Correct the path."));
        } else if (kustomizations.contains(file.get().toAbsolutePath().normalize())) {
            broken.add(Finding.at(
                    resource, "resource", resource.text() + " is among the resources already", "Name it once."));
        } else {
            add(file.get());
        }
    }
}
