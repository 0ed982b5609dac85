-- expand
-- What a counter keeps of who stood there: a photograph, with consent, and the rest of a resident identity card; and
-- corrections prepared by one operator for another to confirm.
CREATE TABLE people.photos (
    person_id      uuid        NOT NULL,
    id             uuid        NOT NULL,
    photo_sealed   bytea       NOT NULL
                   CONSTRAINT photos_sealed CHECK (octet_length(photo_sealed) BETWEEN 33 AND 110000),
    consent_id     uuid        NOT NULL,
    taken_at       timestamptz NOT NULL,
    until          timestamptz NOT NULL,
    account_id     uuid        NOT NULL,
    institution_id uuid,
    CONSTRAINT photos_pkey PRIMARY KEY (person_id),
    CONSTRAINT photos_person_fkey FOREIGN KEY (person_id) REFERENCES people.persons (id),
    CONSTRAINT photos_consent_fkey FOREIGN KEY (person_id, consent_id) REFERENCES people.consents (person_id, id),
    CONSTRAINT photos_term CHECK (until > taken_at)
);
ALTER TABLE people.photos ALTER COLUMN photo_sealed SET STORAGE EXTERNAL;
COMMENT ON TABLE people.photos IS
    'A person''s photograph for comparing who shows a printed card: one a person, deleted when its consent ends';
GRANT SELECT, INSERT, UPDATE, DELETE ON people.photos TO healthcloud_app;

CREATE TABLE people.id_records (
    person_id      uuid        NOT NULL,
    record_sealed  bytea       NOT NULL CONSTRAINT id_records_sealed CHECK (octet_length(record_sealed) > 32),
    read_at        timestamptz NOT NULL,
    account_id     uuid        NOT NULL,
    institution_id uuid,
    CONSTRAINT id_records_pkey PRIMARY KEY (person_id),
    CONSTRAINT id_records_person_fkey FOREIGN KEY (person_id) REFERENCES people.persons (id)
);
COMMENT ON TABLE people.id_records IS
    'What a reader of identity cards read beyond name and number: address, authority and validity, the latest reading';
GRANT SELECT, INSERT, UPDATE, DELETE ON people.id_records TO healthcloud_app;

CREATE TABLE people.proposed_corrections (
    person_id       uuid        NOT NULL,
    request_id      uuid        NOT NULL,
    proposal_sealed bytea       NOT NULL
                    CONSTRAINT proposed_corrections_sealed CHECK (octet_length(proposal_sealed) > 32),
    proposed_at     timestamptz NOT NULL,
    account_id      uuid        NOT NULL,
    CONSTRAINT proposed_corrections_pkey PRIMARY KEY (person_id, request_id),
    CONSTRAINT proposed_corrections_request_fkey
        FOREIGN KEY (person_id, request_id) REFERENCES people.requests (person_id, id)
);
COMMENT ON TABLE people.proposed_corrections IS
    'Corrections one operator has prepared and another is to confirm; gone once decided, the deeds stay';
GRANT SELECT, INSERT, UPDATE (proposal_sealed), DELETE ON people.proposed_corrections TO healthcloud_app;
