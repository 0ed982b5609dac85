-- expand
-- Persons and what makes one person one: documents, fingerprints, contacts, patient numbers, accounts, consents, care grants.
CREATE SCHEMA people;
GRANT USAGE ON SCHEMA people TO healthcloud_app;

CREATE TABLE people.persons (
    id             uuid        NOT NULL,
    canonical_id   uuid        NOT NULL,
    grouped        boolean     NOT NULL,
    state          text        NOT NULL
                   CONSTRAINT persons_state_known CHECK (state IN ('alive', 'deceased', 'withdrawn')),
    kind           smallint    NOT NULL CONSTRAINT persons_kind_known CHECK (kind IN (1, 2)),
    level          smallint    NOT NULL CONSTRAINT persons_level_known CHECK (level BETWEEN 0 AND 3),
    version        integer     NOT NULL CONSTRAINT persons_version_counts CHECK (version > 0),
    died_on        date,
    face_sealed    bytea       NOT NULL CONSTRAINT persons_face_sealed CHECK (octet_length(face_sealed) > 32),
    created_at     timestamptz NOT NULL,
    institution_id uuid,
    CONSTRAINT persons_pkey PRIMARY KEY (id),
    CONSTRAINT persons_death_dated CHECK ((state = 'deceased') = (died_on IS NOT NULL)),
    CONSTRAINT persons_merged_grouped CHECK (grouped OR canonical_id = id)
);
COMMENT ON TABLE people.persons IS
    'public: one registered person; id never changes hands, canonical_id is whom it resolves to (itself unless merged, one step only); grouped says that a merge touches it';
GRANT SELECT, INSERT, UPDATE ON people.persons TO healthcloud_app;

CREATE TABLE people.canonical_members (
    canonical_id uuid NOT NULL,
    person_id    uuid NOT NULL,
    CONSTRAINT canonical_members_pkey PRIMARY KEY (canonical_id, person_id)
);
COMMENT ON TABLE people.canonical_members IS
    'public: everyone who resolves to a canonical person, itself included; only for grouped persons';
GRANT SELECT, INSERT, DELETE ON people.canonical_members TO healthcloud_app;

CREATE TABLE people.merges (
    person_id  uuid        NOT NULL,
    id         uuid        NOT NULL,
    from_id    uuid        NOT NULL,
    to_id      uuid        NOT NULL,
    at         timestamptz NOT NULL,
    account_id uuid        NOT NULL,
    reason     text        NOT NULL,
    undone_at  timestamptz,
    undone_by  uuid,
    CONSTRAINT merges_pkey PRIMARY KEY (person_id, id),
    CONSTRAINT merges_person_fkey FOREIGN KEY (person_id) REFERENCES people.persons (id),
    CONSTRAINT merges_undoing_whole CHECK ((undone_at IS NULL) = (undone_by IS NULL))
);
COMMENT ON TABLE people.merges IS 'Each person a merge moved, from which canonical person to which; one id per merge';
GRANT SELECT, INSERT, UPDATE (undone_at, undone_by) ON people.merges TO healthcloud_app;

CREATE TABLE people.documents (
    person_id      uuid        NOT NULL,
    id             uuid        NOT NULL,
    kind           text        NOT NULL
                   CONSTRAINT documents_kind_known
                   CHECK (kind IN ('01', '02', '03', '04', '05', '06', '07', '08', '99')),
    number_sealed  bytea       NOT NULL CONSTRAINT documents_number_sealed CHECK (octet_length(number_sealed) > 32),
    issuer         text,
    valid_from     date,
    valid_to       date,
    is_primary     boolean     NOT NULL,
    state          text        NOT NULL
                   CONSTRAINT documents_state_known CHECK (state IN ('live', 'former', 'released')),
    added_at       timestamptz NOT NULL,
    institution_id uuid,
    CONSTRAINT documents_pkey PRIMARY KEY (person_id, id),
    CONSTRAINT documents_person_fkey FOREIGN KEY (person_id) REFERENCES people.persons (id),
    CONSTRAINT documents_primary_live CHECK (NOT is_primary OR state = 'live')
);
CREATE UNIQUE INDEX documents_one_primary ON people.documents (person_id) WHERE is_primary;
COMMENT ON TABLE people.documents IS
    'Identity documents; former ones still find their person, released ones (entered in error) no longer do';
