-- expand
-- The sandbox: its clock, its switches of failure, its journal of calls. A city of real people has these tables empty.
CREATE SCHEMA sandbox;
GRANT USAGE ON SCHEMA sandbox TO healthcloud_app;

CREATE TABLE sandbox.clock (
    place          smallint    NOT NULL CONSTRAINT clock_one CHECK (place = 1),
    offset_seconds bigint      NOT NULL,
    CONSTRAINT clock_pkey PRIMARY KEY (place)
);
COMMENT ON TABLE sandbox.clock IS 'By how much the sandbox''s clock is moved; no row: not at all';
GRANT SELECT, INSERT, UPDATE, DELETE ON sandbox.clock TO healthcloud_app;

CREATE TABLE sandbox.switches (
    face            text    NOT NULL,
    institution_id  uuid    NOT NULL,
    slow_ms         integer NOT NULL CONSTRAINT switches_slow CHECK (slow_ms BETWEEN 0 AND 60000),
    down            boolean NOT NULL,
    wrong_signature boolean NOT NULL,
    duplicate       boolean NOT NULL,
    out_of_order    boolean NOT NULL,
    CONSTRAINT switches_pkey PRIMARY KEY (face, institution_id)
);
COMMENT ON TABLE sandbox.switches IS
    'Failures on purpose, by face and institution; the nil institution stands for each, the face "*" for every face';
GRANT SELECT, INSERT, UPDATE, DELETE ON sandbox.switches TO healthcloud_app;

CREATE TABLE sandbox.calls (
    id             uuid        NOT NULL,
    at             timestamptz NOT NULL,
    face           text        NOT NULL,
    method         text        NOT NULL,
    target         text        NOT NULL,
    key            text        NOT NULL,
    institution_id uuid,
    status         integer     NOT NULL,
    outcome        text        NOT NULL,
    took_ms        integer     NOT NULL,
    switched       text[]      NOT NULL,
    asked_headers  bytea       NOT NULL,
    asked          bytea       NOT NULL,
    told_headers   bytea       NOT NULL,
    told           bytea       NOT NULL,
    signed         bytea,
    form           text        NOT NULL,
    CONSTRAINT calls_pkey PRIMARY KEY (id)
);
COMMENT ON TABLE sandbox.calls IS
    'Every call with what was sent, what was answered and the exact string its signature is over, as we computed it';
GRANT SELECT, INSERT, DELETE ON sandbox.calls TO healthcloud_app;
