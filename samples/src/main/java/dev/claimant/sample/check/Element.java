package dev.claimant.sample.check;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A place in a manifest. One that is absent has the line of the element that should hold it.
 *
 * @param line counted from 1
 * @param path from the document's root, such as {@code spec.triggers[0].metadata}
 */
record Element(String file, int line, String path, @Nullable Node node) {

    static Element root(String file, Node node) {
        return new Element(file, lineOf(node), "", node);
    }

    /** The element below this one, which may be absent; several names lead further down. */
    Element at(String... names) {
        Element element = this;
        for (String name : names) {
            Element absent = new Element(file, element.line, element.below(name), null);
            element = element.fields().getOrDefault(name, absent);
        }
        return element;
    }

    /** By name; the line is that of the name. What a merge key ({@code <<}) brings is among them, as for kubectl. */
    Map<String, Element> fields() {
        Map<String, Element> fields = new LinkedHashMap<>();
        for (NodeTuple field : tuples()) {
            if (!YamlText.isMerge(field)) {
                String name = scalar(field.getKeyNode());
                fields.put(name, new Element(file, lineOf(field.getKeyNode()), below(name), field.getValueNode()));
            }
        }
        for (NodeTuple field : tuples()) {
            if (YamlText.isMerge(field)) {
                for (Node merged : YamlText.merged(field)) {
                    new Element(file, line, path, merged).fields().forEach(fields::putIfAbsent);
                }
            }
        }
        return fields;
    }

    List<Element> items() {
        if (node instanceof SequenceNode list) {
            List<Node> nodes = list.getValue();
            return IntStream.range(0, nodes.size())
                    .mapToObj(i -> new Element(file, lineOf(nodes.get(i)), path + "[" + i + "]", nodes.get(i)))
                    .toList();
        }
        return List.of();
    }

    /** The item of a list that has this name. */
    Element named(String name) {
        return items().stream()
                .filter(item -> item.at("name").text().equals(name))
                .findFirst()
                .orElse(new Element(file, line, path + "[" + name + "]", null));
    }

    /** This element and all below it. */
    Stream<Element> all() {
        return Stream.concat(
                Stream.of(this),
                Stream.concat(fields().values().stream(), items().stream()).flatMap(Element::all));
    }

    /** Fields that the document gives a second time; YAML forbids it, and tools differ in which of the two they take. */
    List<Element> repeatedFields() {
        Set<String> names = new HashSet<>();
        return tuples().stream()
                .filter(field -> !names.add(scalar(field.getKeyNode())))
                .map(field -> new Element(
                        file, lineOf(field.getKeyNode()), below(scalar(field.getKeyNode())), field.getValueNode()))
                .toList();
    }

    boolean isSet() {
        return node != null && !node.getTag().equals(Tag.NULL);
    }

    boolean isObject() {
        return node instanceof MappingNode;
    }

    boolean isList() {
        return node instanceof SequenceNode;
    }

    boolean hasTag(Tag... tags) {
        return node instanceof ScalarNode scalar && List.of(tags).contains(scalar.getTag());
    }

    /** What is written there, in quotes or not; empty where nothing is. */
    String text() {
        return node == null || !isSet() ? "" : scalar(node);
    }

    String textOr(String otherwise) {
        return isSet() ? text() : otherwise;
    }

    OptionalDouble number() {
        try {
            return isSet() ? OptionalDouble.of(Double.parseDouble(text())) : OptionalDouble.empty();
        } catch (NumberFormatException e) {
            return OptionalDouble.empty();
        }
    }

    double numberOr(double otherwise) {
        return number().orElse(otherwise);
    }

    /** The last part of the path. */
    String name() {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    private List<NodeTuple> tuples() {
        return node instanceof MappingNode map ? map.getValue() : List.of();
    }

    private String below(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private static String scalar(Node node) {
        return node instanceof ScalarNode scalar ? scalar.getValue() : "";
    }

    private static int lineOf(Node node) {
        return node.getStartMark().getLine() + 1;
    }
}
