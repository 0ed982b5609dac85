-- expand
-- How institutions come in: what they applied with, conformance reports, and uses by point.
CREATE SCHEMA onboarding;
GRANT USAGE ON SCHEMA onboarding TO healthcloud_app;

CREATE TABLE onboarding.applications (
    institution_id uuid        NOT NULL,
    sealed         bytea       NOT NULL CONSTRAINT applications_sealed CHECK (octet_length(sealed) > 32),
    points         text[]      NOT NULL CONSTRAINT applications_points_said CHECK (cardinality(points) > 0),
    applied_at     timestamptz NOT NULL,
    changed_at     timestamptz NOT NULL,
    CONSTRAINT applications_pkey PRIMARY KEY (institution_id)
);
COMMENT ON TABLE onboarding.applications IS
    'Who asked to connect: contact, systems and vendors sealed, and the points where cards will be used';
GRANT SELECT, INSERT, UPDATE ON onboarding.applications TO healthcloud_app;

CREATE TABLE onboarding.reports (
    institution_id uuid        NOT NULL,
    digest         bytea       NOT NULL CONSTRAINT reports_digest_whole CHECK (octet_length(digest) = 32),
    face           text        NOT NULL,
    key            text        NOT NULL,
    is_complete    boolean     NOT NULL,
    is_passed      boolean     NOT NULL,
    passed         text[]      NOT NULL,
    failed         text[]      NOT NULL,
    ended          timestamptz NOT NULL,
    received_at    timestamptz NOT NULL,
    file           bytea       NOT NULL,
    CONSTRAINT reports_pkey PRIMARY KEY (institution_id, digest)
);
COMMENT ON TABLE onboarding.reports IS
    'Conformance reports, append-only: whole as handed in, so that anybody may verify them again';
COMMENT ON COLUMN onboarding.reports.digest IS 'SM3 of what was signed';
GRANT SELECT, INSERT ON onboarding.reports TO healthcloud_app;

CREATE TABLE onboarding.points (
    institution_id uuid        NOT NULL,
    point          text        NOT NULL,
    last_used_at   timestamptz NOT NULL,
    CONSTRAINT points_pkey PRIMARY KEY (institution_id, point)
);
COMMENT ON TABLE onboarding.points IS 'When cards were last used at each point of an institution';
GRANT SELECT, INSERT, UPDATE ON onboarding.points TO healthcloud_app;

CREATE TABLE onboarding.point_days (
    institution_id uuid   NOT NULL,
    point          text   NOT NULL,
    day            date   NOT NULL,
    uses           bigint NOT NULL,
    CONSTRAINT point_days_pkey PRIMARY KEY (institution_id, point, day)
);
CREATE INDEX point_days_by_day ON onboarding.point_days (day);
COMMENT ON TABLE onboarding.point_days IS 'Uses by point and day of Shanghai; forgotten after a quarter';
GRANT SELECT, INSERT, UPDATE, DELETE ON onboarding.point_days TO healthcloud_app;

CREATE TABLE onboarding.position (
    name  text   NOT NULL,
    block bigint NOT NULL,
    CONSTRAINT position_pkey PRIMARY KEY (name)
);
COMMENT ON TABLE onboarding.position IS 'The block of the audit chain up to which uses have been counted';
GRANT SELECT, INSERT, UPDATE ON onboarding.position TO healthcloud_app;
