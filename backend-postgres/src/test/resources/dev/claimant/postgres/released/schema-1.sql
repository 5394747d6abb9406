-- What the library of version 1 made, with messages in every state. Never changes.
CREATE SCHEMA claimant;
CREATE TABLE claimant.schema_version (
    version    integer     PRIMARY KEY,
    applied_at timestamptz NOT NULL DEFAULT now()
);


CREATE SEQUENCE claimant.position AS bigint CACHE 1;

CREATE TABLE claimant.message (
    id              bigint      PRIMARY KEY DEFAULT nextval('claimant.position'),
    position        bigint      NOT NULL DEFAULT nextval('claimant.position'),
    fence           bigint      NOT NULL DEFAULT 0,
    enqueued_at     timestamptz NOT NULL DEFAULT now(),
    locked_until    timestamptz,
    due_at          timestamptz,
    attempt         integer     NOT NULL DEFAULT 0,
    delivery        integer     NOT NULL DEFAULT 0,
    expired_locks   integer     NOT NULL DEFAULT 0,
    queue           text        NOT NULL,
    state           text        NOT NULL DEFAULT 'ready',
    key             text,
    holder          text,
    owner           text,
    idempotency_key text,
    ordering_key    text,
    once            boolean     NOT NULL DEFAULT false,
    headers         text[],
    body            bytea,
    history         jsonb,
    CONSTRAINT message_once CHECK (NOT once OR idempotency_key IS NOT NULL),
    CONSTRAINT message_state CHECK (state IN ('ready', 'working', 'waiting', 'reserved', 'done', 'dead')),
    CONSTRAINT message_lock CHECK ((state = 'working') = (locked_until IS NOT NULL)),
    CONSTRAINT message_due_at CHECK ((state IN ('waiting', 'reserved')) = (due_at IS NOT NULL))
) WITH (
    autovacuum_vacuum_threshold = 1000,
    autovacuum_vacuum_scale_factor = 0.01,
    autovacuum_vacuum_cost_limit = 2000
);

CREATE INDEX message_lane ON claimant.message (queue, state, position) WHERE state IN ('ready', 'working', 'done');
CREATE INDEX message_due ON claimant.message (queue, state, due_at) WHERE state IN ('waiting', 'reserved');
CREATE INDEX message_owner ON claimant.message (queue, owner) WHERE owner IS NOT NULL;
CREATE UNIQUE INDEX message_key ON claimant.message (queue, key) WHERE key IS NOT NULL;
CREATE INDEX message_order ON claimant.message (queue, ordering_key, id) WHERE ordering_key IS NOT NULL;
CREATE INDEX message_order_working ON claimant.message (queue, ordering_key) WHERE ordering_key IS NOT NULL AND state = 'working';
CREATE UNIQUE INDEX message_once ON claimant.message (queue, idempotency_key) WHERE once;

CREATE TABLE claimant.mark (
    queue        text        NOT NULL,
    n            bigint      NOT NULL,
    ready_from   bigint      NOT NULL,
    working_from bigint      NOT NULL,
    horizon      bigint      NOT NULL,
    writers      text[]      NOT NULL,
    made_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (queue, n)
);

CREATE TABLE claimant.dead (
    id              bigint      PRIMARY KEY,
    queue           text        NOT NULL,
    key             text,
    idempotency_key text,
    ordering_key    text,
    reason          text        NOT NULL,
    error           text,
    attempts        integer     NOT NULL,
    deliveries      integer     NOT NULL,
    expired_locks   integer     NOT NULL,
    enqueued_at     timestamptz NOT NULL,
    dead_at         timestamptz NOT NULL DEFAULT now(),
    dead_by         text,
    history         jsonb,
    headers         text[],
    body            bytea
);

CREATE INDEX dead_queue ON claimant.dead (queue, id);

CREATE TABLE claimant.idempotency (
    scope   text        NOT NULL,
    key     text        NOT NULL,
    message text        NOT NULL,
    holder  text        NOT NULL,
    done    boolean     NOT NULL,
    ends_at timestamptz NOT NULL,
    PRIMARY KEY (scope, key)
);

CREATE INDEX idempotency_end ON claimant.idempotency (ends_at);

CREATE TABLE claimant.inbox (
    name    text        NOT NULL,
    key     text        NOT NULL,
    ends_at timestamptz NOT NULL,
    PRIMARY KEY (name, key)
);

CREATE INDEX inbox_end ON claimant.inbox (ends_at);

INSERT INTO claimant.schema_version (version) VALUES (1);

INSERT INTO claimant.message (queue, body) VALUES ('q', 'ready');
INSERT INTO claimant.message (queue, body, state, due_at) VALUES
    ('q', 'waiting', 'waiting', now()), ('q', 'delayed', 'waiting', now() + interval '1 hour');
INSERT INTO claimant.message (queue, body, state, due_at, owner, attempt, delivery) VALUES
    ('q', 'reserved', 'reserved', now() + interval '15 minutes', 'some-job', 1, 1);
INSERT INTO claimant.message (queue, body, state, locked_until, holder, attempt, delivery, fence) VALUES
    ('q', 'expired', 'working', now() - interval '1 second', 'w/1', 1, 1, nextval('claimant.position')),
    ('q', 'held', 'working', now() + interval '1 hour', 'w/2', 1, 1, nextval('claimant.position'));
INSERT INTO claimant.dead (id, queue, reason, attempts, deliveries, expired_locks, enqueued_at, body) VALUES
    (nextval('claimant.position'), 'q', 'no', 5, 5, 0, now(), 'dead');
