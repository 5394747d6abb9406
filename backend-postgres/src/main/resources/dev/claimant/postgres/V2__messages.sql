-- What a worker could not read never gets in; what is in already is given up here, for an operator to see.
LOCK TABLE claimant.message IN ACCESS EXCLUSIVE MODE;

DECLARE
    bad record;
BEGIN
    FOR bad IN SELECT * FROM (
        SELECT m.id, concat(m.idempotency_key, m.ordering_key, array_to_string(m.headers, '')) AS texts, CASE
            WHEN octet_length(m.body) > 268435456 THEN 'its body of ' || octet_length(m.body) || ' bytes is longer than 268435456'
            WHEN array_ndims(m.headers) > 1 THEN 'its headers are an array of more than one dimension'
            WHEN array_position(m.headers, NULL) IS NOT NULL THEN 'a name or value of its headers is NULL'
            WHEN cardinality(m.headers) % 2 = 1 THEN 'the last name in its headers has no value'
            WHEN octet_length(array_to_string(m.headers, '')) > 16777216 THEN 'its headers have more than 16777216 bytes'
            WHEN NOT in_range.times THEN concat_ws(', ', 'a time of it is no date: ' || m.enqueued_at, m.locked_until, m.due_at)
            WHEN NOT in_range.numbers THEN concat_ws(', ', 'it counts ' || m.attempt, m.delivery, m.expired_locks)
            WHEN jsonb_typeof(m.history) <> 'array' THEN 'its history is no array' END AS complaint
        FROM claimant.message m CROSS JOIN LATERAL (
            SELECT m.attempt BETWEEN 0 AND 1000000000 AND m.delivery BETWEEN 0 AND 1000000000
                    AND m.expired_locks BETWEEN 0 AND 1000000000 AS numbers,
                NOT EXISTS (
                    SELECT FROM (VALUES (m.enqueued_at), (m.locked_until), (m.due_at)) AS t(at)
                    WHERE t.at NOT BETWEEN '0001-01-01 00:00+00' AND '9999-12-31 00:00+00') AS times) in_range) checked
        WHERE complaint IS NOT NULL OR getdatabaseencoding() <> 'UTF8' AND texts <> ''
    LOOP
        IF bad.complaint IS NULL THEN
            BEGIN
                PERFORM convert_to(bad.texts, 'UTF8');
                CONTINUE;
            EXCEPTION WHEN OTHERS THEN
                bad.complaint := SQLERRM;
            END;
        END IF;
        WITH gone AS (DELETE FROM claimant.message m WHERE m.id = bad.id RETURNING m.*)
        INSERT INTO claimant.dead (id, queue, key, reason, error, attempts, deliveries, expired_locks, enqueued_at, dead_by,
            history, body)
        SELECT g.id, g.queue, g.key, 'it cannot be read: ' || bad.complaint,
            left(encode(convert_to(concat_ws(', ', 'idempotency key ' || g.idempotency_key,
                'ordering key ' || g.ordering_key, 'headers ' || g.headers::text), getdatabaseencoding()), 'escape'), 20000),
            greatest(0, least(g.attempt, 1000000000)), greatest(0, least(g.delivery, 1000000000)),
            greatest(0, least(g.expired_locks, 1000000000)),
            CASE WHEN g.enqueued_at BETWEEN '0001-01-01 00:00+00' AND '9999-12-31 00:00+00' THEN g.enqueued_at ELSE now() END,
            'migrate', CASE WHEN jsonb_typeof(g.history) = 'array' THEN g.history END, g.body FROM gone g;
    END LOOP;
END;

-- No claim looks below the first position.
UPDATE claimant.message SET position = nextval('claimant.position') WHERE position < 0;

