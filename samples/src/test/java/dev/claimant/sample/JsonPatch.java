package dev.claimant.sample;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A patch by RFC 6902, of which the shipped manifests use {@code add}, {@code replace} and {@code test}. */
final class JsonPatch {

    private JsonPatch() {}

    /** The document as the patch leaves it. */
    static Yaml applied(Yaml patch, Yaml document) {
        Object patched = copy(document.node());
        for (Yaml operation : patch.items()) {
            List<String> path = List.of(operation.at("path").text().substring(1).split("/", -1));
            Object value = copy(operation.at("value").node());
            switch (operation.at("op").text()) {
                case "add" -> add(patched, path, value);
                case "replace" -> replace(patched, path, value);
                case "test" -> test(patched, path, value);
                default -> throw new IllegalArgumentException("not known here: " + operation.node());
            }
        }
        return new Yaml(patched);
    }

    @SuppressWarnings("unchecked") // what YAML calls a map or a list is one of anything
    private static void add(@Nullable Object node, List<String> path, @Nullable Object value) {
        String first = path.get(0);
        if (path.size() > 1) {
            add(below(node, first), path.subList(1, path.size()), value);
        } else if (node instanceof List<?> list && first.equals("-")) {
            ((List<@Nullable Object>) list).add(value);
        } else if (node instanceof Map<?, ?> fields) {
            ((Map<Object, @Nullable Object>) fields).put(first, value);
        } else {
            throw new IllegalArgumentException("nothing can be added at " + first + " to " + node);
        }
    }

    @SuppressWarnings("unchecked")
    private static void replace(@Nullable Object node, List<String> path, @Nullable Object value) {
        String first = path.get(0);
        if (path.size() > 1) {
            replace(below(node, first), path.subList(1, path.size()), value);
        } else if (node instanceof List<?> list) {
            ((List<@Nullable Object>) list).set(Integer.parseInt(first), value);
        } else if (node instanceof Map<?, ?> fields && fields.containsKey(first)) {
            ((Map<Object, @Nullable Object>) fields).put(first, value);
        } else {
            throw new IllegalArgumentException("there is no " + first + " in " + node);
        }
    }

    private static void test(@Nullable Object node, List<String> path, @Nullable Object value) {
        Object found = node;
        for (String name : path) {
            found = below(found, name);
        }
        if (!Objects.equals(found, value)) {
            throw new IllegalArgumentException(path + " is " + found + " and not " + value);
        }
    }

    private static @Nullable Object below(@Nullable Object node, String name) {
        return node instanceof List<?> list
                ? list.get(Integer.parseInt(name))
                : new Yaml(node).at(name).node();
    }

    private static @Nullable Object copy(@Nullable Object node) {
        if (node instanceof Map<?, ?> fields) {
            Map<Object, @Nullable Object> copy = new LinkedHashMap<>();
            fields.forEach((name, value) -> copy.put(name, copy(value)));
            return copy;
        }
        if (node instanceof List<?> list) {
            List<@Nullable Object> copy = new ArrayList<>();
            list.forEach(item -> copy.add(copy(item)));
            return copy;
        }
        return node;
    }
}
