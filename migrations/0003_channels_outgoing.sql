-- expand
-- Texts on their way to one address each: sealed, sent by a job, erased once sent.
CREATE SCHEMA channels;
GRANT USAGE ON SCHEMA channels TO healthcloud_app;

CREATE TABLE channels.outgoing (
    id             uuid        NOT NULL,
    channel        text        NOT NULL CONSTRAINT outgoing_channel_known CHECK (channel IN ('sms')),
    state          text        NOT NULL
                   CONSTRAINT outgoing_state_known CHECK (state IN ('waiting', 'sent', 'refused', 'expired')),
    address_shown  text        NOT NULL,
    address_sealed bytea,
    text_sealed    bytea,
    attempts       integer     NOT NULL DEFAULT 0 CONSTRAINT outgoing_attempts_counted CHECK (attempts >= 0),
    error          text,
    created_at     timestamptz NOT NULL,
    good_until     timestamptz NOT NULL,
    ended_at       timestamptz,
    CONSTRAINT outgoing_pk PRIMARY KEY (id),
    -- 剩余信息保护: what no longer waits is no longer there; the address stays as it may be shown, 138****0000.
    CONSTRAINT outgoing_erased CHECK (
        (state = 'waiting') = (text_sealed IS NOT NULL) AND (state = 'waiting') = (address_sealed IS NOT NULL)
    ),
    CONSTRAINT outgoing_end_known CHECK ((state = 'waiting') = (ended_at IS NULL))
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
CREATE INDEX outgoing_overdue ON channels.outgoing (good_until) WHERE state = 'waiting';
CREATE INDEX outgoing_by_time ON channels.outgoing (created_at, id);
COMMENT ON TABLE channels.outgoing IS 'One text to one address; its id is the reference by which the aggregator knows a repeat';
GRANT SELECT, INSERT, UPDATE, DELETE ON channels.outgoing TO healthcloud_app;
