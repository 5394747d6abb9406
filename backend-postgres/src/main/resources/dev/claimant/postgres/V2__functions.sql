-- What other programs call, so that a later version may do it differently: KEDA's scaler, producers in other languages.

-- The number that KEDA reads of a queue, up to a cap: what is claimable, worked on and reserved. It reads with the rights of the
-- schema's owner, so that its caller needs none on the tables.
CREATE FUNCTION claimant.scaler(of_queue text, cap integer DEFAULT 1000) RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off
SET plan_cache_mode = force_generic_plan
AS $scaler$
BEGIN
    RETURN (SELECT count(*) FROM (
        (SELECT 1 FROM claimant.message m WHERE m.queue = of_queue AND m.state = 'ready' AND m.position >= coalesce(
            (SELECT k.ready_from FROM claimant.mark k WHERE k.queue = of_queue ORDER BY k.n DESC LIMIT 1), 0)
            ORDER BY m.position LIMIT cap)
        UNION ALL
        (SELECT 1 FROM claimant.message m WHERE m.queue = of_queue AND m.state = 'working' AND m.position >= coalesce(
            (SELECT k.working_from FROM claimant.mark k WHERE k.queue = of_queue ORDER BY k.n DESC LIMIT 1), 0)
            ORDER BY m.position LIMIT cap)
        UNION ALL
        (SELECT 1 FROM claimant.message m WHERE m.queue = of_queue AND m.state = 'waiting' AND m.due_at <= now()
            ORDER BY m.due_at LIMIT cap)
        UNION ALL
        (SELECT 1 FROM claimant.message m WHERE m.queue = of_queue AND m.state = 'reserved' ORDER BY m.due_at LIMIT cap)
        LIMIT cap) AS work);
END
$scaler$;

REVOKE ALL ON FUNCTION claimant.scaler FROM PUBLIC;
