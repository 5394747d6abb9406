package dev.claimant.sample;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** A node of a manifest; what is not there is null inside. */
record Yaml(@Nullable Object node) {

    /** All documents in the folder's files. */
    static List<Yaml> readAll(Path folder) {
        List<Yaml> documents = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList()) {
                documents.addAll(all(Files.readString(file)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return documents;
    }

    /** All documents in a text. */
    static List<Yaml> all(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        List<Yaml> documents = new ArrayList<>();
        new org.yaml.snakeyaml.Yaml(new SafeConstructor(options))
                .loadAll(text)
                .forEach(document -> documents.add(new Yaml(document)));
        return documents;
    }

    Yaml at(String... names) {
        Object at = node;
        for (String name : names) {
            at = at instanceof Map<?, ?> fields ? fields.get(name) : null;
        }
        return new Yaml(at);
    }

    List<Yaml> items() {
        return node instanceof List<?> list ? list.stream().map(Yaml::new).toList() : List.of();
    }

    /** The item of a list that has this name. */
    Yaml named(String name) {
        return items().stream()
                .filter(item -> name.equals(item.at("name").node))
                .findFirst()
                .orElse(new Yaml(null));
    }

    /** The names of the fields below. */
    Set<String> names() {
        return node instanceof Map<?, ?> fields
                ? fields.keySet().stream().map(String::valueOf).collect(Collectors.toSet())
                : Set.of();
    }

    boolean isSet() {
        return node != null;
    }

    String text() {
        return node instanceof String text ? text : "not text: " + node;
    }

    int number() {
        return node instanceof Integer number ? number : Integer.parseInt(text());
    }

    /** This node and all below it. */
    Stream<Yaml> all() {
        Stream<Yaml> below = Stream.empty();
        if (node instanceof Map<?, ?> fields) {
            below = fields.values().stream().map(Yaml::new);
        } else if (node instanceof List<?> list) {
            below = list.stream().map(Yaml::new);
        }
        return Stream.concat(Stream.of(this), below.flatMap(Yaml::all));
    }
}
