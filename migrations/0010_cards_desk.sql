-- expand
-- The last scans of each desk, for the page of that desk.
CREATE TABLE cards.desk_scans (
    terminal_id uuid        NOT NULL,
    at          timestamptz NOT NULL,
    id          uuid        NOT NULL,
    account_id  uuid        NOT NULL,
    person_id   uuid,
    outcome     text        NOT NULL,
    CONSTRAINT desk_scans_pk PRIMARY KEY (terminal_id, at, id)
);
COMMENT ON TABLE cards.desk_scans IS
    'What the page of a desk shows of its last scans: some rows a terminal, those older are deleted as new ones come';
COMMENT ON COLUMN cards.desk_scans.outcome IS 'taken, repeat, or the code of the problem it was refused with';
GRANT SELECT, INSERT, DELETE ON cards.desk_scans TO healthcloud_app;
