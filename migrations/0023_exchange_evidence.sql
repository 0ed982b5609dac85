-- expand
-- Evidence of messages: their bodies in sealed batches, a line each to find them by, and the signed chain of the batches.
CREATE SCHEMA IF NOT EXISTS exchange;
GRANT USAGE ON SCHEMA exchange TO healthcloud_app;

CREATE TABLE exchange.evidence_batches (
    id          uuid        NOT NULL,
    made_at     timestamptz NOT NULL,
    messages    integer     NOT NULL CONSTRAINT evidence_batches_some CHECK (messages > 0),
    root        bytea       NOT NULL CONSTRAINT evidence_batches_root_whole CHECK (octet_length(root) = 32),
    body_sealed bytea       NOT NULL,
    CONSTRAINT evidence_batches_pkey PRIMARY KEY (id, made_at)
) PARTITION BY RANGE (made_at);
ALTER TABLE exchange.evidence_batches ALTER COLUMN body_sealed SET STORAGE EXTERNAL;
COMMENT ON TABLE exchange.evidence_batches IS
    'Messages as they came and were answered, compressed and sealed, with the Merkle root (SM3) over them';
GRANT SELECT, INSERT, UPDATE (body_sealed) ON exchange.evidence_batches TO healthcloud_app;

CREATE TABLE exchange.evidence_messages (
    id             uuid        NOT NULL,
    at             timestamptz NOT NULL,
    institution_id uuid        NOT NULL,
    client_id      uuid,
    face           text        NOT NULL,
    method         text        NOT NULL,
    request_id     text        NOT NULL,
    outcome        text        NOT NULL,
    batch_id       uuid        NOT NULL,
    batch_at       timestamptz NOT NULL,
    place          integer     NOT NULL,
    CONSTRAINT evidence_messages_pkey PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
CREATE INDEX evidence_messages_of_institution ON exchange.evidence_messages (institution_id, at, id);
COMMENT ON TABLE exchange.evidence_messages IS
    'Where each message is: batch and place in it; nothing of a person. An institution of zeros: nobody was proven';
GRANT SELECT, INSERT ON exchange.evidence_messages TO healthcloud_app;

INSERT INTO core.partitioned (parent, keep_months)
VALUES ('exchange.evidence_batches', 36), ('exchange.evidence_messages', 36);
SELECT core.ensure_month_partition(parent, (date_trunc('month', CURRENT_DATE) + make_interval(months => ahead))::date)
  FROM unnest(ARRAY['exchange.evidence_batches', 'exchange.evidence_messages']) AS parent, generate_series(-1, 3) AS ahead;

CREATE TABLE exchange.evidence_unsealed (
    batch_id uuid        NOT NULL,
    made_at  timestamptz NOT NULL,
    root     bytea       NOT NULL,
    CONSTRAINT evidence_unsealed_pkey PRIMARY KEY (batch_id)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);
COMMENT ON TABLE exchange.evidence_unsealed IS 'Batches waiting for the sealer; a row is here exactly while its batch is in no block';
GRANT SELECT, INSERT, UPDATE, DELETE ON exchange.evidence_unsealed TO healthcloud_app;

CREATE TABLE exchange.evidence_blocks (
    seq       bigint        NOT NULL,
    sealed_at timestamptz   NOT NULL,
    batch_ids uuid[]        NOT NULL,
    made_ats  timestamptz[] NOT NULL,
    roots     bytea         NOT NULL,
    previous  bytea         NOT NULL,
    head      bytea         NOT NULL,
    key       text          NOT NULL,
    algorithm text          NOT NULL,
    signature bytea         NOT NULL,
    CONSTRAINT evidence_blocks_pkey PRIMARY KEY (seq),
    CONSTRAINT evidence_blocks_whole CHECK (
        octet_length(roots) = 32 * cardinality(batch_ids) AND cardinality(made_ats) = cardinality(batch_ids)
    )
);
CREATE INDEX evidence_blocks_holding ON exchange.evidence_blocks USING gin (batch_ids);
COMMENT ON TABLE exchange.evidence_blocks IS
    'The signed chain: each block holds the roots of its batches and the head of the block before it; kept for good';
GRANT SELECT, INSERT ON exchange.evidence_blocks TO healthcloud_app;
