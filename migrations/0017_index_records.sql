-- expand
-- The person index: what each source says of a person under its local number, how it is found, and whose it is.
CREATE SCHEMA index;
GRANT USAGE ON SCHEMA index TO healthcloud_app;

CREATE TABLE index.records (
    id             uuid        NOT NULL,
    source_id      uuid        NOT NULL,
    number         text        NOT NULL CONSTRAINT records_number_length CHECK (char_length(number) BETWEEN 0 AND 64),
    version        integer     NOT NULL CONSTRAINT records_version_counts CHECK (version > 0),
    content_sealed bytea       NOT NULL CONSTRAINT records_content_sealed CHECK (octet_length(content_sealed) > 32),
    digest         bytea       NOT NULL CONSTRAINT records_digest_whole CHECK (octet_length(digest) = 32),
    state          text        NOT NULL
                   CONSTRAINT records_state_known CHECK (state IN ('waiting', 'placed', 'review', 'ended')),
    person_id      uuid,
    outcome        text        CONSTRAINT records_outcome_known CHECK (outcome IN ('linked', 'new', 'review')),
    rule           text,
    weight         real,
    model          integer     NOT NULL,
    received_at    timestamptz NOT NULL,
    placed_at      timestamptz,
    import_id      uuid,
    line           integer,
    received_by    uuid        NOT NULL,
    CONSTRAINT records_pkey PRIMARY KEY (id),
    CONSTRAINT records_placed_somewhere CHECK (state <> 'placed' OR person_id IS NOT NULL),
    CONSTRAINT records_city_numberless CHECK ((number = '') = (source_id = '00000000-0000-0000-0000-000000000000'))
);
CREATE INDEX records_waiting ON index.records (received_at, id) WHERE state = 'waiting';
COMMENT ON TABLE index.records IS
    'What one source says of a person under one local number; the source of nothing but zeros is the city''s own register, whose record has the person''s id';
GRANT SELECT, INSERT, UPDATE ON index.records TO healthcloud_app;

CREATE TABLE index.record_versions (
    record_id      uuid        NOT NULL,
    version        integer     NOT NULL,
    content_sealed bytea       NOT NULL,
    received_at    timestamptz NOT NULL,
    replaced_at    timestamptz NOT NULL,
    import_id      uuid,
    line           integer,
    received_by    uuid        NOT NULL,
    CONSTRAINT record_versions_pkey PRIMARY KEY (record_id, version),
    CONSTRAINT record_versions_record_fkey FOREIGN KEY (record_id) REFERENCES index.records (id)
);
COMMENT ON TABLE index.record_versions IS 'What a source said before it said something else; never changed but to be sealed again';
GRANT SELECT, INSERT, UPDATE (content_sealed) ON index.record_versions TO healthcloud_app;

CREATE TABLE index.record_numbers (
    source_id uuid NOT NULL,
    number    text NOT NULL,
    record_id uuid NOT NULL,
    CONSTRAINT record_numbers_pkey PRIMARY KEY (source_id, number)
);
COMMENT ON TABLE index.record_numbers IS 'The record under each local number of each source';
GRANT SELECT, INSERT ON index.record_numbers TO healthcloud_app;

CREATE TABLE index.blocks (
    key        bigint   NOT NULL,
    record_id  uuid     NOT NULL,
    key_number smallint NOT NULL,
    CONSTRAINT blocks_pkey PRIMARY KEY (key, record_id)
);
COMMENT ON TABLE index.blocks IS
    'By what records are found: the first 8 bytes of a keyed fingerprint of what two records of one person are likely to share';
GRANT SELECT, INSERT, DELETE ON index.blocks TO healthcloud_app;

CREATE TABLE index.pairs (
    record_id  uuid        NOT NULL,
    other_id   uuid        NOT NULL,
    outcome    text        NOT NULL CONSTRAINT pairs_outcome_known CHECK (outcome IN ('link', 'review', 'none')),
    rule       text        NOT NULL,
    weight     real        NOT NULL,
    model      integer     NOT NULL,
    decided_at timestamptz NOT NULL,
    human      text        CONSTRAINT pairs_human_known CHECK (human IN ('same', 'different')),
    human_by   uuid,
    human_at   timestamptz,
    CONSTRAINT pairs_pkey PRIMARY KEY (record_id, other_id),
    CONSTRAINT pairs_not_oneself CHECK (record_id <> other_id),
    CONSTRAINT pairs_human_whole CHECK ((human IS NULL) = (human_by IS NULL) AND (human IS NULL) = (human_at IS NULL))
);
COMMENT ON TABLE index.pairs IS
    'What the machine and people decided of two records, under either of them; where both are silent there is no row';
GRANT SELECT, INSERT, UPDATE, DELETE ON index.pairs TO healthcloud_app;

CREATE TABLE index.person_records (
    person_id uuid NOT NULL,
    record_id uuid NOT NULL,
    CONSTRAINT person_records_pkey PRIMARY KEY (person_id, record_id)
);
COMMENT ON TABLE index.person_records IS 'The records of each person, as they were placed: merges do not move them';
GRANT SELECT, INSERT, DELETE ON index.person_records TO healthcloud_app;

-- 主索引审核员 is a role of the city's staff.
ALTER TABLE access.grants
    DROP CONSTRAINT grants_role_known,
    ADD CONSTRAINT grants_role_known CHECK (role IN (
        'system-administrator', 'security-administrator', 'audit-administrator',
        'institution-administrator', 'clerk', 'doctor', 'city-operator', 'index-clerk'
    ));