-- The limit of a body is a quarter of what the server can send in one piece: as text it takes twice its length.
ALTER TABLE claimant.message
    ADD CONSTRAINT message_body CHECK (octet_length(body) <= 268435456),
    ADD CONSTRAINT message_headers CHECK (CASE WHEN array_ndims(headers) > 1 THEN false
        ELSE array_position(headers, NULL) IS NULL AND cardinality(headers) % 2 = 0
            AND octet_length(array_to_string(headers, '')) <= 16777216 END),
    -- One row with such values would fail the claim, the settlement or the count of all that are taken together with it.
    ADD CONSTRAINT message_times CHECK (enqueued_at BETWEEN '0001-01-01 00:00+00' AND '9999-12-31 00:00+00'
        AND coalesce(locked_until BETWEEN '0001-01-01 00:00+00' AND '9999-12-31 00:00+00', true)
        AND coalesce(due_at BETWEEN '0001-01-01 00:00+00' AND '9999-12-31 00:00+00', true)),
    ADD CONSTRAINT message_numbers CHECK (position >= 0 AND attempt BETWEEN 0 AND 1000000000
        AND delivery BETWEEN 0 AND 1000000000 AND expired_locks BETWEEN 0 AND 1000000000),
    ADD CONSTRAINT message_history CHECK (jsonb_typeof(history) = 'array'),
    ADD CONSTRAINT message_text CHECK (octet_length(convert_to(concat(idempotency_key, ordering_key, array_to_string(headers, '')),
        'UTF8')) >= 0);

-- Of each ordering key: its first ready message, from the mark on; its messages that wait for a time. Workers of version 1 use
-- message_order and message_order_working, which go with the version that does not serve them any more.
CREATE INDEX message_order_ready ON claimant.message (queue, ordering_key, position)
    WHERE ordering_key IS NOT NULL AND state = 'ready';
CREATE INDEX message_order_waiting ON claimant.message (queue, ordering_key, id)
    WHERE ordering_key IS NOT NULL AND state IN ('waiting', 'reserved');

-- What is given up of an application's table, to be looked at now and then: its row may have changed.
CREATE INDEX message_dead ON claimant.message (queue, position) WHERE state = 'dead';

-- Whether the message was put in by enqueueOnce: so is what comes back of it.
ALTER TABLE claimant.dead ADD COLUMN once boolean NOT NULL DEFAULT false;

-- The name under which messages of an application's table are kept, however the caller spells it and whatever its search path is.
CREATE FUNCTION claimant.table_name(of_table regclass) RETURNS text LANGUAGE sql STABLE AS $function$
    SELECT CASE WHEN n.nspname = 'public' THEN '' ELSE n.nspname || '.' END || c.relname
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = of_table
$function$;

-- The key of a row as a text that depends on no setting of the session. The opening of a source refuses types that have none.
CREATE FUNCTION claimant.key_text(key anyelement) RETURNS text LANGUAGE sql STABLE AS $function$
    SELECT key::text COLLATE "default"
$function$;
CREATE FUNCTION claimant.key_text(key text) RETURNS text LANGUAGE sql STABLE AS $function$
    SELECT key COLLATE "default"
$function$;
CREATE FUNCTION claimant.key_text(key bytea) RETURNS text LANGUAGE sql STABLE AS $function$
    SELECT E'\\x' || encode(key, 'hex')
$function$;
CREATE FUNCTION claimant.key_text(key date) RETURNS text LANGUAGE sql STABLE AS $function$
    SELECT CASE WHEN isfinite(key) THEN rtrim(to_char(key, 'YYYY-MM-DD BC'), ' AD') ELSE key::text END
$function$;
CREATE FUNCTION claimant.key_text(key timestamp) RETURNS text LANGUAGE sql STABLE AS $function$
    SELECT CASE WHEN isfinite(key) THEN rtrim(rtrim(to_char(key, 'YYYY-MM-DD HH24:MI:SS.US'), '0'), '.')
        || replace(to_char(key, ' BC'), ' AD', '') ELSE key::text END
$function$;
CREATE FUNCTION claimant.key_text(key timestamptz) RETURNS text LANGUAGE sql STABLE AS $function$
    SELECT CASE WHEN isfinite(key) THEN rtrim(rtrim(to_char(key AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), '0'), '.')
        || '+00' || replace(to_char(key AT TIME ZONE 'UTC', ' BC'), ' AD', '') ELSE key::text END
$function$;

-- Workers of version 1 spell a table as their settings do, and a time with time zone as their session does. Where that is not what newer
-- workers say, the row would be worked twice: what is there gets its right name, and a claim under a wrong one fails.
ALTER TABLE claimant.message ADD COLUMN by_value boolean NOT NULL DEFAULT false;

