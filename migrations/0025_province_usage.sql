-- expand
-- Uses of cards on their way to the province: who uploads under which credential, what waits, what went up in which batch.
CREATE SCHEMA province;
GRANT USAGE ON SCHEMA province TO healthcloud_app;

CREATE TABLE province.organisations (
    institution_id uuid        NOT NULL,
    app_id         text        NOT NULL,
    secret_sealed  bytea       NOT NULL,
    is_open        boolean     NOT NULL,
    next_at        timestamptz NOT NULL,
    failures       integer     NOT NULL,
    error          text,
    enrolled_at    timestamptz NOT NULL,
    CONSTRAINT organisations_pk PRIMARY KEY (institution_id)
);
COMMENT ON TABLE province.organisations IS 'The credential the province gave each institution, and when its next upload is due';
GRANT SELECT, INSERT, UPDATE ON province.organisations TO healthcloud_app;

CREATE TABLE province.usages (
    institution_id uuid        NOT NULL,
    card_id        bytea       NOT NULL,
    step_at        timestamptz NOT NULL,
    slot           smallint    NOT NULL,
    terminal_id    uuid        NOT NULL,
    scene          text        NOT NULL,
    used_at        timestamptz NOT NULL,
    day            date        NOT NULL,
    state          text        NOT NULL
                   CONSTRAINT usages_state_known CHECK (state IN ('waiting', 'uploaded', 'missed', 'unknown')),
    batch_id       uuid,
    ended_at       timestamptz,
    CONSTRAINT usages_pk PRIMARY KEY (institution_id, card_id, step_at, slot, terminal_id, scene),
    CONSTRAINT usages_end_known CHECK ((state = 'waiting') = (ended_at IS NULL))
);
CREATE INDEX usages_waiting ON province.usages (institution_id, day, used_at) WHERE state = 'waiting';
CREATE INDEX organisations_due ON province.organisations (next_at) WHERE is_open;
CREATE INDEX usages_of_batch ON province.usages (institution_id, batch_id) WHERE state = 'waiting';
CREATE INDEX usages_by_day ON province.usages (day);
COMMENT ON TABLE province.usages IS
    'Each use once; missed: its day was over first; unknown: sent, and its day was over before an answer came';
GRANT SELECT, INSERT, UPDATE, DELETE ON province.usages TO healthcloud_app;

CREATE TABLE province.batches (
    institution_id uuid        NOT NULL,
    id             uuid        NOT NULL,
    day            date        NOT NULL,
    rows           integer     NOT NULL CONSTRAINT batches_rows_bounded CHECK (rows BETWEEN 1 AND 500),
    attempts       integer     NOT NULL,
    is_open        boolean     NOT NULL,
    made_at        timestamptz NOT NULL,
    CONSTRAINT batches_pk PRIMARY KEY (institution_id, id)
);
CREATE INDEX batches_open ON province.batches (institution_id, id) WHERE is_open;
CREATE INDEX batches_open_by_day ON province.batches (day) WHERE is_open;
COMMENT ON TABLE province.batches IS 'Rows that go up together; a batch is fixed before it is first sent, so that a repeat is the same';
GRANT SELECT, INSERT, UPDATE, DELETE ON province.batches TO healthcloud_app;

CREATE TABLE province.position (
    name  text   NOT NULL,
    block bigint NOT NULL,
    CONSTRAINT position_pk PRIMARY KEY (name)
);
COMMENT ON TABLE province.position IS 'How far the chain of deeds has been followed for uses';
GRANT SELECT, INSERT, UPDATE ON province.position TO healthcloud_app;
