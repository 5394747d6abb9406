package dev.claimant.contract;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Makes the capability matrix, {@code docs/capabilities.md}, from the results that the contract left under {@code target/contract} of
 * each module. Needs nothing but the JDK.
 */
public final class Matrix {

    private static final String HEAD = """
            # Capabilities

            Made by `bin/matrix` from the results of the contract suite; not to be edited. What a rule demands in full, and the broken
            source that proves it, is in [contract.md](contract.md).

            """;

    private final List<Column> columns;
    private final List<String> reasons;

    private Matrix(List<Column> columns) {
        this.columns = columns;
        this.reasons = List.copyOf(columns.stream()
                .flatMap(column -> column.results().stream())
                .map(Result::reason)
                .filter(reason -> !reason.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new)));
    }

    private record Capability(String name, String value) {}

    private record Result(String rule, String force, String demand, String result, String reason) {}

    /** What one source declared, and what came of each rule, in the order of the contract. */
    private record Column(String name, List<Capability> capabilities, List<Result> results) {

        static Column read(Path file) {
            String name = "";
            List<Capability> capabilities = new ArrayList<>();
            List<Result> results = new ArrayList<>();
            for (String line : lines(file)) {
                String[] cells = line.split("\t", -1);
                switch (cells[0]) {
                    case "source" -> name = cells[1];
                    case "capability" -> capabilities.add(new Capability(cells[1], cells[2]));
                    default -> results.add(new Result(cells[1], cells[2], cells[3], cells[4], cells[5]));
                }
            }
            return new Column(name, capabilities, results);
        }
    }

    /**
     * Writes the matrix, or checks the one that is there.
     *
     * @param args {@code write} or {@code check}, the matrix's file, then the result files
     */
    public static void main(String[] args) throws IOException {
        Path file = Path.of(args[1]);
        String matrix = of(Stream.of(args).skip(2).map(Path::of).toList());
        if (args[0].equals("write")) {
            Files.writeString(file, matrix);
        } else if (!Files.exists(file) || !Files.readString(file).equals(matrix)) {
            System.err.println(file + " does not tell what the sources do: run bin/matrix and look at what changed");
            System.exit(1);
        }
    }

    static String of(List<Path> results) {
        if (results.isEmpty()) {
            throw new IllegalArgumentException("no results: run the contract tests of all modules first");
        }
        Matrix matrix = new Matrix(results.stream().map(Column::read).toList());
        return HEAD + matrix.declared() + "\n" + matrix.kept() + "\n" + matrix.legend();
    }

    private String declared() {
        return table("declares", columns.get(0).capabilities().size(), row -> {
            String name = columns.get(0).capabilities().get(row).name();
            return row(
                    name,
                    columns.stream()
                            .map(column -> column.capabilities().get(row).value()));
        });
    }

    private String kept() {
        return table("keeps", columns.get(0).results().size(), row -> {
            Result first = columns.get(0).results().get(row);
            String rule = first.rule() + " " + first.force() + ": " + first.demand();
            return row(
                    rule, columns.stream().map(column -> cell(column.results().get(row), first)));
        });
    }

    private String table(String what, int size, IntFunction<String> row) {
        String names = row(what, columns.stream().map(Column::name));
        String line = "|---".repeat(columns.size() + 1) + "|";
        return Stream.concat(Stream.of(names, line), IntStream.range(0, size).mapToObj(row))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static String row(String first, Stream<String> cells) {
        return "| " + first + " | " + cells.collect(Collectors.joining(" | ")) + " |";
    }

    private String cell(Result result, Result expected) {
        if (!result.rule().equals(expected.rule())) {
            throw new IllegalArgumentException("results of different contracts: run all contract tests again");
        }
        return switch (result.result()) {
            case "kept" -> "yes";
            case "broken" -> "**no**";
            default -> "– " + (reasons.indexOf(result.reason()) + 1);
        };
    }

    private String legend() {
        StringBuilder text = new StringBuilder("A dash: the rule does not apply, because\n\n");
        for (int i = 0; i < reasons.size(); i++) {
            text.append(i + 1).append(". ").append(reasons.get(i)).append('\n');
        }
        return text.toString();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read " + file, e);
        }
    }
}
