-- expand
-- Versions of the model records are compared under; the shipped one, version 1, is part of the software and has no row.
CREATE TABLE index.models (
    version     integer     NOT NULL CONSTRAINT models_after_the_shipped CHECK (version > 1),
    state       text        NOT NULL CONSTRAINT models_state CHECK (state IN ('proposed', 'adopted', 'retired')),
    model       bytea       NOT NULL,
    digest      bytea       NOT NULL CONSTRAINT models_digest CHECK (octet_length(digest) = 32),
    measures    bytea       NOT NULL,
    proposed_at timestamptz NOT NULL,
    proposed_by uuid        NOT NULL,
    adopted_at  timestamptz,
    adopted_by  uuid,
    retired_at  timestamptz,
    retired_by  uuid,
    CONSTRAINT models_pkey PRIMARY KEY (version),
    CONSTRAINT models_adopted_by_somebody CHECK (state <> 'adopted' OR adopted_by IS NOT NULL)
);
CREATE UNIQUE INDEX models_one_adopted ON index.models (state) WHERE state = 'adopted';
COMMENT ON TABLE index.models IS
    'Learned weights and name frequencies, of no person: never changed once written; the adopted one is live, without one the shipped';
GRANT SELECT, INSERT, UPDATE (state, adopted_at, adopted_by, retired_at, retired_by) ON index.models TO healthcloud_app;