CREATE FUNCTION claimant.by_value(of_queue text, of_key text, OUT right_queue text, OUT right_key text) LANGUAGE plpgsql STABLE
AS $function$
DECLARE
    of_table regclass := CASE WHEN of_queue LIKE '%.%' THEN (
            SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = split_part(of_queue, '.', -2) AND c.relname = split_part(of_queue, '.', -1))
        ELSE to_regclass(quote_ident(of_queue)) END;
BEGIN
    right_queue := coalesce(claimant.table_name(of_table), of_queue);
    right_key := CASE
        WHEN of_key ~ '^\d{4,}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?[+-]\d\d(:\d\d){0,2}( BC)?$' AND EXISTS (
            SELECT FROM pg_index i
            JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0] JOIN pg_type t ON t.oid = a.atttypid
            WHERE i.indrelid = of_table AND i.indisunique AND i.indnkeyatts = 1
                AND 'timestamptz'::regtype IN (t.oid, t.typbasetype))
        THEN claimant.key_text(of_key::timestamptz) ELSE of_key END;
END
$function$;

DECLARE
    wrong text;
BEGIN
    -- A name without a schema is that of a table in public, if there is one, whatever the search path of this session.
    CREATE TABLE claimant.renamed AS
        WITH names AS MATERIALIZED (
            SELECT q.queue, CASE WHEN to_regclass('public.' || quote_ident(q.queue)) IS NULL
                THEN (claimant.by_value(q.queue, '')).right_queue ELSE q.queue END AS right_queue
            FROM (SELECT m.queue FROM claimant.message m WHERE m.key IS NOT NULL
                UNION SELECT d.queue FROM claimant.dead d WHERE d.key IS NOT NULL) q)
        SELECT w.*, w.queue <> w.right_queue OR w.key <> w.right_key AS wrong,
            row_number() OVER (PARTITION BY w.is_dead, w.right_queue, w.right_key ORDER BY w.fence DESC) AS n
        FROM (
            SELECT o.*, n.right_queue, CASE WHEN o.key ~ '^\d{4,}-\d\d-\d\d \d\d:'
                THEN (claimant.by_value(o.queue, o.key)).right_key ELSE o.key END AS right_key
            FROM (
                SELECT m.id, false AS is_dead, m.queue, m.key, m.fence,
                    m.state = 'working' AND m.locked_until > now() AS in_work FROM claimant.message m WHERE m.key IS NOT NULL
                UNION ALL
                SELECT d.id, true, d.queue, d.key, d.id, false FROM claimant.dead d WHERE d.key IS NOT NULL) o
            JOIN names n ON n.queue = o.queue) w;
    SELECT string_agg(DISTINCT r.queue, ', ') INTO wrong FROM claimant.renamed r WHERE r.wrong AND r.in_work;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'workers of version 1 have rows of % in work under a name or key that newer workers spell otherwise;'
            ' stop them, wait for the end of their locks, then migrate', wrong USING ERRCODE = '55000';
    END IF;
    DELETE FROM claimant.message m USING claimant.renamed r WHERE m.id = r.id AND NOT r.is_dead AND r.n > 1;
    UPDATE claimant.message m SET queue = r.right_queue, key = r.right_key
        FROM claimant.renamed r WHERE m.id = r.id AND NOT r.is_dead AND r.wrong;
    UPDATE claimant.dead d SET queue = r.right_queue, key = r.right_key
        FROM claimant.renamed r WHERE d.id = r.id AND r.is_dead AND r.wrong;
    DELETE FROM claimant.mark k USING claimant.renamed r WHERE r.wrong AND k.queue IN (r.queue, r.right_queue);
    DROP TABLE claimant.renamed;
END;

CREATE FUNCTION claimant.refuse_other_names() RETURNS trigger LANGUAGE plpgsql AS $function$
DECLARE
    r record;
BEGIN
    SELECT * INTO r FROM claimant.by_value(NEW.queue, NEW.key);
    IF NEW.queue <> r.right_queue OR NEW.key <> r.right_key THEN
        RAISE EXCEPTION 'a worker of version 1 claims row % of %, which newer workers call row % of %: it would be worked twice;'
            ' update this worker', NEW.key, NEW.queue, r.right_key, r.right_queue USING ERRCODE = '55000';
    END IF;
    RETURN NEW;
