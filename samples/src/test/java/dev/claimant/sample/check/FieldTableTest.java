package dev.claimant.sample.check;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** Whatever the table says of KEDA's kinds is checked: each field once misspelled, left out, of another type, out of its choices or its range. */
class FieldTableTest {

    private static final Set<String> RULES =
            Set.of("unknown-field", "missing-field", "wrong-type", "unknown-value", "out-of-range");

    /**
     * One slip.
     *
     * @param at the object that is changed
     * @param field its field
     * @param rule which finds it
     */
    private record Slip(Map<String, Object> at, String field, Object value, String rule) {}

    @ParameterizedTest
    @ValueSource(strings = {"ScaledJob", "ScaledObject", "TriggerAuthentication"})
    void everySlipIsFound(String kind) throws IOException {
        Map<?, ?> shape = (Map<?, ?>)
                Objects.requireNonNull(Resources.table("fields.yaml").get(kind));
        List<Slip> slips = new ArrayList<>();
        Map<String, Object> document = full(shape, slips);
        document.put("kind", kind);
        assertThat(findings(document)).as("without a slip").isEmpty();

        for (Slip slip : slips) {
            Map<String, Object> sound = new LinkedHashMap<>(slip.at());
            slip.at().remove(slip.field());
            if (slip.rule().equals("unknown-field")) {
                slip.at().put(slip.field() + "s", slip.value());
            } else if (slip.value() != MISSING) {
                slip.at().put(slip.field(), slip.value());
            }
            assertThat(findings(document))
                    .as("%s of %s", slip.rule(), slip.field())
                    .anySatisfy(finding -> {
                        assertThat(finding.rule()).isEqualTo(slip.rule());
                        assertThat(finding.problem()).contains(slip.field());
                    });
            slip.at().clear();
            slip.at().putAll(sound);
        }
        assertThat(slips).hasSizeGreaterThan(80);
    }

    private static final Object MISSING = new Object();

    /** A document with all fields; notes what can go wrong with each. */
    private static Map<String, Object> full(Map<?, ?> shape, List<Slip> slips) {
        Map<String, Object> object = new LinkedHashMap<>();
        boolean open = shape.containsKey("...");
        shape.forEach((key, below) -> {
            String name = String.valueOf(key).replace("!", "");
            if (name.equals("...")) {
                return;
            }
            if (key.equals("kind!")) {
                return; // the checker goes by it
            }
            object.put(name, value(below, object, name, slips));
            if (!open) {
                slips.add(new Slip(object, name, Objects.requireNonNull(object.get(name)), "unknown-field"));
            }
            if (String.valueOf(key).endsWith("!")) {
                slips.add(new Slip(object, name, MISSING, "missing-field"));
            }
            if (String.valueOf(key).endsWith("!!")) {
                slips.add(new Slip(object, name, List.of(), "missing-field"));
            }
        });
        return object;
    }

    private static Object value(Object shape, Map<String, Object> at, String name, List<Slip> slips) {
        if (shape instanceof Map<?, ?> fields) {
            slips.add(new Slip(at, name, "text", "wrong-type"));
            return full(fields, slips);
        }
        if (shape instanceof List<?> list) {
            slips.add(new Slip(at, name, "text", "wrong-type"));
            Object item = Objects.requireNonNull(list.get(0));
            return item instanceof Map<?, ?> fields
                    ? new ArrayList<>(List.of(full(fields, slips)))
                    : List.of(leaf(String.valueOf(item), new LinkedHashMap<>(), name, new ArrayList<>()));
        }
        return leaf(String.valueOf(shape), at, name, slips);
    }

    private static Object leaf(String type, Map<String, Object> at, String name, List<Slip> slips) {
        if (type.startsWith("int")) {
            slips.add(new Slip(at, name, "5", "wrong-type"));
            if (type.contains(" ")) {
                int least = Integer.parseInt(type.substring(4));
                slips.add(new Slip(at, name, least - 1, "out-of-range"));
                return least;
            }
            return 5;
        }
        switch (type) {
            case "any" -> {
                return "anything";
            }
            case "quantity" -> {
                slips.add(new Slip(at, name, true, "wrong-type"));
                return "100m";
            }
            case "bool" -> {
                slips.add(new Slip(at, name, "true", "wrong-type"));
                return true;
            }
            default -> {
                slips.add(new Slip(at, name, 5, "wrong-type"));
                if (type.contains("|")) {
                    slips.add(new Slip(at, name, "nonsense", "unknown-value"));
                    return type.substring(0, type.indexOf('|'));
                }
                return type.equals("text") ? "text" : type;
            }
        }
    }

    private static List<Finding> findings(Map<String, Object> document) throws IOException {
        String text = new Yaml().dump(document);
        Manifests manifests = Manifests.read("-", new ByteArrayInputStream(text.getBytes(UTF_8)));
        return new Checker(OptionalInt.empty())
                .check(manifests).findings().stream()
                        .filter(finding -> RULES.contains(finding.rule()))
                        .toList();
    }
}
