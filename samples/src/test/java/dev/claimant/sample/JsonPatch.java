package dev.claimant.sample;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A patch by RFC 6902, of which the shipped manifests use {@code add} alone. */
final class JsonPatch {

    private JsonPatch() {}

    /** The document as the patch leaves it. */
    static Yaml applied(Yaml patch, Yaml document) {
        Object patched = copy(document.node());
        for (Yaml operation : patch.items()) {
            if (!operation.at("op").text().equals("add")) {
                throw new IllegalArgumentException("not known here: " + operation.node());
            }
            String path = operation.at("path").text().substring(1);
            add(
                    patched,
                    List.of(path.split("/", -1)),
                    copy(operation.at("value").node()));
        }
        return new Yaml(patched);
    }

    @SuppressWarnings("unchecked") // what YAML calls a map or a list is one of anything
    private static void add(@Nullable Object node, List<String> path, @Nullable Object value) {
        String first = path.get(0);
        if (path.size() > 1) {
            Object below = node instanceof List<?> list
                    ? list.get(Integer.parseInt(first))
                    : new Yaml(node).at(first).node();
            add(below, path.subList(1, path.size()), value);
        } else if (node instanceof List<?> list && first.equals("-")) {
            ((List<@Nullable Object>) list).add(value);
        } else if (node instanceof Map<?, ?> fields) {
            ((Map<Object, @Nullable Object>) fields).put(first, value);
        } else {
            throw new IllegalArgumentException("nothing can be added at " + first + " to " + node);
        }
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
