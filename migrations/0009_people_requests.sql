-- expand
-- What residents ask to be done about their own data, and what was answered; a mother finds the births she is named in.
CREATE TABLE people.requests (
    person_id      uuid        NOT NULL,
    id             uuid        NOT NULL,
    kind           text        NOT NULL
                   CONSTRAINT requests_kind_known CHECK (kind IN ('correction', 'objection', 'closing')),
    subject        text        NOT NULL,
    text_sealed    bytea       NOT NULL CONSTRAINT requests_text_sealed CHECK (octet_length(text_sealed) > 32),
    asked_at       timestamptz NOT NULL,
    account_id     uuid        NOT NULL,
    state          text        NOT NULL
                   CONSTRAINT requests_state_known CHECK (state IN ('open', 'done', 'refused', 'withdrawn')),
    closed_at      timestamptz,
    institution_id uuid,
    answer_sealed  bytea,
    CONSTRAINT requests_pkey PRIMARY KEY (person_id, id),
    CONSTRAINT requests_person_fkey FOREIGN KEY (person_id) REFERENCES people.persons (id),
    CONSTRAINT requests_closing_dated CHECK ((state = 'open') = (closed_at IS NULL)),
    CONSTRAINT requests_answered CHECK ((state IN ('done', 'refused')) = (answer_sealed IS NOT NULL))
);
CREATE UNIQUE INDEX requests_one_open ON people.requests (person_id, kind, subject) WHERE state = 'open';
CREATE INDEX requests_open ON people.requests (id) WHERE state = 'open';
COMMENT ON TABLE people.requests IS
    'What a resident asks about their own data: a correction, an answer to who looked, an end; texts are sealed';
GRANT SELECT, INSERT, UPDATE (text_sealed, state, closed_at, institution_id, answer_sealed) ON people.requests
    TO healthcloud_app;

CREATE INDEX newborns_mother ON people.newborns (mother_id);

ALTER TABLE access.one_time_codes
    DROP CONSTRAINT one_time_codes_purpose_known,
    ADD CONSTRAINT one_time_codes_purpose_known CHECK (purpose IN ('sign-in', 'change-phone', 'agree'));