GRANT SELECT, INSERT, UPDATE ON people.documents TO healthcloud_app;

CREATE TABLE people.document_index (
    fingerprint bytea    NOT NULL CONSTRAINT document_index_whole CHECK (octet_length(fingerprint) = 32),
    key_number  smallint NOT NULL,
    person_id   uuid     NOT NULL,
    document_id uuid,
    CONSTRAINT document_index_pkey PRIMARY KEY (fingerprint)
);
COMMENT ON TABLE people.document_index IS
    'What makes a number one person''s: its keyed fingerprint, once for each live key; document_id NULL: mother, day and order of a birth';
GRANT SELECT, INSERT, UPDATE, DELETE ON people.document_index TO healthcloud_app;

CREATE TABLE people.newborns (
    person_id   uuid        NOT NULL,
    mother_id   uuid        NOT NULL,
    born_at     timestamptz NOT NULL,
    birth_date  date        NOT NULL,
    of_several  boolean     NOT NULL,
    birth_order smallint    NOT NULL CONSTRAINT newborns_order_counts CHECK (birth_order BETWEEN 1 AND 8),
    CONSTRAINT newborns_pkey PRIMARY KEY (person_id),
    CONSTRAINT newborns_person_fkey FOREIGN KEY (person_id) REFERENCES people.persons (id),
    CONSTRAINT newborns_single_first CHECK (of_several OR birth_order = 1)
);
COMMENT ON TABLE people.newborns IS 'Births registered by their mother; birth_date is the day of born_at in Shanghai';
GRANT SELECT, INSERT ON people.newborns TO healthcloud_app;

CREATE TABLE people.contacts (
    person_id      uuid        NOT NULL,
    id             uuid        NOT NULL,
    phone_sealed   bytea       NOT NULL CONSTRAINT contacts_phone_sealed CHECK (octet_length(phone_sealed) > 32),
    added_at       timestamptz NOT NULL,
    ended_at       timestamptz,
    institution_id uuid,
    CONSTRAINT contacts_pkey PRIMARY KEY (person_id, id),
    CONSTRAINT contacts_person_fkey FOREIGN KEY (person_id) REFERENCES people.persons (id)
);
CREATE UNIQUE INDEX contacts_one_live ON people.contacts (person_id) WHERE ended_at IS NULL;
COMMENT ON TABLE people.contacts IS 'Phone numbers a person had and has; one live at a time, the one in the face';
GRANT SELECT, INSERT, UPDATE ON people.contacts TO healthcloud_app;

CREATE TABLE people.phones (
    fingerprint bytea    NOT NULL CONSTRAINT phones_whole CHECK (octet_length(fingerprint) = 32),
    key_number  smallint NOT NULL,
    person_ids  uuid[]   NOT NULL CONSTRAINT phones_used CHECK (cardinality(person_ids) > 0),
    CONSTRAINT phones_pkey PRIMARY KEY (fingerprint)
);
COMMENT ON TABLE people.phones IS 'Who uses a phone number: one row per number and live key, so that the limit holds in a race';
GRANT SELECT, INSERT, UPDATE, DELETE ON people.phones TO healthcloud_app;

CREATE TABLE people.verifications (
    person_id      uuid        NOT NULL,
    id             uuid        NOT NULL,
    level          smallint    NOT NULL CONSTRAINT verifications_level_known CHECK (level BETWEEN 0 AND 3),
    method         text        NOT NULL,
    outcome        text        NOT NULL
                   CONSTRAINT verifications_outcome_known
                   CHECK (outcome IN ('passed', 'mismatch', 'unknown', 'deceased')),
    at             timestamptz NOT NULL,
    evidence       text,
    account_id     uuid        NOT NULL,
    institution_id uuid,
    CONSTRAINT verifications_pkey PRIMARY KEY (person_id, id),
    CONSTRAINT verifications_person_fkey FOREIGN KEY (person_id) REFERENCES people.persons (id)
);
COMMENT ON TABLE people.verifications IS 'Each check of who somebody is, and what came of it';
GRANT SELECT, INSERT ON people.verifications TO healthcloud_app;

