-- expand
-- Patient files on their way into the index: their pieces, their rows sealed in portions, and what became of them.
CREATE TABLE index.imports (
    id             uuid        NOT NULL,
    institution_id uuid        NOT NULL,
    account_id     uuid        NOT NULL,
    caller_kind    text        NOT NULL,
    name           text        NOT NULL CONSTRAINT imports_name_length CHECK (char_length(name) BETWEEN 1 AND 100),
    size           bigint      NOT NULL CONSTRAINT imports_size_counts CHECK (size > 0),
    digest         bytea       NOT NULL CONSTRAINT imports_digest_whole CHECK (octet_length(digest) = 32),
    state          text        NOT NULL
                   CONSTRAINT imports_state_known CHECK (state IN (
                       'receiving', 'reading', 'read', 'mapped', 'trying', 'tried', 'running', 'paused', 'done',
                       'cancelled', 'failed'
                   )),
    kind           text,
    shape_sealed   bytea,
    rows           integer     NOT NULL,
    portions       integer     NOT NULL,
    mapping        text,
    checked        integer     NOT NULL,
    linked         integer     NOT NULL,
    new            integer     NOT NULL,
    review         integer     NOT NULL,
    unchanged      integer     NOT NULL,
    rejected       integer     NOT NULL,
    report         text,
    fault_en       text,
    fault_zh       text,
    created_at     timestamptz NOT NULL,
    started_at     timestamptz,
    worked         interval    NOT NULL,
    ended_at       timestamptz,
    forgotten_at   timestamptz,
    CONSTRAINT imports_pkey PRIMARY KEY (id),
    CONSTRAINT imports_nobody_lost CHECK (linked + new + review + unchanged + rejected <= rows)
);
CREATE UNIQUE INDEX imports_file ON index.imports (institution_id, digest)
    WHERE forgotten_at IS NULL AND state NOT IN ('cancelled', 'failed');
CREATE INDEX imports_of_institution ON index.imports (institution_id, id);
CREATE INDEX imports_unforgotten ON index.imports (created_at) WHERE forgotten_at IS NULL;
COMMENT ON TABLE index.imports IS
    'Patient files handed in by institutions: how far each has come; what was in them is kept elsewhere, sealed, for some days';
COMMENT ON COLUMN index.imports.checked IS 'How many portions have been read under the mapping';
GRANT SELECT, INSERT, UPDATE ON index.imports TO healthcloud_app;

CREATE TABLE index.import_pieces (
    import_id    uuid    NOT NULL,
    n            integer NOT NULL,
    size         integer NOT NULL,
    piece_sealed bytea   NOT NULL,
    CONSTRAINT import_pieces_pkey PRIMARY KEY (import_id, n)
);
COMMENT ON TABLE index.import_pieces IS 'The bytes of a file as they came, sealed, until it has been read';
GRANT SELECT, INSERT, UPDATE, DELETE ON index.import_pieces TO healthcloud_app;

CREATE TABLE index.import_portions (
    import_id      uuid        NOT NULL,
    n              integer     NOT NULL,
    rows           integer     NOT NULL,
    rows_sealed    bytea       NOT NULL,
    answers_sealed bytea,
    rejected       integer,
    settled_at     timestamptz,
    CONSTRAINT import_portions_pkey PRIMARY KEY (import_id, n)
);
COMMENT ON TABLE index.import_portions IS
    'Some hundred rows of a file as they stand in it, sealed as one, and what became of them; forgotten after some days';
GRANT SELECT, INSERT, UPDATE, DELETE ON index.import_portions TO healthcloud_app;

CREATE TABLE index.import_numbers (
    import_id uuid    NOT NULL,
    number    bigint  NOT NULL,
    line      integer NOT NULL,
    content   bigint  NOT NULL,
    CONSTRAINT import_numbers_pkey PRIMARY KEY (import_id, number, line)
);
COMMENT ON TABLE index.import_numbers IS
    'Keyed fingerprints of local number and content of each row: which number stands twice in a file, saying different things';
GRANT SELECT, INSERT, DELETE ON index.import_numbers TO healthcloud_app;
