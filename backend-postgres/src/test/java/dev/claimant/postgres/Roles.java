package dev.claimant.postgres;

/** The shared database as the shipped roles see it: logins that are what {@code roles.sql} makes of them, and no more. */
final class Roles {

    private static final TestDatabase SHARED = TestDatabase.shared();

    static {
        SHARED.execute("ALTER ROLE claimant_worker LOGIN PASSWORD 'worker'");
        SHARED.execute("ALTER ROLE claimant_scaler LOGIN PASSWORD 'scaler'");
        SHARED.execute("ALTER ROLE claimant_operator LOGIN PASSWORD 'operator'");
    }

    private Roles() {}

    static TestDatabase worker() {
        return SHARED.as("claimant_worker", "worker");
    }

    static TestDatabase operator() {
        return SHARED.as("claimant_operator", "operator");
    }

    static TestDatabase scaler() {
        return SHARED.as("claimant_scaler", "scaler");
    }
}
