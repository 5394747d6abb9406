/** Claims messages of PostgreSQL queues and rows of the application's own tables. */
module dev.claimant.postgres {
    requires transitive dev.claimant;
    requires transitive java.sql;
    requires org.postgresql.jdbc;
    requires org.slf4j;
    requires static org.checkerframework.checker.qual;
    requires static transitive org.jspecify;

    // What the driver needs and, as an automatic module, cannot ask for.
    requires java.management;
    requires java.naming;
    requires java.security.jgss;

    exports dev.claimant.postgres;
}
