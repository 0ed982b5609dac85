-- expand
-- What is counted of cards, persons, uses and refusals: by edition, so that counting anew stands beside what is shown.
CREATE SCHEMA figures;
GRANT USAGE ON SCHEMA figures TO healthcloud_app;

CREATE TABLE figures.editions (
    edition    integer     NOT NULL CONSTRAINT editions_counted CHECK (edition > 0),
    state      text        NOT NULL CONSTRAINT editions_state_known CHECK (state IN ('building', 'current', 'former')),
    formula    integer     NOT NULL,
    block      bigint      NOT NULL,
    counted_to timestamptz,
    deeds      bigint      NOT NULL,
    begun_at   timestamptz NOT NULL,
    CONSTRAINT editions_pk PRIMARY KEY (edition)
);
CREATE UNIQUE INDEX editions_one_current ON figures.editions (state) WHERE state = 'current';
COMMENT ON TABLE figures.editions IS
    'One count of the whole audit chain: which block it has counted last, moved in the transaction that counts';
COMMENT ON COLUMN figures.editions.formula IS 'The version of the rules it was counted by';
GRANT SELECT, INSERT, UPDATE, DELETE ON figures.editions TO healthcloud_app;

CREATE TABLE figures.counts (
    institution_id uuid        NOT NULL,
    edition        integer     NOT NULL,
    figure         text        NOT NULL,
    hour           timestamptz NOT NULL,
    key            text        NOT NULL,
    count          bigint      NOT NULL,
    CONSTRAINT counts_pk PRIMARY KEY (institution_id, edition, figure, hour, key)
);
CREATE INDEX counts_by_hour ON figures.counts (figure, hour, edition);
COMMENT ON TABLE figures.counts IS 'By hour; the institution of zeros is the whole city';
GRANT SELECT, INSERT, UPDATE, DELETE ON figures.counts TO healthcloud_app;

CREATE TABLE figures.totals (
    institution_id uuid    NOT NULL,
    edition        integer NOT NULL,
    figure         text    NOT NULL,
    key            text    NOT NULL,
    count          bigint  NOT NULL,
    CONSTRAINT totals_pk PRIMARY KEY (institution_id, edition, figure, key)
);
COMMENT ON TABLE figures.totals IS 'Since the beginning; the sum of counts by figure and key, but for those used by month';
GRANT SELECT, INSERT, UPDATE, DELETE ON figures.totals TO healthcloud_app;

CREATE TABLE figures.reach (
    person_id      uuid    NOT NULL,
    institution_id uuid    NOT NULL,
    edition        integer NOT NULL,
    month          text    NOT NULL CONSTRAINT reach_month_shape CHECK (month ~ '^\d{4}-\d{2}$'),
    CONSTRAINT reach_pk PRIMARY KEY (person_id, institution_id, edition)
);
COMMENT ON TABLE figures.reach IS 'The last month of Shanghai in which somebody''s card was used at an institution, or anywhere';
GRANT SELECT, INSERT, UPDATE, DELETE ON figures.reach TO healthcloud_app;

CREATE TABLE figures.lines (
    institution_id uuid        NOT NULL,
    edition        integer     NOT NULL,
    figure         text        NOT NULL,
    at             timestamptz NOT NULL,
    deed_id        uuid        NOT NULL,
    key            text        NOT NULL,
    change         integer     NOT NULL,
    deed           text        NOT NULL,
    subject_id     uuid        NOT NULL,
    CONSTRAINT lines_pk PRIMARY KEY (institution_id, edition, figure, at, deed_id, key)
);
CREATE INDEX lines_by_figure ON figures.lines (figure, edition, at, deed_id, key);
COMMENT ON TABLE figures.lines IS 'Which deed changed which figure by how much; uses are not here, their rows are in cards.uses';
GRANT SELECT, INSERT, DELETE ON figures.lines TO healthcloud_app;

-- What has just been used is read again and again by whoever counts it: without summaries of its newest pages the index
-- would hand over all that vacuum has not met yet.
DROP INDEX cards.uses_by_time;
CREATE INDEX uses_by_time ON cards.uses USING brin (used_at) WITH (autosummarize = on, pages_per_range = 32);
