package dev.claimant.sample.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * For {@code bin/crds}: says where the checker's table of fields and KEDA's own definitions differ, when KEDA has a new release. Pods are
 * Kubernetes' own and are not compared.
 */
final class CrdComparison {

    private static final Map<String, String> FILES = Map.of(
            "ScaledJob", "keda.sh_scaledjobs.yaml",
            "ScaledObject", "keda.sh_scaledobjects.yaml",
            "TriggerAuthentication", "keda.sh_triggerauthentications.yaml");

    private final List<String> differences = new ArrayList<>();
    private int compared;

    private CrdComparison() {}

    /** The folder with KEDA's definitions; exits with 1 if anything differs. */
    public static void main(String[] args) throws IOException {
        CrdComparison comparison = new CrdComparison();
        for (Map.Entry<String, String> file : new TreeMap<>(FILES).entrySet()) {
            comparison.compare(file.getKey(), Path.of(args[0], file.getValue()));
        }
        comparison.differences.forEach(System.out::println);
        System.out.println("fields=" + comparison.compared + " differences=" + comparison.differences.size());
        System.exit(comparison.differences.isEmpty() ? 0 : 1);
    }

    private void compare(String kind, Path file) throws IOException {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(50_000_000);
        Map<?, ?> definition = new Yaml(new SafeConstructor(options)).load(Files.readString(file));
        List<?> versions = (List<?>) Objects.requireNonNull(at(definition, "spec", "versions"));
        Map<?, ?> spec = (Map<?, ?>)
                Objects.requireNonNull(at(versions.get(0), "schema", "openAPIV3Schema", "properties", "spec"));
        Map<?, ?> ours = (Map<?, ?>)
                Objects.requireNonNull(Resources.table("fields.yaml").get(kind));
        compare(kind + ".spec", spec, Objects.requireNonNull(ours.get("spec!")), false);
    }

    private void compare(String path, Map<?, ?> theirs, Object ours, boolean required) {
        if (path.endsWith(".jobTargetRef.template")) {
            return;
        }
        compared++;
        if ("object".equals(theirs.get("type"))) {
            compareObject(path, theirs, ours);
        } else if ("array".equals(theirs.get("type"))) {
            if (!(ours instanceof List<?> list)) {
                differences.add(path + ": a list there, here " + ours);
                return;
            }
            compare(
                    path + "[]",
                    (Map<?, ?>) Objects.requireNonNull(theirs.get("items")),
                    Objects.requireNonNull(list.get(0)),
                    required);
        } else {
            compareValue(path, theirs, String.valueOf(ours));
        }
    }

    private void compareObject(String path, Map<?, ?> theirs, Object ours) {
        if (!(ours instanceof Map<?, ?> fields)) {
            differences.add(path + ": fields there, here " + ours);
            return;
        }
        Map<String, Object> shapes = new LinkedHashMap<>();
        Set<String> required = new TreeSet<>();
        Set<String> filled = new TreeSet<>();
        fields.forEach((key, below) -> {
            String name = String.valueOf(key).replace("!", "");
            shapes.put(name, below);
            if (String.valueOf(key).endsWith("!")) {
                required.add(name);
            }
            if (String.valueOf(key).endsWith("!!")) {
                filled.add(name);
            }
        });
        Map<?, ?> properties = theirs.get("properties") instanceof Map<?, ?> map ? map : Map.of();
        Set<String> names = new TreeSet<>(shapes.keySet());
        names.remove("...");
        Set<String> theirNames = strings(properties.keySet());
        if (!names.equals(theirNames)) {
            differences.add(path + ": there " + theirNames + ", here " + names);
        }
        Set<String> theirRequired = theirs.get("required") instanceof List<?> list ? strings(list) : Set.of();
        if (!required.equals(theirRequired)) {
            differences.add(path + ": required there " + theirRequired + ", here " + required);
        }
        if (theirs.containsKey("additionalProperties") != shapes.containsKey("...")) {
            differences.add(path + ": other fields are allowed in one of the two");
        }
        properties.forEach((name, below) -> {
            Map<?, ?> field = (Map<?, ?>) below;
            Object shape = shapes.get(String.valueOf(name));
            boolean notEmpty = field.get("minItems") instanceof Integer least && least > 0;
            if (notEmpty != filled.contains(String.valueOf(name))) {
                differences.add(path + "." + name + ": must hold something in one of the two");
            }
            if (shape != null) {
                compare(path + "." + name, field, shape, theirRequired.contains(String.valueOf(name)));
            }
        });
    }

    /** Choices and least values that only we know are Kubernetes' own, which the definition leaves to its admission. */
    private void compareValue(String path, Map<?, ?> theirs, String ours) {
        String type = Boolean.TRUE.equals(theirs.get("x-kubernetes-int-or-string"))
                ? "quantity"
                : Map.of("integer", "int", "boolean", "bool", "string", "text")
                        .getOrDefault(String.valueOf(theirs.get("type")), "unknown");
        String kind = ours.split(" ", -1)[0];
        boolean choice = kind.contains("|") || kind.equals("clientCredentials");
        if (!kind.equals(type) && !(choice && type.equals("text"))) {
            differences.add(path + ": " + type + " there, here " + ours);
        }
        if (theirs.get("enum") instanceof List<?> values) {
            Set<String> choices = strings(values);
            choices.remove("");
            if (!choices.equals(Set.of(ours.split("\\|", -1)))) {
                differences.add(path + ": " + choices + " there, here " + ours);
            }
        }
        if (theirs.get("minimum") instanceof Integer least && !ours.equals("int " + least)) {
            differences.add(path + ": at least " + least + " there, here " + ours);
        }
    }

    private static Set<String> strings(Iterable<?> values) {
        Set<String> strings = new TreeSet<>();
        values.forEach(value -> strings.add(String.valueOf(value)));
        return strings;
    }

    private static @Nullable Object at(@Nullable Object node, String... names) {
        Object at = node;
        for (String name : names) {
            at = at instanceof Map<?, ?> fields ? fields.get(name) : null;
        }
        return at;
    }
}
