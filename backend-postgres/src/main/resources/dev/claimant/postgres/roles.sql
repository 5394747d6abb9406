-- Three roles with no more than they need. Grant them to the logins of your workers, of KEDA and of those who look after dead letters, or
-- let these log in themselves:
--     ALTER ROLE claimant_scaler LOGIN PASSWORD '...';
-- For a table of the application, grant SELECT on it, and on the tables that its condition reads, to both roles as well.

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'claimant_worker') THEN
        CREATE ROLE claimant_worker NOLOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'claimant_scaler') THEN
        CREATE ROLE claimant_scaler NOLOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'claimant_operator') THEN
        CREATE ROLE claimant_operator NOLOGIN;
    END IF;
END
$$;

GRANT USAGE ON SCHEMA claimant TO claimant_worker, claimant_scaler, claimant_operator;

GRANT SELECT ON claimant.schema_version TO claimant_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON claimant.message TO claimant_worker;
GRANT SELECT, INSERT, DELETE ON claimant.mark TO claimant_worker;
GRANT SELECT, INSERT ON claimant.dead TO claimant_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON claimant.idempotency, claimant.inbox TO claimant_worker;
GRANT SELECT, USAGE ON SEQUENCE claimant.position TO claimant_worker;

-- Reads dead letters, has them tried again, removes them.
GRANT SELECT, DELETE ON claimant.dead TO claimant_operator;
GRANT SELECT, INSERT, UPDATE ON claimant.message TO claimant_operator;
GRANT SELECT ON claimant.mark TO claimant_operator;
GRANT USAGE ON SEQUENCE claimant.position TO claimant_operator;

-- Counts, but never sees a body, a header or an error.
GRANT SELECT (queue, state, position, key, locked_until, due_at) ON claimant.message TO claimant_scaler;
GRANT SELECT (queue, n, ready_from, working_from) ON claimant.mark TO claimant_scaler;

-- KEDA keeps a plan that was made while the tables were empty; without an index it would read all of them later. This works for the
-- role that logs in: repeat it for a login that only is a member of claimant_scaler.
ALTER ROLE claimant_scaler SET enable_seqscan = off;
ALTER ROLE claimant_scaler SET jit = off;
