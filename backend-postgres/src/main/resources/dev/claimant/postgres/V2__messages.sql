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
            WHEN cardinality(m.headers) % 2 = 1 THEN 'the last name in its headers has no value' END AS complaint
        FROM claimant.message m) checked
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
            encode(convert_to(concat_ws(', ', 'idempotency key ' || g.idempotency_key,
                'ordering key ' || g.ordering_key, 'headers ' || g.headers::text), getdatabaseencoding()), 'escape'),
            g.attempt, g.delivery, g.expired_locks, g.enqueued_at, 'migrate', g.history, g.body FROM gone g;
    END LOOP;
END;

-- The limit of a body is a quarter of what the server can send in one piece: as text it takes twice its length.
ALTER TABLE claimant.message
    ADD CONSTRAINT message_body CHECK (octet_length(body) <= 268435456),
    ADD CONSTRAINT message_headers CHECK (CASE WHEN array_ndims(headers) > 1 THEN false
        ELSE array_position(headers, NULL) IS NULL AND cardinality(headers) % 2 = 0 END),
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
    SELECT CASE WHEN isfinite(key) THEN rtrim(to_char(key, 'YYYY-MM-DD HH24:MI:SS.US BC'), ' AD') ELSE key::text END
$function$;
CREATE FUNCTION claimant.key_text(key timestamptz) RETURNS text LANGUAGE sql STABLE AS $function$
    SELECT CASE WHEN isfinite(key) THEN rtrim(to_char(key AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US"+00" BC'), ' AD')
        ELSE key::text END
$function$;

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
