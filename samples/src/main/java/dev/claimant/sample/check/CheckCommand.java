package dev.claimant.sample.check;

import dev.claimant.sample.Arguments;
import dev.claimant.sample.UsageException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** {@code claimant-sample check -f FILE}. */
public final class CheckCommand {

    private static final int SOMETHING_FOUND = 1;

    private CheckCommand() {}

    /** Prints all findings; returns the exit code, which is 1 if there is any. */
    public static int run(Arguments arguments, InputStream in, PrintStream out) throws IOException {
        List<String> files = arguments.texts("-f");
        int partitions = arguments.option("--partitions", 1, 0);
        arguments.end();
        if (files.isEmpty()) {
            throw new UsageException(
                    "check needs -f FILE; FILE may be a folder, a kustomization.yaml, or - for the standard input");
        }
        Checker checker = new Checker(partitions == 0 ? OptionalInt.empty() : OptionalInt.of(partitions));
        List<Finding> findings = new ArrayList<>();
        List<String> unchecked = new ArrayList<>();
        int documents = 0;
        for (String file : files) {
            Manifests manifests = read(file, in);
            Checker.Result result = checker.check(manifests);
            findings.addAll(result.findings());
            unchecked.addAll(result.unchecked());
            documents += manifests.documents().size();
        }
        findings.forEach(out::println);
        unchecked.stream().distinct().forEach(what -> out.println("not checked: " + what));
        out.println("documents=" + documents + " findings=" + findings.size());
        return findings.isEmpty() ? 0 : SOMETHING_FOUND;
    }

    private static Manifests read(String file, InputStream in) throws IOException {
        try {
            return Manifests.read(file, in);
        } catch (NoSuchFileException e) {
            throw new UsageException("-f: there is no " + e.getMessage());
        }
    }
}
