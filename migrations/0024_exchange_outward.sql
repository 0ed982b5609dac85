-- expand
-- What goes out to institutions' own systems: where and by which key, a queue each, and the circuits that spare them.
CREATE SCHEMA IF NOT EXISTS exchange;
GRANT USAGE ON SCHEMA exchange TO healthcloud_app;

CREATE TABLE exchange.endpoints (
    institution_id     uuid        NOT NULL,
    url                text        NOT NULL,
    kinds              text[]      NOT NULL,
    is_open            boolean     NOT NULL,
    in_flight          smallint    NOT NULL CONSTRAINT endpoints_in_flight_bounded CHECK (in_flight BETWEEN 1 AND 64),
    timeout_ms         integer     NOT NULL CONSTRAINT endpoints_timeout_bounded CHECK (timeout_ms BETWEEN 100 AND 30000),
    key_id             uuid        NOT NULL,
    secret_sealed      bytea       NOT NULL,
    next_key_id        uuid,
    next_secret_sealed bytea,
    created_at         timestamptz NOT NULL,
    changed_at         timestamptz NOT NULL,
    CONSTRAINT endpoints_pk PRIMARY KEY (institution_id),
    CONSTRAINT endpoints_next_whole CHECK ((next_key_id IS NULL) = (next_secret_sealed IS NULL))
);
COMMENT ON TABLE exchange.endpoints IS
    'Where an institution''s system takes what we send: its address, the kinds it asked for, and the keys we sign with';
COMMENT ON COLUMN exchange.endpoints.next_key_id IS 'A key the institution has been given and we do not sign with yet';
GRANT SELECT, INSERT, UPDATE, DELETE ON exchange.endpoints TO healthcloud_app;

CREATE TABLE exchange.outgoing (
    institution_id uuid        NOT NULL,
    id             uuid        NOT NULL,
    key            text        NOT NULL,
    kind           text        NOT NULL,
    person_id      uuid,
    sequence       text,
    number         bigint,
    body_sealed    bytea,
    state          text        NOT NULL
                   CONSTRAINT outgoing_state_known CHECK (state IN ('waiting', 'held', 'sent', 'dead', 'discarded')),
    attempts       integer     NOT NULL CONSTRAINT outgoing_attempts_counted CHECK (attempts >= 0),
    due_at         timestamptz NOT NULL,
    last_at        timestamptz NOT NULL,
    error          text,
    created_at     timestamptz NOT NULL,
    ended_at       timestamptz,
    CONSTRAINT outgoing_pk PRIMARY KEY (institution_id, id),
    CONSTRAINT outgoing_once UNIQUE (institution_id, key),
    CONSTRAINT outgoing_numbered CHECK ((sequence IS NULL) = (number IS NULL)),
    -- 剩余信息保护: what is over is no longer there.
    CONSTRAINT outgoing_erased CHECK ((state IN ('sent', 'discarded')) = (body_sealed IS NULL)),
    CONSTRAINT outgoing_end_known CHECK ((state IN ('waiting', 'held')) = (ended_at IS NULL))
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
CREATE INDEX outgoing_due ON exchange.outgoing (institution_id, due_at, id) WHERE state = 'waiting';
CREATE INDEX outgoing_in_sequence ON exchange.outgoing (institution_id, sequence, number)
    WHERE sequence IS NOT NULL AND state IN ('waiting', 'held', 'dead');
CREATE INDEX outgoing_dead ON exchange.outgoing (ended_at, id) WHERE state = 'dead';
CREATE INDEX outgoing_dead_by_id ON exchange.outgoing (id) WHERE state = 'dead';
CREATE INDEX outgoing_ended ON exchange.outgoing (ended_at) WHERE state IN ('sent', 'discarded');
COMMENT ON TABLE exchange.outgoing IS
    'One message to one institution; its id is what the receiver knows a repeat by; held waits for one before it in its sequence';
COMMENT ON COLUMN exchange.outgoing.last_at IS 'When the last attempt is made; who fails then is dead';
GRANT SELECT, INSERT, UPDATE, DELETE ON exchange.outgoing TO healthcloud_app;

CREATE TABLE exchange.sequences (
    institution_id uuid        NOT NULL,
    sequence       text        NOT NULL,
    last           bigint      NOT NULL,
    used_at        timestamptz NOT NULL,
    CONSTRAINT sequences_pk PRIMARY KEY (institution_id, sequence)
);
CREATE INDEX sequences_by_use ON exchange.sequences (used_at);
COMMENT ON TABLE exchange.sequences IS
    'How far each sequence is numbered; its lock makes the order of numbers the order of commits';
GRANT SELECT, INSERT, UPDATE, DELETE ON exchange.sequences TO healthcloud_app;

CREATE TABLE exchange.circuits (
    institution_id uuid        NOT NULL,
    failures       integer     NOT NULL,
    openings       integer     NOT NULL,
    open_until     timestamptz,
    error          text,
    changed_at     timestamptz NOT NULL,
    CONSTRAINT circuits_pk PRIMARY KEY (institution_id)
);
COMMENT ON TABLE exchange.circuits IS
    'What the dispatcher knows of institutions that do not answer, for people to see and for the dispatcher after it';
GRANT SELECT, INSERT, UPDATE, DELETE ON exchange.circuits TO healthcloud_app;
