-- expand
-- Institutions with every number others know them by, their departments, practitioners and terminals; code sets by version.
CREATE SCHEMA institutions;
GRANT USAGE ON SCHEMA institutions TO healthcloud_app;

CREATE TABLE institutions.institutions (
    id               uuid        NOT NULL,
    name             text        NOT NULL CONSTRAINT institutions_name_said CHECK (name <> ''),
    short_name       text,
    class_code       text        NOT NULL,
    level_code       text,
    ownership_code   text        NOT NULL,
    district_code    text        NOT NULL,
    street_code      text,
    address          text,
    phone            text,
    has_fever_clinic boolean     NOT NULL,
    parent_id        uuid,
    state            text        NOT NULL CONSTRAINT institutions_state_known CHECK (state IN ('open', 'closed')),
    demonstration    boolean     NOT NULL,
    opened_on        date,
    closed_on        date,
    version          integer     NOT NULL CONSTRAINT institutions_version_counted CHECK (version >= 1),
    created_at       timestamptz NOT NULL,
    CONSTRAINT institutions_pk PRIMARY KEY (id),
    CONSTRAINT institutions_parent_fk FOREIGN KEY (parent_id) REFERENCES institutions.institutions (id),
    CONSTRAINT institutions_parent_other CHECK (parent_id <> id),
    CONSTRAINT institutions_end_known CHECK ((state = 'closed') = (closed_on IS NOT NULL))
);
CREATE INDEX institutions_by_district ON institutions.institutions (district_code, id);
CREATE INDEX institutions_by_parent ON institutions.institutions (parent_id) WHERE parent_id IS NOT NULL;
COMMENT ON TABLE institutions.institutions IS 'public: hospitals, health centres, clinics and other institutions; `state` is open or closed';
GRANT SELECT, INSERT, UPDATE ON institutions.institutions TO healthcloud_app;

