-- expand
-- The quality of the person index: counts as of the last counting, and automatic links drawn to be judged by people.
CREATE TABLE index.quality (
    source_id  uuid        NOT NULL,
    counted_at timestamptz NOT NULL,
    counts     bytea       NOT NULL,
    CONSTRAINT quality_pkey PRIMARY KEY (source_id)
);
COMMENT ON TABLE index.quality IS
    'Counts of each institution''s records, links and questions, of no person; the source of nothing but zeros is the whole city';
GRANT SELECT, INSERT, UPDATE ON index.quality TO healthcloud_app;

CREATE TABLE index.samples (
    record_id uuid        NOT NULL,
    other_id  uuid        NOT NULL,
    source_id uuid        NOT NULL,
    rule      text        NOT NULL,
    drawn_at  timestamptz NOT NULL,
    verdict   text        CONSTRAINT samples_verdict_known CHECK (verdict IN ('same', 'different', 'unsure')),
    judged_by uuid,
    judged_at timestamptz,
    CONSTRAINT samples_pkey PRIMARY KEY (record_id),
    CONSTRAINT samples_judged_whole CHECK (
        (verdict IS NULL) = (judged_by IS NULL) AND (verdict IS NULL) = (judged_at IS NULL)
    )
);
CREATE INDEX samples_waiting ON index.samples (drawn_at, record_id) WHERE verdict IS NULL;
COMMENT ON TABLE index.samples IS
    'Automatic links drawn by a keyed hash for a clerk to judge: of how many the machine was right';
GRANT SELECT, INSERT, UPDATE (verdict, judged_by, judged_at) ON index.samples TO healthcloud_app;
