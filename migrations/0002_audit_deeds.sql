-- expand
-- Append-only deeds by month, the queue of those not yet sealed, and the chain of sealed blocks.
CREATE SCHEMA audit;
GRANT USAGE ON SCHEMA audit TO healthcloud_app;

CREATE TABLE audit.deeds (
    subject_id     uuid        NOT NULL,
    at             timestamptz NOT NULL,
    id             uuid        NOT NULL,
    deed           text        NOT NULL,
    actor_kind     text        NOT NULL,
    actor_id       uuid        NOT NULL,
    institution_id uuid,
    terminal_id    uuid,
    on_behalf_of   uuid,
    outcome        text        NOT NULL CONSTRAINT deeds_outcome_known CHECK (outcome IN ('done', 'refused')),
    reason         text,
    detail         jsonb       NOT NULL,
    CONSTRAINT deeds_pkey PRIMARY KEY (subject_id, at, id)
) PARTITION BY RANGE (at);
COMMENT ON TABLE audit.deeds IS 'Who did what to whom, one line each; ids and plain facts only, never a name or a number';
CREATE INDEX deeds_by_time ON audit.deeds (at, id);
CREATE INDEX deeds_by_actor ON audit.deeds (actor_id, at);
GRANT SELECT, INSERT ON audit.deeds TO healthcloud_app;
INSERT INTO core.partitioned (parent, keep_months) VALUES ('audit.deeds', 180);
SELECT core.ensure_month_partition('audit.deeds', (date_trunc('month', CURRENT_DATE) + make_interval(months => ahead))::date)
  FROM generate_series(-1, 3) AS ahead;

CREATE TABLE audit.unsealed (
    subject_id uuid        NOT NULL,
    deed_id    uuid        NOT NULL,
    at         timestamptz NOT NULL,
    CONSTRAINT unsealed_pkey PRIMARY KEY (subject_id, deed_id)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);
COMMENT ON TABLE audit.unsealed IS 'Deeds waiting for the sealer; a row is here exactly while its deed is in no block';
CREATE INDEX unsealed_by_time ON audit.unsealed (at, deed_id);
GRANT SELECT, INSERT, UPDATE, DELETE ON audit.unsealed TO healthcloud_app;

CREATE TABLE audit.blocks (
    seq         bigint        NOT NULL,
    sealed_at   timestamptz   NOT NULL,
    subject_ids uuid[]        NOT NULL,
    ats         timestamptz[] NOT NULL,
    deed_ids    uuid[]        NOT NULL,
    digests     bytea         NOT NULL,
    previous    bytea         NOT NULL,
    head        bytea         NOT NULL,
    CONSTRAINT blocks_pkey PRIMARY KEY (seq),
    CONSTRAINT blocks_whole CHECK (octet_length(digests) = 32 * cardinality(deed_ids))
);
COMMENT ON TABLE audit.blocks IS 'The chain: each block links its deeds'' SM3 digests and the head of the block before it';
GRANT SELECT, INSERT ON audit.blocks TO healthcloud_app;