-- A number is claimed before its institution is written, so of two clerks one waits for the other's COMMIT here.
CREATE TABLE institutions.aliases (
    alias          text NOT NULL,
    kind           text NOT NULL CONSTRAINT aliases_kind_known
                   CHECK (kind IN ('ws218', 'uscc', 'organisation', 'platform', 'tencent', 'other')),
    institution_id uuid NOT NULL,
    CONSTRAINT aliases_pk PRIMARY KEY (alias, kind),
    CONSTRAINT aliases_institution_fk FOREIGN KEY (institution_id) REFERENCES institutions.institutions (id)
               DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX aliases_of_institution ON institutions.aliases (institution_id);
COMMENT ON TABLE institutions.aliases IS 'public: every number others know an institution by, in its one spelling; kind ws218 has 22 characters';
GRANT SELECT, INSERT, DELETE ON institutions.aliases TO healthcloud_app;

CREATE TABLE institutions.departments (
    institution_id uuid NOT NULL,
    id             uuid NOT NULL,
    code           text NOT NULL CONSTRAINT departments_code_said CHECK (code <> ''),
    standard_code  text,
    name           text NOT NULL CONSTRAINT departments_name_said CHECK (name <> ''),
    state          text NOT NULL CONSTRAINT departments_state_known CHECK (state IN ('open', 'closed')),
    CONSTRAINT departments_pk PRIMARY KEY (institution_id, id),
    CONSTRAINT departments_code_once UNIQUE (institution_id, code),
    CONSTRAINT departments_institution_fk FOREIGN KEY (institution_id) REFERENCES institutions.institutions (id)
);
COMMENT ON TABLE institutions.departments IS 'public: departments; `code` is the institution''s own, `standard_code` the city''s, NULL where none fits';
GRANT SELECT, INSERT, UPDATE ON institutions.departments TO healthcloud_app;

CREATE TABLE institutions.practitioners (
    id             uuid        NOT NULL,
    name           text        NOT NULL CONSTRAINT practitioners_name_said CHECK (name <> ''),
    licence_number text,
    title_code     text,
    created_at     timestamptz NOT NULL,
    CONSTRAINT practitioners_pk PRIMARY KEY (id),
    CONSTRAINT practitioners_licence_once UNIQUE (licence_number)
);
COMMENT ON TABLE institutions.practitioners IS 'public: doctors, nurses and others by the name and licence they practise under, which are public';
GRANT SELECT, INSERT, UPDATE ON institutions.practitioners TO healthcloud_app;

-- A post may be claimed before its practitioner is written, for the same reason as a number.
CREATE TABLE institutions.practitioner_posts (
    institution_id  uuid NOT NULL,
    practitioner_id uuid NOT NULL,
    staff_number    text NOT NULL CONSTRAINT practitioner_posts_number_said CHECK (staff_number <> ''),
    department_id   uuid,
    started_on      date NOT NULL,
    ended_on        date,
    CONSTRAINT practitioner_posts_pk PRIMARY KEY (institution_id, practitioner_id),
    CONSTRAINT practitioner_posts_number_once UNIQUE (institution_id, staff_number),
    CONSTRAINT practitioner_posts_practitioner_fk FOREIGN KEY (practitioner_id)
               REFERENCES institutions.practitioners (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT practitioner_posts_institution_fk FOREIGN KEY (institution_id)
               REFERENCES institutions.institutions (id),
    CONSTRAINT practitioner_posts_department_fk FOREIGN KEY (institution_id, department_id)
               REFERENCES institutions.departments (institution_id, id),
    CONSTRAINT practitioner_posts_in_order CHECK (ended_on >= started_on)
);
CREATE INDEX practitioner_posts_of_practitioner ON institutions.practitioner_posts (practitioner_id);
COMMENT ON TABLE institutions.practitioner_posts IS 'public: who works where, under which staff number (工号)';
GRANT SELECT, INSERT, UPDATE ON institutions.practitioner_posts TO healthcloud_app;

CREATE TABLE institutions.practitioner_accounts (
    account_id      uuid        NOT NULL,
    practitioner_id uuid        NOT NULL,
    linked_at       timestamptz NOT NULL,
    CONSTRAINT practitioner_accounts_pk PRIMARY KEY (account_id),
    CONSTRAINT practitioner_accounts_practitioner_fk FOREIGN KEY (practitioner_id)
               REFERENCES institutions.practitioners (id)
);
COMMENT ON TABLE institutions.practitioner_accounts IS 'Which staff account is which practitioner';
GRANT SELECT, INSERT, UPDATE, DELETE ON institutions.practitioner_accounts TO healthcloud_app;

CREATE TABLE institutions.terminals (
    id             uuid        NOT NULL,
    institution_id uuid        NOT NULL,
    department_id  uuid,
    name           text        NOT NULL CONSTRAINT terminals_name_said CHECK (name <> ''),
    kind           text        NOT NULL,
    scene_code     text        NOT NULL,
    client_id      uuid,
    state          text        NOT NULL CONSTRAINT terminals_state_known CHECK (state IN ('active', 'retired')),
    binding        integer     NOT NULL CONSTRAINT terminals_binding_counted CHECK (binding >= 0),
    created_at     timestamptz NOT NULL,
    retired_at     timestamptz,
    replaced_by    uuid,
    CONSTRAINT terminals_pk PRIMARY KEY (id),
    CONSTRAINT terminals_institution_fk FOREIGN KEY (institution_id) REFERENCES institutions.institutions (id),
    CONSTRAINT terminals_department_fk FOREIGN KEY (institution_id, department_id)
               REFERENCES institutions.departments (institution_id, id),
    CONSTRAINT terminals_successor_fk FOREIGN KEY (replaced_by) REFERENCES institutions.terminals (id),
    CONSTRAINT terminals_end_known CHECK ((state = 'retired') = (retired_at IS NOT NULL)),
    CONSTRAINT terminals_successor_late CHECK (replaced_by IS NULL OR state = 'retired')
);
CREATE UNIQUE INDEX terminals_name_once ON institutions.terminals (institution_id, name) WHERE state = 'active';
CREATE INDEX terminals_of_institution ON institutions.terminals (institution_id, id);
COMMENT ON TABLE institutions.terminals IS 'public: windows, kiosks and desks where codes are scanned; live while `state` is active';
COMMENT ON COLUMN institutions.terminals.client_id IS 'The API client that alone may speak for it; NULL: any of its institution';
COMMENT ON COLUMN institutions.terminals.binding IS 'Rises with each browser bound, which ends the one before';
GRANT SELECT, INSERT, UPDATE ON institutions.terminals TO healthcloud_app;

CREATE TABLE institutions.enrolments (
    code_hash   bytea       NOT NULL,
    terminal_id uuid        NOT NULL,
    expires_at  timestamptz NOT NULL,
    CONSTRAINT enrolments_pk PRIMARY KEY (code_hash),
    CONSTRAINT enrolments_terminal_fk FOREIGN KEY (terminal_id) REFERENCES institutions.terminals (id)
);
CREATE INDEX enrolments_of_terminal ON institutions.enrolments (terminal_id);
COMMENT ON TABLE institutions.enrolments IS 'One-time codes that bind a browser to a terminal, by keyed fingerprint; gone once used';
GRANT SELECT, INSERT, DELETE ON institutions.enrolments TO healthcloud_app;

CREATE TABLE institutions.terminal_bindings (
    token_hash  bytea       NOT NULL,
    terminal_id uuid        NOT NULL,
    binding     integer     NOT NULL,
    bound_at    timestamptz NOT NULL,
    CONSTRAINT terminal_bindings_pk PRIMARY KEY (token_hash),
    CONSTRAINT terminal_bindings_terminal_fk FOREIGN KEY (terminal_id) REFERENCES institutions.terminals (id)
);
COMMENT ON TABLE institutions.terminal_bindings IS 'The browser at a terminal, by the SM3 of its cookie; live while `binding` is the terminal''s own';
GRANT SELECT, INSERT ON institutions.terminal_bindings TO healthcloud_app;

CREATE TABLE institutions.code_sets (
    name           text        NOT NULL CONSTRAINT code_sets_name_shape CHECK (name ~ '^[a-z][a-z0-9-]{0,63}$'),
    version        text        NOT NULL CONSTRAINT code_sets_version_said CHECK (version <> ''),
    effective_from date        NOT NULL,
    title_zh       text        NOT NULL,
    title_en       text        NOT NULL,
    standard       text        NOT NULL,
    note           text,
    file_hash      bytea,
    loaded_at      timestamptz,
    importing_hash bytea,
    lines_done     integer     NOT NULL CONSTRAINT code_sets_lines_counted CHECK (lines_done >= 0),
    CONSTRAINT code_sets_pk PRIMARY KEY (name, version),
    CONSTRAINT code_sets_loaded_from_file CHECK ((loaded_at IS NULL) = (file_hash IS NULL))
);
COMMENT ON TABLE institutions.code_sets IS 'public: versions of code sets; in force from `effective_from`, once `loaded_at` is there';
COMMENT ON COLUMN institutions.code_sets.file_hash IS 'SHA-256 of the file last imported to its end; `importing_hash` and `lines_done` of one under way';
GRANT SELECT, INSERT, UPDATE ON institutions.code_sets TO healthcloud_app;

CREATE TABLE institutions.codes (
    set_name   text  NOT NULL,
    version    text  NOT NULL,
    code       text  NOT NULL CONSTRAINT codes_code_said CHECK (code <> ''),
    label      text  NOT NULL CONSTRAINT codes_label_said CHECK (label <> ''),
    label_en   text,
    parent     text,
    attributes jsonb NOT NULL,
    CONSTRAINT codes_pk PRIMARY KEY (set_name, version, code),
    CONSTRAINT codes_set_fk FOREIGN KEY (set_name, version) REFERENCES institutions.code_sets (name, version),
    CONSTRAINT codes_parent_other CHECK (parent <> code)
);
COMMENT ON TABLE institutions.codes IS 'public: the codes of each version of a set; `attributes` holds the file''s further columns';
GRANT SELECT, INSERT, UPDATE ON institutions.codes TO healthcloud_app;
