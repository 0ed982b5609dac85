-- expand
-- What came of verifying the chain of deeds, so that its light can say when it was last proven and what was found.
CREATE TABLE audit.verifications (
    id       uuid        NOT NULL,
    begun_at timestamptz NOT NULL,
    ended_at timestamptz NOT NULL,
    blocks   bigint      NOT NULL,
    deeds    bigint      NOT NULL,
    heads    bigint      NOT NULL,
    faults   bigint      NOT NULL,
    findings jsonb       NOT NULL,
    CONSTRAINT verifications_pk PRIMARY KEY (id)
);
COMMENT ON TABLE audit.verifications IS 'Each verification of the chain; `findings` its first faults: kind, block, line, deed';
GRANT SELECT, INSERT ON audit.verifications TO healthcloud_app;
