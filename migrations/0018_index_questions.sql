-- expand
-- What people are asked about the person index, what they decided and how each decision is taken back; and what a card
-- was before it came to stand for another, so that parting two persons gives back everything.
CREATE TABLE index.questions (
    id            uuid        NOT NULL,
    kind          text        NOT NULL CONSTRAINT questions_kind_known CHECK (
        kind IN ('pair', 'bridge', 'member', 'conflict', 'merge', 'changed', 'too-large', 'split')
    ),
    state         text        NOT NULL
                  CONSTRAINT questions_state_known CHECK (state IN ('open', 'proposed', 'closed')),
    record_ids    uuid[]      NOT NULL CONSTRAINT questions_about_records CHECK (cardinality(record_ids) > 0),
    person_ids    uuid[]      NOT NULL,
    weight        real        NOT NULL,
    source_id     uuid,
    opened_at     timestamptz NOT NULL,
    later_until   timestamptz,
    claimed_by    uuid,
    claimed_until timestamptz,
    closed_at     timestamptz,
    closed_as     text,
    CONSTRAINT questions_pkey PRIMARY KEY (id),
    CONSTRAINT questions_claim_whole CHECK ((claimed_by IS NULL) = (claimed_until IS NULL)),
    CONSTRAINT questions_closing_whole CHECK (
        (state = 'closed') = (closed_at IS NOT NULL) AND (state = 'closed') = (closed_as IS NOT NULL)
    )
);
CREATE INDEX questions_in_hand ON index.questions (opened_at, id) WHERE state <> 'closed';
COMMENT ON TABLE index.questions IS
    'What only a person can decide; the id follows from kind and records, so that the same is asked once';
COMMENT ON COLUMN index.questions.person_ids IS 'Whose the records were when it was asked; later merges do not move them';
COMMENT ON COLUMN index.questions.source_id IS 'The institution whose record raised it';
GRANT SELECT, INSERT, UPDATE ON index.questions TO healthcloud_app;

CREATE TABLE index.record_questions (
    record_id   uuid NOT NULL,
    question_id uuid NOT NULL,
    CONSTRAINT record_questions_pkey PRIMARY KEY (record_id, question_id)
);
COMMENT ON TABLE index.record_questions IS 'The questions not closed yet, by their records';
GRANT SELECT, INSERT, DELETE ON index.record_questions TO healthcloud_app;

CREATE TABLE index.decisions (
    question_id    uuid        NOT NULL,
    id             uuid        NOT NULL,
    verdict        text        NOT NULL
                   CONSTRAINT decisions_verdict_known CHECK (verdict IN ('same', 'different', 'later', 'split')),
    state          text        NOT NULL
                   CONSTRAINT decisions_state_known CHECK (state IN ('proposed', 'done', 'declined', 'undone')),
    sides          uuid[]      NOT NULL,
    reason         text        NOT NULL,
    account_id     uuid        NOT NULL,
    at             timestamptz NOT NULL,
    from_id        uuid,
    into_id        uuid,
    second_account uuid,
    second_at      timestamptz,
    undone_by      uuid,
    undone_at      timestamptz,
    undone_reason  text,
    CONSTRAINT decisions_pkey PRIMARY KEY (question_id, id),
    CONSTRAINT decisions_question_fkey FOREIGN KEY (question_id) REFERENCES index.questions (id),
    CONSTRAINT decisions_merge_whole CHECK ((from_id IS NULL) = (into_id IS NULL)),
    CONSTRAINT decisions_second_whole CHECK ((second_account IS NULL) = (second_at IS NULL)),
    CONSTRAINT decisions_by_two CHECK (second_account <> account_id OR state = 'declined'),
    CONSTRAINT decisions_undoing_whole CHECK (
        (state = 'undone') = (undone_by IS NOT NULL) AND (undone_by IS NULL) = (undone_at IS NULL)
        AND (undone_by IS NULL) = (undone_reason IS NULL)
    )
);
CREATE INDEX decisions_by_time ON index.decisions (at, id);
COMMENT ON TABLE index.decisions IS
    'What people decided, when and why; a merge waits as proposed for a second person; nothing is ever deleted';
COMMENT ON COLUMN index.decisions.from_id IS 'The person a merge has resolve to into_id';
GRANT SELECT, INSERT ON index.decisions TO healthcloud_app;
GRANT UPDATE (state, second_account, second_at, undone_by, undone_at, undone_reason) ON index.decisions
    TO healthcloud_app;

CREATE TABLE index.decided_pairs (
    question_id uuid NOT NULL,
    decision_id uuid NOT NULL,
    record_id   uuid NOT NULL,
    other_id    uuid NOT NULL,
    human       text,
    human_by    uuid,
    human_at    timestamptz,
    CONSTRAINT decided_pairs_pkey PRIMARY KEY (question_id, decision_id, record_id, other_id)
);
COMMENT ON TABLE index.decided_pairs IS 'What people had said of a pair before a decision, to be given back with it';
GRANT SELECT, INSERT ON index.decided_pairs TO healthcloud_app;

CREATE TABLE index.decided_records (
    question_id uuid NOT NULL,
    decision_id uuid NOT NULL,
    record_id   uuid NOT NULL,
    state       text NOT NULL,
    person_id   uuid,
    outcome     text,
    rule        text,
    weight      real,
    placed_at   timestamptz,
    CONSTRAINT decided_records_pkey PRIMARY KEY (question_id, decision_id, record_id)
);
COMMENT ON TABLE index.decided_records IS 'Where a record was before a decision moved it, to be given back with it';
GRANT SELECT, INSERT ON index.decided_records TO healthcloud_app;

CREATE TABLE cards.set_aside (
    card_id    bytea       NOT NULL,
    stands_for bytea       NOT NULL,
    status     smallint    NOT NULL CONSTRAINT set_aside_status_known CHECK (status BETWEEN 1 AND 5),
    reason     text,
    kind       text        NOT NULL,
    deadline   timestamptz,
    became     smallint    NOT NULL CONSTRAINT set_aside_became_known CHECK (became BETWEEN 1 AND 5),
    aliases    bytea[]     NOT NULL,
    phones     uuid[]      NOT NULL,
    at         timestamptz NOT NULL,
    CONSTRAINT set_aside_pk PRIMARY KEY (card_id),
    CONSTRAINT set_aside_card_fk FOREIGN KEY (card_id) REFERENCES cards.cards (id)
);
COMMENT ON TABLE cards.set_aside IS
    'What a card was when it came to stand for another, with the ids that stood for it and its phones: given back when parted';
GRANT SELECT, INSERT, UPDATE, DELETE ON cards.set_aside TO healthcloud_app;
