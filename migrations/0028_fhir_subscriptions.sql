-- expand
-- Subscriptions: which institutions want to hear, by FHIR, that something about a patient of theirs has changed.
CREATE SCHEMA fhir;
GRANT USAGE ON SCHEMA fhir TO healthcloud_app;

CREATE TABLE fhir.subscriptions (
    institution_id uuid        NOT NULL,
    id             uuid        NOT NULL,
    criteria       text        NOT NULL CONSTRAINT subscriptions_criteria_known CHECK (criteria IN ('Patient')),
    endpoint       text        NOT NULL,
    reason         text        NOT NULL,
    made_at        timestamptz NOT NULL,
    made_by        uuid        NOT NULL,
    CONSTRAINT subscriptions_pk PRIMARY KEY (institution_id, id),
    CONSTRAINT subscriptions_criteria_once UNIQUE (institution_id, criteria)
);
COMMENT ON TABLE fhir.subscriptions IS 'What institutions want to hear of by FHIR; sent to their registered endpoint, ids only';
GRANT SELECT, INSERT, DELETE ON fhir.subscriptions TO healthcloud_app;