CREATE TABLE people.corrections (
    person_id      uuid        NOT NULL,
    id             uuid        NOT NULL,
    at             timestamptz NOT NULL,
    version        integer     NOT NULL,
    fields         text[]      NOT NULL,
    evidence       text        NOT NULL,
    account_id     uuid        NOT NULL,
    institution_id uuid,
    before_sealed  bytea       NOT NULL,
    after_sealed   bytea       NOT NULL,
    CONSTRAINT corrections_pkey PRIMARY KEY (person_id, id),
    CONSTRAINT corrections_person_fkey FOREIGN KEY (person_id) REFERENCES people.persons (id)
);
COMMENT ON TABLE people.corrections IS 'The face before and after each correction, sealed; version is the one it became';
GRANT SELECT, INSERT, UPDATE (before_sealed, after_sealed) ON people.corrections TO healthcloud_app;

CREATE TABLE people.state_changes (
    person_id      uuid        NOT NULL,
    id             uuid        NOT NULL,
    at             timestamptz NOT NULL,
    what           text        NOT NULL
                   CONSTRAINT state_changes_known CHECK (what IN ('died', 'death-undone', 'withdrawn')),
    died_on        date,
    evidence       text        NOT NULL,
    account_id     uuid        NOT NULL,
    institution_id uuid,
    CONSTRAINT state_changes_pkey PRIMARY KEY (person_id, id),
    CONSTRAINT state_changes_person_fkey FOREIGN KEY (person_id) REFERENCES people.persons (id)
);
COMMENT ON TABLE people.state_changes IS 'Deaths, their undoing, and registrations withdrawn as made in error';
GRANT SELECT, INSERT ON people.state_changes TO healthcloud_app;

CREATE TABLE people.local_number_index (
    institution_id uuid NOT NULL,
    number         text NOT NULL CONSTRAINT local_number_index_length CHECK (char_length(number) BETWEEN 1 AND 64),
    person_id      uuid NOT NULL,
    CONSTRAINT local_number_index_pkey PRIMARY KEY (institution_id, number)
);
COMMENT ON TABLE people.local_number_index IS 'public: whose a patient number of an institution is';
GRANT SELECT, INSERT, UPDATE, DELETE ON people.local_number_index TO healthcloud_app;

CREATE TABLE people.local_numbers (
    person_id      uuid        NOT NULL,
    institution_id uuid        NOT NULL,
    number         text        NOT NULL,
    linked_at      timestamptz NOT NULL,
    CONSTRAINT local_numbers_pkey PRIMARY KEY (person_id, institution_id, number),
    CONSTRAINT local_numbers_person_fkey FOREIGN KEY (person_id) REFERENCES people.persons (id)
);
COMMENT ON TABLE people.local_numbers IS 'public: a person''s patient numbers (patid) at each institution';
GRANT SELECT, INSERT, DELETE ON people.local_numbers TO healthcloud_app;

CREATE TABLE people.local_number_history (
    person_id      uuid        NOT NULL,
    id             uuid        NOT NULL,
    at             timestamptz NOT NULL,
    institution_id uuid        NOT NULL,
    number         text        NOT NULL,
    what           text        NOT NULL
                   CONSTRAINT local_number_history_known CHECK (what IN ('linked', 'unlinked')),
    account_id     uuid        NOT NULL,
    CONSTRAINT local_number_history_pkey PRIMARY KEY (person_id, id)
);
COMMENT ON TABLE people.local_number_history IS 'Every linking and unlinking of a patient number';
GRANT SELECT, INSERT ON people.local_number_history TO healthcloud_app;

