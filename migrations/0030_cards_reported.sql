-- expand
-- Uses that institutions tell of after the fact, apart from those the city saw itself, and the reports that told them.
CREATE TABLE cards.reported_uses (
    card_id        bytea       NOT NULL,
    used_at        timestamptz NOT NULL,
    institution_id uuid        NOT NULL,
    scene          text        NOT NULL,
    id             uuid        NOT NULL,
    scene_told     text        NOT NULL,
    terminal_told  text,
    department     text,
    channel        text,
    cost_kinds     text,
    person_id      uuid        NOT NULL,
    account_id     uuid        NOT NULL,
    received_at    timestamptz NOT NULL,
    use_id         text,
    CONSTRAINT reported_uses_pk PRIMARY KEY (card_id, used_at, institution_id, scene)
) PARTITION BY RANGE (used_at);
COMMENT ON TABLE cards.reported_uses IS
    'What an institution says a card was used for, append-only; never counted as a use the city verified';
COMMENT ON COLUMN cards.reported_uses.used_at IS 'As told, to the second';
COMMENT ON COLUMN cards.reported_uses.scene IS 'Of our code set; 000000 where what was told is in none';
COMMENT ON COLUMN cards.reported_uses.use_id IS
    'The verified use it tells of: same card, institution and step of treatment, about the same time; NULL for none';
GRANT SELECT, INSERT ON cards.reported_uses TO healthcloud_app;

INSERT INTO core.partitioned (parent, keep_months) VALUES ('cards.reported_uses', NULL);
-- A report may be thirty days old, which can reach back over a short month into the one before it.
SELECT core.ensure_month_partition(
           'cards.reported_uses', (date_trunc('month', CURRENT_DATE) + make_interval(months => ahead))::date)
  FROM generate_series(-2, 3) AS ahead;

CREATE TABLE cards.reports (
    institution_id uuid        NOT NULL,
    request_hash   bytea       NOT NULL,
    id             uuid        NOT NULL,
    evidence       bytea       NOT NULL,
    is_verified    boolean     NOT NULL,
    received_at    timestamptz NOT NULL,
    CONSTRAINT reports_pk PRIMARY KEY (institution_id, request_hash)
);
CREATE INDEX reports_by_time ON cards.reports (received_at);
COMMENT ON TABLE cards.reports IS
    'Digests of the request ids of reports and of what they said, so that none counts twice; kept for two months';
-- ON CONFLICT DO UPDATE, by which the loser of a race sees the winner, asks for the right to update.
GRANT SELECT, INSERT, UPDATE, DELETE ON cards.reports TO healthcloud_app;