END
$function$;

CREATE TRIGGER other_names BEFORE INSERT ON claimant.message
    FOR EACH ROW WHEN (NEW.key IS NOT NULL AND NOT NEW.by_value) EXECUTE FUNCTION claimant.refuse_other_names();

-- Has rows of an application's table claimed anew that are given up or done: as soon as they look pending. The operator may not remove
-- any other message.
CREATE FUNCTION claimant.unblock(of_table regclass, keys text[]) RETURNS bigint LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $function$
    WITH gone AS (
        DELETE FROM claimant.message m
        WHERE m.queue = claimant.table_name(of_table) AND m.key = ANY (keys) AND m.state IN ('dead', 'done') RETURNING m.id)
    SELECT count(*) FROM gone
$function$;

REVOKE ALL ON FUNCTION claimant.unblock FROM PUBLIC;

-- Sets right what a move of the tables without the sequence leaves behind: the next position must be higher than every number that was drawn,
-- and no message may lie below the mark of its queue, where nobody looks. A sequence only ever goes forward here, and a mark is only removed:
-- both cost nothing but a longer look. Gives what was done, or NULL. With a queue's name it does what costs nothing, for that queue.
CREATE FUNCTION claimant.mend_position(of_queue text DEFAULT NULL) RETURNS text LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off AS $function$
DECLARE
    next_position bigint;
    right_position bigint;
    setting record;
    below text[];
    done text;
BEGIN
    SELECT s.seqcache, s.seqincrement, s.seqcycle INTO setting FROM pg_sequence s WHERE s.seqrelid = 'claimant.position'::regclass;
    IF setting.seqcache <> 1 OR setting.seqincrement <> 1 OR setting.seqcycle THEN
        RAISE EXCEPTION 'sequence claimant.position does not give one number after the other (CACHE %, INCREMENT %, CYCLE %): messages would be'
            ' put in below the marks and never be claimed; ALTER SEQUENCE claimant.position CACHE 1 INCREMENT 1 NO CYCLE',
            setting.seqcache, setting.seqincrement, setting.seqcycle USING ERRCODE = '55000';
    END IF;
    SELECT s.last_value + s.is_called::int INTO next_position FROM claimant.position s;
    below := ARRAY(
        SELECT DISTINCT k.queue FROM claimant.mark k WHERE k.horizon > next_position AND (of_queue IS NULL OR k.queue = of_queue));
    IF cardinality(below) > 0 OR EXISTS (SELECT FROM claimant.message m WHERE m.id >= next_position)
        OR EXISTS (SELECT FROM claimant.dead d WHERE d.id >= next_position)
    THEN
        SELECT 1 + greatest((SELECT max(greatest(m.id, m.position, m.fence)) FROM claimant.message m),
            (SELECT max(d.id) FROM claimant.dead d), (SELECT max(k.horizon) FROM claimant.mark k)) INTO right_position;
        PERFORM setval('claimant.position', right_position, false);
        done := format('sequence claimant.position stood at %s, behind numbers in use, and is at %s now', next_position, right_position);
    END IF;
    IF of_queue IS NULL THEN
        below := below || ARRAY(
            SELECT k.queue FROM (
                SELECT DISTINCT ON (n.queue) n.queue, n.ready_from, n.working_from FROM claimant.mark n
                ORDER BY n.queue, n.n DESC) k
            WHERE EXISTS (
                    SELECT FROM claimant.message m WHERE m.queue = k.queue AND m.state = 'ready' AND m.position < k.ready_from)
                OR EXISTS (
                    SELECT FROM claimant.message m WHERE m.queue = k.queue AND m.state = 'working' AND m.position < k.working_from));
    END IF;
    IF cardinality(below) > 0 THEN
        DELETE FROM claimant.mark k WHERE k.queue = ANY (below);
        done := concat_ws('; ', done, format('claims look from the first message on again in %s', array_to_string(below, ', ')));
    END IF;
    RETURN done;
END
$function$;

REVOKE ALL ON FUNCTION claimant.mend_position FROM PUBLIC;
