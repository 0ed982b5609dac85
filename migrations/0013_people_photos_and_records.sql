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
CREATE INDEX photos_until ON people.photos (until);
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

CREATE TABLE cards.stock_batches (
    id             uuid        NOT NULL,
    name           text        NOT NULL CONSTRAINT stock_batches_named CHECK (char_length(name) BETWEEN 1 AND 100),
    institution_id uuid,
    account_id     uuid        NOT NULL,
    created_at     timestamptz NOT NULL,
    rows           integer     NOT NULL CONSTRAINT stock_batches_rows CHECK (rows > 0),
    done_at        timestamptz,
    CONSTRAINT stock_batches_pk PRIMARY KEY (id)
);
COMMENT ON TABLE cards.stock_batches IS
    'Batches of cards made ahead (批量预生成); institution_id is where they are handed out, if one was said';
GRANT SELECT, INSERT, UPDATE (done_at) ON cards.stock_batches TO healthcloud_app;

CREATE TABLE cards.stock_rows (
    batch_id   uuid    NOT NULL,
    n          integer NOT NULL,
    row_sealed bytea   NOT NULL CONSTRAINT stock_rows_sealed CHECK (octet_length(row_sealed) > 32),
    outcome    text    CONSTRAINT stock_rows_outcome CHECK (outcome IN ('prepared', 'there', 'rejected')),
    fault      text,
    card_id    bytea,
    CONSTRAINT stock_rows_pk PRIMARY KEY (batch_id, n),
    CONSTRAINT stock_rows_batch_fk FOREIGN KEY (batch_id) REFERENCES cards.stock_batches (id),
    CONSTRAINT stock_rows_rejected_why CHECK (COALESCE(outcome = 'rejected', false) = (fault IS NOT NULL))
);
COMMENT ON TABLE cards.stock_rows IS 'For whom a batch makes a card: the row as sent, sealed, and what became of it';
GRANT SELECT, INSERT, UPDATE (row_sealed, outcome, fault, card_id) ON cards.stock_rows TO healthcloud_app;
