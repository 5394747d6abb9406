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

-- The same of a table of the application. It reads with the caller's rights and by its search path, for the condition is the caller's: the
-- row is called t. The key is the column that names a row.
CREATE FUNCTION claimant.table_scaler(of_table regclass, key text, pending text, cap integer DEFAULT 1000) RETURNS bigint
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET jit = off
AS $scaler$
DECLARE
    number bigint;
BEGIN
    EXECUTE format($query$
        SELECT count(*) FROM (
            (SELECT 1 FROM %1$s t WHERE (%2$s
            ) AND t.%3$I IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM claimant.message m WHERE m.queue = %4$L AND m.key = claimant.key_text(t.%3$I) OFFSET 0) LIMIT %5$s)
            UNION ALL
            (SELECT 1 FROM claimant.message m WHERE m.queue = %4$L AND m.state = 'working' AND m.position >= coalesce(
                (SELECT k.working_from FROM claimant.mark k WHERE k.queue = %4$L ORDER BY k.n DESC LIMIT 1), 0)
                ORDER BY m.position LIMIT %5$s)
            UNION ALL
            (SELECT 1 FROM claimant.message m WHERE m.queue = %4$L AND m.state = 'waiting' AND m.due_at <= now()
                ORDER BY m.due_at LIMIT %5$s)
            UNION ALL
            (SELECT 1 FROM claimant.message m WHERE m.queue = %4$L AND m.state = 'reserved' ORDER BY m.due_at LIMIT %5$s)
            LIMIT %5$s) AS work
        $query$, of_table, pending, key, claimant.table_name(of_table), cap) INTO number;
    RETURN number;
END
$scaler$;

REVOKE ALL ON FUNCTION claimant.table_scaler FROM PUBLIC;

-- Enqueues a message in the caller's transaction and wakes idle workers when that commits. For producers in other languages, which need
-- no right on a table. Gives the message's id; NULL where once is true and a message with its idempotency key is in the queue.
--
-- wakes: false spares the commit the lock that NOTIFY takes, for those who enqueue hundreds in a second; workers find the message at their
-- next poll, or when somebody calls pg_notify('claimant', of_queue) after the commit.
CREATE FUNCTION claimant.enqueue(of_queue text, body bytea, headers jsonb DEFAULT '{}', idempotency_key text DEFAULT NULL,
    ordering_key text DEFAULT NULL, delay interval DEFAULT NULL, once boolean DEFAULT false, wakes boolean DEFAULT true) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $enqueue$
#variable_conflict use_column
DECLARE
    put bigint;
BEGIN
    IF of_queue IS NULL OR of_queue !~ '^[^[:cntrl:]\\?]{1,200}$' OR btrim(of_queue) = '' THEN
        RAISE EXCEPTION 'of_queue: % is not a name: 1 to 200 characters, no question mark, backslash or control character',
            coalesce(quote_literal(of_queue), 'NULL') USING ERRCODE = 'invalid_parameter_value';
    ELSIF body IS NULL THEN
        RAISE EXCEPTION 'body: NULL' USING ERRCODE = 'invalid_parameter_value';
    ELSIF jsonb_typeof(coalesce(headers, '{}')) <> 'object'
        OR EXISTS (SELECT FROM jsonb_each(coalesce(headers, '{}')) h WHERE jsonb_typeof(h.value) <> 'string') THEN
        RAISE EXCEPTION 'headers: % is not an object whose values are texts', headers USING ERRCODE = 'invalid_parameter_value';
    ELSIF delay < interval '0' OR delay > interval '100 years' THEN
        RAISE EXCEPTION 'delay: % is not between 0 and 100 years', delay USING ERRCODE = 'invalid_parameter_value';
    ELSIF octet_length(idempotency_key) > 1500 OR octet_length(ordering_key) > 1500 THEN
        RAISE EXCEPTION 'idempotency_key, ordering_key: more than the 1500 bytes that an index takes' USING ERRCODE = 'invalid_parameter_value';
    ELSIF once AND idempotency_key IS NULL THEN
        RAISE EXCEPTION 'idempotency_key: missing; once goes by it' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    INSERT INTO claimant.message AS m (queue, body, headers, idempotency_key, ordering_key, once, state, due_at)
    VALUES (of_queue, enqueue.body,
        (SELECT array_agg(t.text ORDER BY h.key, t.n) FROM jsonb_each_text(enqueue.headers) h
            CROSS JOIN LATERAL (VALUES (1, h.key), (2, h.value)) AS t(n, text)),
        enqueue.idempotency_key, enqueue.ordering_key, coalesce(enqueue.once, false),
        CASE WHEN delay > interval '0' THEN 'waiting' ELSE 'ready' END, CASE WHEN delay > interval '0' THEN now() + delay END)
    ON CONFLICT (queue, idempotency_key) WHERE once DO NOTHING
    RETURNING m.id INTO put;
    IF put IS NOT NULL AND wakes AND coalesce(delay, interval '0') = interval '0' AND pg_notification_queue_usage() < 0.5 THEN
        PERFORM pg_notify('claimant', of_queue);
    END IF;
    RETURN put;
END
$enqueue$;

-- The same with a text for a body, stored as UTF-8.
CREATE FUNCTION claimant.enqueue(of_queue text, body text, headers jsonb DEFAULT '{}', idempotency_key text DEFAULT NULL,
    ordering_key text DEFAULT NULL, delay interval DEFAULT NULL, once boolean DEFAULT false, wakes boolean DEFAULT true) RETURNS bigint
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $enqueue$
    SELECT claimant.enqueue(of_queue, convert_to(body, 'UTF8'), headers, idempotency_key, ordering_key, delay, once, wakes)
$enqueue$;

REVOKE ALL ON FUNCTION
    claimant.enqueue(text, bytea, jsonb, text, text, interval, boolean, boolean),
    claimant.enqueue(text, text, jsonb, text, text, interval, boolean, boolean) FROM PUBLIC;
