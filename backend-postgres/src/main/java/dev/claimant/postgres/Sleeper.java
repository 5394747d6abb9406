package dev.claimant.postgres;

import javax.sql.DataSource;

/** A source that wants to be woken. */
interface Sleeper {

    /** Which may lend the one connection for all that sleep in this process. */
    DataSource dataSource();

    /** Whose messages are worth waking up for. */
    String queue();

    /** There may be something to claim. Returns at once. */
    void wake();

    /** The server answers again after it did not. Returns at once. */
    void serverIsBack();
}
