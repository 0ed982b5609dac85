-- expand
-- Visits that hospitals tell of: each under its institution's number, every version kept, and whose it is.
CREATE SCHEMA encounters;
GRANT USAGE ON SCHEMA encounters TO healthcloud_app;

CREATE TABLE encounters.encounters (
    id             uuid        NOT NULL,
    institution_id uuid        NOT NULL,
    number         text        NOT NULL CONSTRAINT encounters_number_length CHECK (char_length(number) BETWEEN 1 AND 64),
    version        integer     NOT NULL CONSTRAINT encounters_version_counts CHECK (version > 0),
    kind           text        NOT NULL CONSTRAINT encounters_kind_known CHECK (kind IN ('I', 'O', 'E', 'H', 'T')),
    status         text        NOT NULL
                   CONSTRAINT encounters_status_known
                   CHECK (status IN ('planned', 'arrived', 'in-progress', 'finished', 'cancelled')),
    patient_number text        CONSTRAINT encounters_patient_length CHECK (char_length(patient_number) BETWEEN 1 AND 64),
    person_id      uuid,
    at             timestamptz NOT NULL,
    content_sealed bytea       NOT NULL CONSTRAINT encounters_content_sealed CHECK (octet_length(content_sealed) > 32),
    told_at        timestamptz NOT NULL,
    received_at    timestamptz NOT NULL,
    received_by    uuid        NOT NULL,
    CONSTRAINT encounters_pkey PRIMARY KEY (id),
    CONSTRAINT encounters_of_somebody CHECK (patient_number IS NOT NULL OR person_id IS NOT NULL)
);
COMMENT ON TABLE encounters.encounters IS
    'Visits by what their institution calls them; the id follows from institution and number, so that one is one';
COMMENT ON COLUMN encounters.encounters.person_id IS
    'Who a card, or the city, said it is; NULL where only the institution''s patient number says it';
COMMENT ON COLUMN encounters.encounters.at IS 'When it began, else when it was first told of: its place in lists';
GRANT SELECT, INSERT, UPDATE ON encounters.encounters TO healthcloud_app;

CREATE TABLE encounters.versions (
    encounter_id   uuid        NOT NULL,
    version        integer     NOT NULL,
    kind           text        NOT NULL,
    status         text        NOT NULL,
    patient_number text,
    person_id      uuid,
    content_sealed bytea       NOT NULL,
    told_at        timestamptz NOT NULL,
    received_at    timestamptz NOT NULL,
    received_by    uuid        NOT NULL,
    replaced_at    timestamptz NOT NULL,
    CONSTRAINT versions_pkey PRIMARY KEY (encounter_id, version),
    CONSTRAINT versions_encounter_fkey FOREIGN KEY (encounter_id) REFERENCES encounters.encounters (id)
);
COMMENT ON TABLE encounters.versions IS
    'What was told of a visit before something else was; never changed but to be sealed again';
GRANT SELECT, INSERT, UPDATE (content_sealed) ON encounters.versions TO healthcloud_app;

CREATE TABLE encounters.of_patients (
    institution_id uuid NOT NULL,
    patient_number text NOT NULL,
    encounter_id   uuid NOT NULL,
    CONSTRAINT of_patients_pkey PRIMARY KEY (institution_id, patient_number, encounter_id)
);
COMMENT ON TABLE encounters.of_patients IS
    'Visits by their institution''s patient number: whose that number is now, theirs the visit is';
GRANT SELECT, INSERT, DELETE ON encounters.of_patients TO healthcloud_app;

CREATE TABLE encounters.of_persons (
    person_id    uuid NOT NULL,
    encounter_id uuid NOT NULL,
    CONSTRAINT of_persons_pkey PRIMARY KEY (person_id, encounter_id)
);
COMMENT ON TABLE encounters.of_persons IS 'Visits of whom a card, or the city, said whose they are';
GRANT SELECT, INSERT, DELETE ON encounters.of_persons TO healthcloud_app;
