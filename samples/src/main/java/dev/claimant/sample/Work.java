package dev.claimant.sample;

import dev.claimant.Handler;
import dev.claimant.spi.Source;
import java.io.IOException;
import java.io.PrintStream;
import java.sql.SQLException;

/** What the sample does with one kind of source: what it claims there, how it works on that, and how more of it is asked for. */
interface Work {

    /** Not opened yet; the caller closes it. */
    Source source();

    Handler handler();

    /** Which variables the source's settings come from. */
    VariableNames variables();

    /** Asks for so many pieces of work, each to take so many seconds. */
    void send(int messages, int seconds) throws SQLException, IOException;

    /** Creates all that the source and the handler need. */
    void migrate() throws SQLException, IOException;

    /** What {@link #migrate} does, in a form for the source's own tools. */
    default String migration() {
        throw new UsageException("migrate --print: this source has nothing to print");
    }

    /** The query by which KEDA counts what is there to do. */
    String scalingQuery();

    /** What an operator does with what was given up. */
    default void dead(Arguments arguments, PrintStream out) {
        throw new UsageException("dead: this source's dead letters are for its broker's own tools");
    }

    /** Says that the source is about to be opened; what takes long may begin. */
    default void hasten() {}
}