CREATE TABLE people.account_persons (
    account_id uuid        NOT NULL,
    person_id  uuid        NOT NULL,
    linked_at  timestamptz NOT NULL,
    CONSTRAINT account_persons_pkey PRIMARY KEY (account_id)
);
COMMENT ON TABLE people.account_persons IS 'public: the one own person of a resident''s account';
GRANT SELECT, INSERT, DELETE ON people.account_persons TO healthcloud_app;

CREATE TABLE people.person_accounts (
    person_id  uuid NOT NULL,
    account_id uuid NOT NULL,
    CONSTRAINT person_accounts_pkey PRIMARY KEY (person_id)
);
COMMENT ON TABLE people.person_accounts IS 'The one account of a person: account_persons the other way';
GRANT SELECT, INSERT, DELETE ON people.person_accounts TO healthcloud_app;

CREATE TABLE people.consents (
    person_id    uuid        NOT NULL,
    id           uuid        NOT NULL,
    purpose      text        NOT NULL CONSTRAINT consents_purpose_named CHECK (char_length(purpose) BETWEEN 1 AND 64),
    text_version text        NOT NULL,
    channel      text        NOT NULL,
    given_at     timestamptz NOT NULL,
    until        timestamptz NOT NULL,
    given_by     uuid        NOT NULL,
    withdrawn_at timestamptz,
    withdrawn_by uuid,
    CONSTRAINT consents_pkey PRIMARY KEY (person_id, id),
    CONSTRAINT consents_person_fkey FOREIGN KEY (person_id) REFERENCES people.persons (id),
    CONSTRAINT consents_term CHECK (until > given_at),
    CONSTRAINT consents_withdrawal_whole CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL))
);
COMMENT ON TABLE people.consents IS
    'What a person agreed to: purpose, version of the text, term, channel; given_by is the person or a guardian';
GRANT SELECT, INSERT, UPDATE ON people.consents TO healthcloud_app;

CREATE TABLE people.grants (
    person_id  uuid        NOT NULL,
    id         uuid        NOT NULL,
    keeper_id  uuid        NOT NULL,
    relation   text        NOT NULL
               CONSTRAINT grants_relation_known CHECK (relation IN ('parent', 'child', 'spouse', 'guardian', 'carer', 'other')),
    scopes     text[]      NOT NULL CONSTRAINT grants_scoped CHECK (cardinality(scopes) > 0),
    state      text        NOT NULL
               CONSTRAINT grants_state_known CHECK (state IN ('asked', 'accepted', 'refused', 'withdrawn', 'ended')),
    asked_at   timestamptz NOT NULL,
    until      timestamptz,
    decided_at timestamptz,
    ended_at   timestamptz,
    evidence   text,
    CONSTRAINT grants_pkey PRIMARY KEY (person_id, id),
    CONSTRAINT grants_person_fkey FOREIGN KEY (person_id) REFERENCES people.persons (id),
    CONSTRAINT grants_not_oneself CHECK (keeper_id <> person_id)
);
CREATE UNIQUE INDEX grants_one_open ON people.grants (person_id, keeper_id) WHERE state IN ('asked', 'accepted');
CREATE INDEX grants_by_end ON people.grants (until) WHERE state IN ('asked', 'accepted') AND until IS NOT NULL;
COMMENT ON TABLE people.grants IS 'Who may act for a person: asked by the keeper, decided by the person or at a counter';
GRANT SELECT, INSERT, UPDATE ON people.grants TO healthcloud_app;

CREATE TABLE people.keepers (
    keeper_id uuid NOT NULL,
    person_id uuid NOT NULL,
    grant_id  uuid NOT NULL,
    CONSTRAINT keepers_pkey PRIMARY KEY (keeper_id, person_id, grant_id)
);
COMMENT ON TABLE people.keepers IS 'Open grants by their keeper: people.grants the other way';
GRANT SELECT, INSERT, DELETE ON people.keepers TO healthcloud_app;
