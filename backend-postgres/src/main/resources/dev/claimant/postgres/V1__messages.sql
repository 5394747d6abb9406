-- One row per message: of a queue of Claimant's own, or of a row that was claimed in a table of the application.
--
-- state     what may happen to it                       found by
-- ready     claimable by anyone, in order of position   message_lane, from mark.ready_from on
-- working   locked until locked_until, then claimable   message_lane, from mark.working_from on
-- waiting   claimable by anyone from due_at on          message_due
-- reserved  claimable by owner, by all from due_at on   message_due, message_owner
-- done      completed, but its row in the application's table still looks pending
-- dead      given up, and its row in the application's table must not be claimed again
--
-- Never set a row to 'ready' by hand: its position may lie below the mark, where nobody looks. Set it to 'waiting' with a due_at.

-- One number for every enqueue, claim and renewal. Marks rely on numbers that are drawn in order, by a transaction that already holds
-- its lock on the table: CACHE must stay 1, and an INSERT leaves the position to its default.
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
    -- Each message leaves three dead versions. Vacuum is due however long the backlog is, and gets done before many more have come.
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

-- Where claims and counts begin to look. The row with the highest n of a queue is the valid one; rows are only added and removed,
-- never changed, so that finding the newest costs the same however many old versions a long transaction keeps alive.
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

-- Which idempotency keys are in work and which are done, per kind of work. A row whose time has ended counts for nothing and is removed.
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

-- Which idempotency keys a handler has worked on, written in the handler's own transaction.
CREATE TABLE claimant.inbox (
    name    text        NOT NULL,
    key     text        NOT NULL,
    ends_at timestamptz NOT NULL,
    PRIMARY KEY (name, key)
);

CREATE INDEX inbox_end ON claimant.inbox (ends_at);
