package dev.claimant.sample.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The fields of each kind, as the API server would check them; a field that it does not know it drops without a word. */
final class FieldRules {

    private static final Map<?, ?> KINDS = Resources.table("fields.yaml");
    private static final String OTHERS = "...";

    static final List<Rule<Element>> RULES = List.of(
            new Rule<>("repeated-field", FieldRules::repeatedField),
            new Rule<>("api-version", FieldRules::apiVersion),
            rule("unknown-field"),
            rule("missing-field"),
            rule("wrong-type"),
            rule("unknown-value"),
            rule("out-of-range"));

    private FieldRules() {}

    private static Rule<Element> rule(String name) {
        return new Rule<>(name, (document, complaints) -> {
            if (KINDS.get(document.at("kind").text()) instanceof Map<?, ?> kind) {
                List<Finding> found = new ArrayList<>();
                walk(document, kind, found);
                found.stream()
                        .filter(finding -> finding.rule().equals(name))
                        .forEach(finding -> complaints.add(
                                new Element(finding.file(), finding.line(), "", null),
                                finding.problem(),
                                finding.remedy()));
            }
        });
    }

    private static void repeatedField(Element document, Rule.Complaints complaints) {
        document.all()
                .flatMap(element -> element.repeatedFields().stream())
                .forEach(field -> complaints.add(field, field.path() + " is there twice", "Keep one of the two."));
    }

    private static void apiVersion(Element document, Rule.Complaints complaints) {
        String kind = document.at("kind").text();
        Element version = document.at("apiVersion");
        if (KINDS.get(kind) instanceof Map<?, ?> known) {
            Object wanted = known.get("apiVersion!");
            if (version.isSet() && !version.text().equals(wanted)) {
                complaints.add(
                        version, "apiVersion " + version.text() + " has no such kind", "Write apiVersion: " + wanted);
            }
        } else if (version.text().startsWith("keda.sh/")) {
            complaints.add(
                    document.at("kind"),
                    "KEDA has no kind " + kind,
                    "Its kinds are ScaledJob, ScaledObject, TriggerAuthentication, ClusterTriggerAuthentication.");
        }
    }

    private static void walk(Element element, Object shape, List<Finding> found) {
        if (shape instanceof Map<?, ?> fields) {
            walkObject(element, fields, found);
        } else if (shape instanceof List<?> list) {
            if (!element.isList()) {
                found.add(Finding.at(
                        element, "wrong-type", element.path() + " must be a list", "Begin each item with a dash."));
            }
            element.items().forEach(item -> walk(item, list.get(0), found));
        } else {
            walkValue(element, new ValueType(String.valueOf(shape)), found);
        }
    }

    private static void walkObject(Element element, Map<?, ?> shape, List<Finding> found) {
        if (!element.isObject()) {
            found.add(Finding.at(
                    element, "wrong-type", element.path() + " must hold fields", "Indent its fields below it."));
            return;
        }
        Map<String, Object> shapes = new LinkedHashMap<>();
        shape.forEach((name, below) -> shapes.put(String.valueOf(name).replaceAll("!+$", ""), below));
        element.fields().forEach((name, field) -> {
            @Nullable Object below = shapes.getOrDefault(name, shapes.get(OTHERS));
            if (below == null) {
                found.add(Finding.at(
                        field,
                        "unknown-field",
                        field.path() + " is no field; it would be dropped",
                        nearest(name, shapes)));
            } else if (field.isSet()) {
                walk(field, below, found);
            }
        });
        shape.keySet().stream()
                .map(String::valueOf)
                .filter(name -> name.endsWith("!"))
                .forEach(name -> {
                    Element field = element.at(name.replace("!", ""));
                    if (!field.isSet()) {
                        found.add(Finding.at(field, "missing-field", field.path() + " is missing", "Add it."));
                    } else if (name.endsWith("!!")
                            && field.isList()
                            && field.items().isEmpty()) {
                        found.add(Finding.at(field, "missing-field", field.path() + " holds nothing", "Add an item."));
                    }
                });
    }

    private static void walkValue(Element element, ValueType type, List<Finding> found) {
        if (!type.hasRightType(element)) {
            found.add(Finding.at(
                    element, "wrong-type", element.path() + " is " + element.text(), "Must be " + type.wanted() + "."));
        } else if (!type.isAmongChoices(element)) {
            found.add(Finding.at(
                    element,
                    "unknown-value",
                    element.path() + " is " + element.text(),
                    "Must be one of " + String.join(", ", type.choices()) + "."));
        } else if (!type.isInRange(element)) {
            found.add(Finding.at(
                    element,
                    "out-of-range",
                    element.path() + " is " + element.text(),
                    "Must be " + type.range() + "."));
        }
    }

    /** Capital letters are the usual slip; otherwise what there is. */
    private static String nearest(String name, Map<String, Object> shapes) {
        return shapes.keySet().stream()
                .filter(known -> Spelling.isClose(known, name))
                .findFirst()
                .map(known -> "Write " + known + ".")
                .orElseGet(() -> "These are known: "
                        + new TreeSet<>(shapes.keySet()).stream().collect(Collectors.joining(", ")) + ".");
    }
}
