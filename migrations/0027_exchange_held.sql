-- expand
-- Messages of hospitals: which were carried out already, and those kept until the feature they are for is there.
CREATE TABLE exchange.carried_out (
    institution_id uuid        NOT NULL,
    control_id     text        NOT NULL CONSTRAINT carried_out_control_length CHECK (char_length(control_id) BETWEEN 1 AND 199),
    digest         bytea       NOT NULL CONSTRAINT carried_out_digest_whole CHECK (octet_length(digest) = 32),
    at             timestamptz NOT NULL,
    CONSTRAINT carried_out_pkey PRIMARY KEY (institution_id, control_id, digest)
);
CREATE INDEX carried_out_by_time ON exchange.carried_out (at);
COMMENT ON TABLE exchange.carried_out IS
    'Messages by their sender''s control id and a keyed digest, so that one sent twice has one effect; a month of them';
GRANT SELECT, INSERT, UPDATE (at), DELETE ON exchange.carried_out TO healthcloud_app;

CREATE TABLE exchange.held (
    id             uuid        NOT NULL,
    institution_id uuid        NOT NULL,
    face           text        NOT NULL,
    kind           text        NOT NULL CONSTRAINT held_kind_length CHECK (char_length(kind) BETWEEN 1 AND 32),
    control_id     text        NOT NULL,
    patient_number text,
    person_id      uuid,
    body_sealed    bytea       NOT NULL CONSTRAINT held_body_sealed CHECK (octet_length(body_sealed) > 32),
    told_at        timestamptz,
    received_at    timestamptz NOT NULL,
    received_by    uuid        NOT NULL,
    taken_at       timestamptz,
    CONSTRAINT held_pkey PRIMARY KEY (id)
);
CREATE INDEX held_waiting ON exchange.held (kind, id) WHERE taken_at IS NULL;
COMMENT ON TABLE exchange.held IS
    'Messages that are right and whose feature is not there yet, sealed; a feature takes them over when it comes';
GRANT SELECT, INSERT, UPDATE (body_sealed, taken_at) ON exchange.held TO healthcloud_app;
