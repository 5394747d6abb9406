-- Three roles with no more than they need. Grant them to the logins of your workers, of KEDA and of those who look after dead letters, or
-- let these log in themselves:
--     ALTER ROLE claimant_scaler LOGIN PASSWORD '...';
-- For a table of the application, grant SELECT on it, and on the tables that its condition reads, to both roles as well.

-- Roles belong to the whole server: another database may make or change them at the same moment, which the server refuses to one of two.
--
-- KEDA keeps a plan that was made while the tables were empty; without an index it would read all of them later. The settings work for
-- the role that logs in: repeat them for a login that only is a member of claimant_scaler.
DO $roles$
DECLARE
    command text;
BEGIN
    FOREACH command IN ARRAY ARRAY[
        'CREATE ROLE claimant_worker NOLOGIN', 'CREATE ROLE claimant_scaler NOLOGIN', 'CREATE ROLE claimant_operator NOLOGIN',
        'ALTER ROLE claimant_scaler SET enable_seqscan = off', 'ALTER ROLE claimant_scaler SET jit = off']
    LOOP
        FOR try IN 1..100 LOOP
            BEGIN
                EXECUTE command;
                EXIT;
            EXCEPTION
                WHEN duplicate_object THEN EXIT;
                WHEN unique_violation OR internal_error THEN
                    IF try = 100 THEN RAISE; END IF;
                    PERFORM pg_sleep(0.01);
            END;
        END LOOP;
    END LOOP;
END
$roles$;

