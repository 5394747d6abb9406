GRANT USAGE ON SCHEMA claimant TO claimant_worker, claimant_scaler, claimant_operator;

GRANT SELECT ON claimant.schema_version, claimant.schema_history TO claimant_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON claimant.message TO claimant_worker;
GRANT SELECT, INSERT, DELETE ON claimant.mark TO claimant_worker;
GRANT SELECT, INSERT ON claimant.dead TO claimant_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON claimant.idempotency, claimant.inbox TO claimant_worker;
GRANT SELECT, USAGE ON SEQUENCE claimant.position TO claimant_worker;
GRANT EXECUTE ON FUNCTION claimant.mend_position TO claimant_worker;
GRANT EXECUTE ON FUNCTION
    claimant.enqueue(text, bytea, jsonb, text, text, interval, boolean, boolean),
    claimant.enqueue(text, text, jsonb, text, text, interval, boolean, boolean) TO claimant_worker;

-- Reads dead letters, has them tried again, removes them.
GRANT SELECT, DELETE ON claimant.dead TO claimant_operator;
GRANT SELECT, INSERT, UPDATE ON claimant.message TO claimant_operator;
GRANT SELECT ON claimant.mark TO claimant_operator;
GRANT USAGE ON SEQUENCE claimant.position TO claimant_operator;
GRANT EXECUTE ON FUNCTION claimant.unblock TO claimant_operator;

-- Counts, but never sees a body, a header or an error. The columns are for the count of an application's table.
GRANT EXECUTE ON FUNCTION claimant.scaler, claimant.table_scaler TO claimant_scaler, claimant_worker;
GRANT SELECT (queue, state, position, key, locked_until, due_at) ON claimant.message TO claimant_scaler;
GRANT SELECT (queue, n, ready_from, working_from) ON claimant.mark TO claimant_scaler;
