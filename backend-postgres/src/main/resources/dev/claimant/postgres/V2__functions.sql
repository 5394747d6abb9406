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
--
-- Rows that look pending are new work unless there is a message of them. Their keys are compared with those of all messages as two sets: to
-- look up each row takes several times as long, and more than a hundred times as many pages, where many look pending and are finished.
CREATE FUNCTION claimant.table_scaler(of_table regclass, key text, pending text, cap integer DEFAULT 1000) RETURNS bigint
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET jit = off SET work_mem = '32MB'
AS $scaler$
DECLARE
    number bigint;
BEGIN
    -- KEDA would be told 0 and start nothing.
    IF row_security_active(of_table) THEN
        RAISE EXCEPTION 'row-level security hides rows of % from role %; count with a role that sees all rows', of_table, current_user
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    EXECUTE format($query$
        SELECT count(*) FROM (
            (SELECT 1 FROM (
                (SELECT claimant.key_text(t.%3$I) FROM %1$s t WHERE (%2$s
                ) AND t.%3$I IS NOT NULL
                LIMIT %5$s + (SELECT count(*) FROM claimant.message m WHERE m.queue = %4$L AND m.key IS NOT NULL))
                EXCEPT
                SELECT m.key FROM claimant.message m WHERE m.queue = %4$L AND m.key IS NOT NULL) AS fresh LIMIT %5$s)
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
    is_odd boolean := false;
BEGIN
    -- What no worker takes for a name though this locale may: control characters and white space beyond ASCII.
    IF getdatabaseencoding() = 'UTF8' THEN
        is_odd := of_queue ~ concat('[', chr(127), '-', chr(159), ']') OR of_queue !~ concat('[^ ', chr(5760), chr(8192), '-', chr(8198),
            chr(8200), '-', chr(8202), chr(8232), chr(8233), chr(8287), chr(12288), ']');
    END IF;
    IF of_queue IS NULL OR of_queue !~ '^[^[:cntrl:]\\?]{1,200}$' OR btrim(of_queue) = '' OR is_odd THEN
        RAISE EXCEPTION 'of_queue: % is not a name: 1 to 200 characters, no question mark, backslash or control character',
            coalesce(quote_literal(of_queue), 'NULL') USING ERRCODE = 'invalid_parameter_value';
    ELSIF body IS NULL THEN
        RAISE EXCEPTION 'body: NULL' USING ERRCODE = 'invalid_parameter_value';
    ELSIF octet_length(body) > 268435456 THEN
        RAISE EXCEPTION 'body: % bytes, more than the 268435456 that a message may have', octet_length(body)
            USING ERRCODE = 'invalid_parameter_value';
    ELSIF jsonb_typeof(coalesce(headers, '{}')) <> 'object'
        OR EXISTS (SELECT FROM jsonb_each(coalesce(headers, '{}')) h WHERE jsonb_typeof(h.value) <> 'string') THEN
        RAISE EXCEPTION 'headers: % is not an object whose values are texts', headers USING ERRCODE = 'invalid_parameter_value';
    ELSIF octet_length(headers::text) > 16777216 THEN
        RAISE EXCEPTION 'headers: % bytes as JSON, more than the 16777216 that a message may have', octet_length(headers::text)
            USING ERRCODE = 'invalid_parameter_value';
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

-- A trigger function: wakes workers of a table of the application when a statement that changed it commits. The table's owner decides:
--     GRANT USAGE ON SCHEMA claimant TO the_owner;
--     CREATE TRIGGER wake_workers AFTER INSERT OR UPDATE ON orders FOR EACH STATEMENT EXECUTE FUNCTION claimant.wake_workers();
-- On another table, which the condition reads, its argument says whose workers are meant: claimant.wake_workers('public.orders'). Workers that
-- are opened afterwards rely on it and poll rarely. Each transaction that notifies takes a lock of the whole server at its commit, so a table
-- that takes hundreds of transactions a second is better off without.
CREATE FUNCTION claimant.wake_workers() RETURNS trigger LANGUAGE plpgsql AS $wake$
DECLARE
    of_table regclass := TG_RELID;
    name text;
BEGIN
    IF TG_WHEN <> 'AFTER' THEN
        RAISE EXCEPTION 'trigger % on % is to be AFTER, not %: it would take the row for one that is not wanted', TG_NAME, TG_RELID::regclass,
            TG_WHEN USING ERRCODE = '55000';
    ELSIF TG_NARGS > 0 THEN
        of_table := pg_catalog.to_regclass(TG_ARGV[0]);
        IF of_table IS NULL THEN
            RAISE WARNING 'trigger % on % wakes nobody: there is no table %', TG_NAME, TG_RELID::regclass, TG_ARGV[0];
            RETURN NULL;
        END IF;
    END IF;
    SELECT CASE WHEN n.nspname = 'public' THEN '' ELSE n.nspname || '.' END || c.relname INTO name
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.oid = coalesce(pg_catalog.pg_partition_root(of_table), of_table);
    IF pg_catalog.pg_notification_queue_usage() < 0.5 THEN
        PERFORM pg_catalog.pg_notify('claimant', name);
    END IF;
    RETURN NULL;
END
$wake$;
