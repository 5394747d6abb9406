package dev.claimant.sample.check;

import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.reader.ReaderException;

/** Text as it comes: it may be no text at all, no YAML, or have aliases that never end. */
final class YamlText {

    /** Far above what an API server takes. */
    private static final int LARGEST_NODES = 1_000_000;

    private static final int DEEPEST = 200;
    private static final int LARGEST_CHARACTERS = 50_000_000;
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    /** It cannot be read. */
    static final class BrokenException extends Exception {

        private static final long serialVersionUID = 1L;
        private final int line;

        private BrokenException(int line, String problem) {
            super(problem);
            this.line = line;
        }

        int line() {
            return line;
        }
    }

    private int nodes;

    private YamlText() {}

    /** All of them, or none. */
    static List<Node> documents(byte[] bytes) throws BrokenException {
        String text = decoded(bytes);
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(LARGEST_CHARACTERS);
        List<Node> documents = new ArrayList<>();
        try {
            new Yaml(new SafeConstructor(options))
                    .composeAll(new StringReader(text))
                    .forEach(documents::add);
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
            throw new BrokenException(line, e.getProblem());
        } catch (ReaderException e) {
            int line = lines(text.codePoints().limit(e.getPosition()).toArray());
            throw new BrokenException(line, "the character U+%04X is not allowed".formatted(e.getCodePoint()));
        } catch (YAMLException e) {
            throw new BrokenException(1, String.valueOf(e.getMessage()));
        }
        for (Node document : documents) {
            new YamlText().follow(document, 0);
        }
        return documents;
    }

    private static String decoded(byte[] bytes) throws BrokenException {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        boolean whole =
                !StandardCharsets.UTF_8.newDecoder().decode(in, out, true).isError();
        String text = out.flip().toString();
        if (!whole) {
            throw new BrokenException(lines(text.codePoints().toArray()), "not in UTF-8");
        }
        return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    }

    private static int lines(int[] before) {
        int line = 1;
        for (int character : before) {
            line += character == '\n' ? 1 : 0;
        }
        return line;
    }

    /** An alias may name what it is in, or one more than the last ten times. */
    private void follow(Node node, int depth) throws BrokenException {
        if (++nodes > LARGEST_NODES || depth > DEEPEST) {
            throw new BrokenException(
                    node.getStartMark().getLine() + 1, "with its aliases it is endless, or nearly so");
        }
        if (node instanceof SequenceNode list) {
            for (Node item : list.getValue()) {
                follow(item, depth + 1);
            }
        } else if (node instanceof MappingNode map) {
            for (NodeTuple field : map.getValue()) {
                if (isMerge(field) && !merged(field).stream().allMatch(MappingNode.class::isInstance)) {
                    throw new BrokenException(
                            field.getKeyNode().getStartMark().getLine() + 1, "<< takes a map, or a list of maps");
                }
                follow(field.getKeyNode(), depth + 1);
                follow(field.getValueNode(), depth + 1);
            }
        }
    }

    static boolean isMerge(NodeTuple field) {
        return field.getKeyNode().getTag().equals(Tag.MERGE);
    }

    /** What the value of a merge key names, the first before the others. */
    static List<Node> merged(NodeTuple merge) {
        return merge.getValueNode() instanceof SequenceNode list ? list.getValue() : List.of(merge.getValueNode());
    }
}
