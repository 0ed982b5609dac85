-- expand
-- Cards and who holds them, the slots of phones, bindings and uses by month, and how each card came to be what it is.
CREATE SCHEMA cards;
GRANT USAGE ON SCHEMA cards TO healthcloud_app;

CREATE TABLE cards.cards (
    id         bytea       NOT NULL CONSTRAINT cards_id_whole CHECK (octet_length(id) = 32),
    person_id  uuid        NOT NULL,
    alias_of   bytea       CONSTRAINT cards_alias_of_another CHECK (alias_of <> id),
    status     smallint    NOT NULL CONSTRAINT cards_status_known CHECK (status BETWEEN 1 AND 5),
    reason     text,
    kind       text        NOT NULL CONSTRAINT cards_kind_known CHECK (kind IN ('standard', 'temporary', 'newborn')),
    epoch      integer     NOT NULL CONSTRAINT cards_epoch_two_bytes CHECK (epoch BETWEEN 0 AND 65535),
    deadline   timestamptz,
    mode       smallint    NOT NULL CONSTRAINT cards_mode_known CHECK (mode BETWEEN 1 AND 5),
    version    integer     NOT NULL,
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    CONSTRAINT cards_pk PRIMARY KEY (id),
    CONSTRAINT cards_temporary_ends CHECK ((kind = 'temporary') = (deadline IS NOT NULL))
);
COMMENT ON TABLE cards.cards IS
    'One row per card id; an alias is a row of its own that mirrors the status of the card it stands for, one step only';
COMMENT ON COLUMN cards.cards.status IS '1 正常, 2 挂失, 3 注销, 4 制卡确认, 5 未发卡';
COMMENT ON COLUMN cards.cards.epoch IS 'Of slot 0, the platform; phones'' slots have their own';
COMMENT ON COLUMN cards.cards.mode IS 'APP申请方式: 1 online, 2 kiosk, 3 counter, 4 pre-generated, 5 unknown to us';
GRANT SELECT, INSERT, UPDATE ON cards.cards TO healthcloud_app;

CREATE TABLE cards.holders (
    person_id uuid  NOT NULL,
    card_id   bytea NOT NULL,
    CONSTRAINT holders_pk PRIMARY KEY (person_id)
);
COMMENT ON TABLE cards.holders IS 'One card per person: the row is claimed before the card is written';
GRANT SELECT, INSERT, UPDATE, DELETE ON cards.holders TO healthcloud_app;

CREATE TABLE cards.aliases (
    card_id  bytea NOT NULL,
    alias_id bytea NOT NULL,
    CONSTRAINT aliases_pk PRIMARY KEY (card_id, alias_id),
    CONSTRAINT aliases_card_fk FOREIGN KEY (card_id) REFERENCES cards.cards (id)
);
COMMENT ON TABLE cards.aliases IS 'Other ids of a card: a test id before the production one, the later of two cards of one person';
GRANT SELECT, INSERT, DELETE ON cards.aliases TO healthcloud_app;

CREATE TABLE cards.slots (
    card_id     bytea       NOT NULL,
    slot        smallint    NOT NULL CONSTRAINT slots_phones_own CHECK (slot BETWEEN 1 AND 254),
    id          uuid        NOT NULL,
    epoch       integer     NOT NULL CONSTRAINT slots_epoch_two_bytes CHECK (epoch BETWEEN 0 AND 65535),
    label       text        NOT NULL,
    account_id  uuid        NOT NULL,
    keeper_id   uuid        NOT NULL,
    enrolled_at timestamptz NOT NULL,
    removed_at  timestamptz,
    CONSTRAINT slots_pk PRIMARY KEY (card_id, slot),
    CONSTRAINT slots_card_fk FOREIGN KEY (card_id) REFERENCES cards.cards (id)
);
COMMENT ON TABLE cards.slots IS
    'Phones that may make codes without the platform; a removed one has its epoch raised, and its number may be given again';
COMMENT ON COLUMN cards.slots.keeper_id IS 'The person who enrolled it: the holder, or who keeps the card under a grant';
GRANT SELECT, INSERT, UPDATE ON cards.slots TO healthcloud_app;

