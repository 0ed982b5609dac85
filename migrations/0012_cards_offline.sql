-- expand
-- Codes that phones sign: which keys are certified, what voids certificates, the signed lists readers take along, and
-- uses that were made with no network and told of later.
CREATE TABLE cards.phone_keys (
    key_hash bytea       NOT NULL CONSTRAINT phone_keys_hash_whole CHECK (octet_length(key_hash) = 32),
    phone_id uuid        NOT NULL,
    at       timestamptz NOT NULL,
    CONSTRAINT phone_keys_pk PRIMARY KEY (key_hash)
);
COMMENT ON TABLE cards.phone_keys IS
    'SHA-256 of every public key that was certified, with the one phone it may be certified for; no private key ever';
GRANT SELECT, INSERT, UPDATE ON cards.phone_keys TO healthcloud_app;

CREATE TABLE cards.revocations (
    card_id     bytea       NOT NULL,
    slot        smallint    NOT NULL CONSTRAINT revocations_slot_known CHECK (slot BETWEEN 0 AND 254),
    stopped     boolean     NOT NULL,
    void_before bigint      NOT NULL,
    changed_at  timestamptz NOT NULL,
    number      bigint,
    CONSTRAINT revocations_pk PRIMARY KEY (card_id, slot),
    CONSTRAINT revocations_stop_whole_cards CHECK (slot = 0 OR NOT stopped)
);
CREATE INDEX revocations_waiting ON cards.revocations (changed_at) WHERE number IS NULL;
CREATE INDEX revocations_by_time ON cards.revocations (changed_at);
COMMENT ON TABLE cards.revocations IS
    'Which certificates of a card are void, written in the transactions that make them so; slot 0 is every phone of it';
COMMENT ON COLUMN cards.revocations.void_before IS 'Minutes since 1970: certificates issued before are void; 0 for none';
COMMENT ON COLUMN cards.revocations.number IS 'The delta that told of it; NULL while none has';
GRANT SELECT, INSERT, UPDATE, DELETE ON cards.revocations TO healthcloud_app;

CREATE TABLE cards.revocation_deltas (
    number    bigint      NOT NULL,
    issued_at timestamptz NOT NULL,
    entries   integer     NOT NULL,
    body      text        NOT NULL,
    CONSTRAINT revocation_deltas_pk PRIMARY KEY (number)
);
COMMENT ON TABLE cards.revocation_deltas IS 'Signed lists of what changed since the one before, the last hours of them';
GRANT SELECT, INSERT, DELETE ON cards.revocation_deltas TO healthcloud_app;

CREATE TABLE cards.revocation_snapshots (
    number    bigint      NOT NULL,
    issued_at timestamptz NOT NULL,
    entries   integer     NOT NULL,
    body      text        NOT NULL,
    CONSTRAINT revocation_snapshots_pk PRIMARY KEY (number)
);
COMMENT ON TABLE cards.revocation_snapshots IS 'Signed lists of all that is void as of a delta, the last few of them';
GRANT SELECT, INSERT, DELETE ON cards.revocation_snapshots TO healthcloud_app;

CREATE TABLE cards.trust_lists (
    number    bigint      NOT NULL,
    issued_at timestamptz NOT NULL,
    content   bytea       NOT NULL,
    body      text        NOT NULL,
    CONSTRAINT trust_lists_pk PRIMARY KEY (number)
);
COMMENT ON TABLE cards.trust_lists IS 'Signed lists of the keys that sign certificates; `content` is what tells them apart';
GRANT SELECT, INSERT, DELETE ON cards.trust_lists TO healthcloud_app;

ALTER TABLE cards.uses ADD COLUMN received_at timestamptz, ADD COLUMN mark text;
COMMENT ON COLUMN cards.uses.received_at IS 'When a use made with no network was told of; NULL where the city saw it at once';
COMMENT ON COLUMN cards.uses.mark IS
    'Of a late use: void, the card or phone had been stopped before; elsewhere, another institution took the same code';
CREATE INDEX uses_received ON cards.uses (received_at) WHERE received_at IS NOT NULL;

CREATE TABLE cards.late_items (
    institution_id uuid        NOT NULL,
    id             uuid        NOT NULL,
    evidence       bytea       NOT NULL,
    received_at    timestamptz NOT NULL,
    CONSTRAINT late_items_pk PRIMARY KEY (institution_id, id)
);
CREATE INDEX late_items_by_time ON cards.late_items (received_at);
COMMENT ON TABLE cards.late_items IS
    'What readers handed in after being off line, by the ids they gave, so that none counts twice; kept for two months';
-- ON CONFLICT DO UPDATE, by which the loser of a race sees the winner, asks for the right to update.
GRANT SELECT, INSERT, UPDATE, DELETE ON cards.late_items TO healthcloud_app;

-- A late use may be thirty days old, and thirty days can reach back over a short month into the one before it.
SELECT core.ensure_month_partition(parent, (date_trunc('month', CURRENT_DATE) - make_interval(months => 2))::date)
  FROM unnest(ARRAY['cards.bindings', 'cards.uses']) AS parent;
