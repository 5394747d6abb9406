package dev.claimant.benchmarks.harness;

/** This JVM cannot write an archive of a contender's classes: its row is left out, the other figures stand. */
final class NoArchiveException extends RuntimeException {

    private static final long serialVersionUID = 1;

    NoArchiveException(String contender) {
        super("the JVM has written no archive of class data for " + contender + "; another JDK may");
    }
}