CREATE TABLE cards.history (
    card_id        bytea       NOT NULL,
    at             timestamptz NOT NULL,
    id             uuid        NOT NULL,
    change         text        NOT NULL,
    before         smallint,
    after          smallint    NOT NULL,
    reason         text,
    account_id     uuid        NOT NULL,
    institution_id uuid,
    CONSTRAINT history_pk PRIMARY KEY (card_id, at, id),
    CONSTRAINT history_card_fk FOREIGN KEY (card_id) REFERENCES cards.cards (id)
);
COMMENT ON TABLE cards.history IS 'Every change of a card''s status or kind, append-only';
GRANT SELECT, INSERT ON cards.history TO healthcloud_app;

-- Bindings and uses are partitioned by the token's own step time, so that their keys are unique across partitions.
CREATE TABLE cards.bindings (
    card_id        bytea       NOT NULL,
    step_at        timestamptz NOT NULL,
    slot           smallint    NOT NULL,
    institution_id uuid        NOT NULL,
    CONSTRAINT bindings_pk PRIMARY KEY (card_id, step_at, slot)
) PARTITION BY RANGE (step_at);
COMMENT ON TABLE cards.bindings IS 'The institution that saw a dynamic code first; whoever comes later with the same code replays it';
-- ON CONFLICT DO UPDATE, by which the loser of a race sees the winner, asks for the right to update.
GRANT SELECT, INSERT, UPDATE ON cards.bindings TO healthcloud_app;

CREATE TABLE cards.uses (
    card_id        bytea       NOT NULL,
    step_at        timestamptz NOT NULL,
    slot           smallint    NOT NULL,
    terminal_id    uuid        NOT NULL,
    scene          text        NOT NULL,
    institution_id uuid        NOT NULL,
    person_id      uuid        NOT NULL,
    account_id     uuid        NOT NULL,
    opened         boolean     NOT NULL,
    used_at        timestamptz NOT NULL,
    batch_id       uuid        NOT NULL,
    position       integer     NOT NULL,
    CONSTRAINT uses_pk PRIMARY KEY (card_id, step_at, slot, terminal_id, scene)
) PARTITION BY RANGE (step_at);
COMMENT ON TABLE cards.uses IS
    'One line per code, terminal and scene, append-only; slot 255 is the printed code; a batch''s lines are sealed by its deed';
COMMENT ON COLUMN cards.uses.opened IS 'The identity was shown unmasked; its owner reads that here';
CREATE INDEX uses_by_time ON cards.uses USING brin (used_at);
GRANT SELECT, INSERT ON cards.uses TO healthcloud_app;

INSERT INTO core.partitioned (parent, keep_months) VALUES ('cards.bindings', 6), ('cards.uses', NULL);
SELECT core.ensure_month_partition(parent, (date_trunc('month', CURRENT_DATE) + make_interval(months => ahead))::date)
  FROM unnest(ARRAY['cards.bindings', 'cards.uses']) AS parent, generate_series(-1, 3) AS ahead;

CREATE TABLE cards.fact_tries (
    card_id bytea       NOT NULL,
    since   timestamptz NOT NULL,
    count   integer     NOT NULL,
    CONSTRAINT fact_tries_pk PRIMARY KEY (card_id)
);
COMMENT ON TABLE cards.fact_tries IS 'Wrong second facts offered with a printed code of late, so that they cannot be guessed';
GRANT SELECT, INSERT, UPDATE, DELETE ON cards.fact_tries TO healthcloud_app;

CREATE TABLE cards.fact_policies (
    scene text   NOT NULL,
    facts text[] NOT NULL CONSTRAINT fact_policies_facts_known CHECK (
        facts <@ ARRAY['name', 'last-digits', 'face'] AND cardinality(facts) > 0
    ),
    CONSTRAINT fact_policies_pk PRIMARY KEY (scene)
);
COMMENT ON TABLE cards.fact_policies IS 'Which second facts a printed code may be taken with, by medStepCode; * is every other scene';
GRANT SELECT, INSERT, UPDATE, DELETE ON cards.fact_policies TO healthcloud_app;
-- A name alone, which a neighbour knows, does not fetch drugs, get a prescription or an operation.
INSERT INTO cards.fact_policies (scene, facts) VALUES
    ('*', ARRAY['name', 'last-digits', 'face']),
    ('010103', ARRAY['last-digits', 'face']),
    ('010106', ARRAY['last-digits', 'face']),
    ('010107', ARRAY['last-digits', 'face']);
