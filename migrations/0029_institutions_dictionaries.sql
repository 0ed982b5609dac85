-- expand
-- Dictionaries: each institution's own codes against the city's, by version, and what nobody has mapped yet.
CREATE TABLE institutions.dictionary_versions (
    institution_id uuid        NOT NULL,
    version        integer     NOT NULL CONSTRAINT dictionary_versions_counted CHECK (version >= 1),
    changed_at     timestamptz NOT NULL,
    CONSTRAINT dictionary_versions_pk PRIMARY KEY (institution_id),
    CONSTRAINT dictionary_versions_institution_fk FOREIGN KEY (institution_id)
               REFERENCES institutions.institutions (id)
);
COMMENT ON TABLE institutions.dictionary_versions IS 'Rises with each change of an institution''s mappings, so that processes see that theirs are old';
GRANT SELECT, INSERT, UPDATE ON institutions.dictionary_versions TO healthcloud_app;

CREATE TABLE institutions.dictionary_mappings (
    institution_id uuid    NOT NULL,
    set_name       text    NOT NULL CONSTRAINT dictionary_mappings_set_said CHECK (set_name <> ''),
    spelling       text    NOT NULL CONSTRAINT dictionary_mappings_spelling_said CHECK (spelling <> ''),
    theirs         text    NOT NULL,
    ours           text    NOT NULL CONSTRAINT dictionary_mappings_ours_said CHECK (ours <> ''),
    label          text,
    is_answer      boolean NOT NULL,
    CONSTRAINT dictionary_mappings_pk PRIMARY KEY (institution_id, set_name, spelling),
    CONSTRAINT dictionary_mappings_institution_fk FOREIGN KEY (institution_id)
               REFERENCES institutions.institutions (id)
);
CREATE UNIQUE INDEX dictionary_mappings_one_answer
    ON institutions.dictionary_mappings (institution_id, set_name, ours) WHERE is_answer;
COMMENT ON TABLE institutions.dictionary_mappings IS 'What an institution''s own code means in the city''s set; `is_answer`: what is said back to it for that code';
COMMENT ON COLUMN institutions.dictionary_mappings.spelling IS '`theirs` in half width and small letters, without blanks: what is looked up';
GRANT SELECT, INSERT, UPDATE, DELETE ON institutions.dictionary_mappings TO healthcloud_app;

CREATE TABLE institutions.dictionary_unmapped (
    institution_id uuid        NOT NULL,
    set_name       text        NOT NULL,
    direction      text        NOT NULL CONSTRAINT dictionary_unmapped_direction_known
                   CHECK (direction IN ('ours', 'theirs')),
    value          text        NOT NULL,
    count          bigint      NOT NULL CONSTRAINT dictionary_unmapped_counted CHECK (count >= 1),
    first_seen     timestamptz NOT NULL,
    last_seen      timestamptz NOT NULL,
    CONSTRAINT dictionary_unmapped_pk PRIMARY KEY (institution_id, set_name, direction, value),
    CONSTRAINT dictionary_unmapped_institution_fk FOREIGN KEY (institution_id)
               REFERENCES institutions.institutions (id)
);
COMMENT ON TABLE institutions.dictionary_unmapped IS 'Values that were taken for 其他, with how often and when; a value that may be personal only by its shape';
GRANT SELECT, INSERT, UPDATE, DELETE ON institutions.dictionary_unmapped TO healthcloud_app;
