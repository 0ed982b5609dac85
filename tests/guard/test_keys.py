"""Every hot statement carries the key of every table it touches, so that on many nodes it asks the few that hold it."""

import pytest
from guard.keys import touched, unbound
from guard.plans import every_statement
from guard.test_plans import HOT

from healthcloud.core.postgres import read_distribution

KEYS = dict(read_distribution().keys)

# Hot statements that touch tables which do not lie together, and why that is right.
APART = {
    "people/registration/store.py join_lookups": "claims phones and patient numbers side by side, joined by nothing",
}

# Hot statements that ask every node, and why that is right.
ASKING_ALL = {
    "audit/store.py claim_unsealed": "the one sealer of a city takes whatever is oldest, wherever it lies",
}


def test_every_hot_statement_carries_its_keys() -> None:
    hot = {name: statement.sql for name, statement in every_statement() if name in HOT}
    without = {name: found for name, sql in hot.items() if (found := unbound(sql, KEYS))}
    assert {name: found for name, found in without.items() if name not in ASKING_ALL} == {}
    assert ASKING_ALL.keys() == without.keys()
    assert {"cards.uses", "cards.bindings", "people.persons", "access.sessions"} <= set.union(
        *(touched(sql, KEYS) for sql in hot.values())
    )


def test_a_hot_statement_that_joins_tables_joins_those_that_lie_together() -> None:
    distribution = read_distribution()
    apart = {
        name: groups
        for name, statement in every_statement()
        if name in HOT and len(groups := {distribution.group_of(table) for table in touched(statement.sql, KEYS)}) > 1
    }
    assert apart.keys() == APART.keys()


@pytest.mark.parametrize(
    ("sql", "without"),
    [
        ("SELECT 1 FROM cards.uses WHERE card_id = $1", []),
        ("SELECT 1 FROM cards.uses WHERE scene = $1", ["cards.uses"]),
        ("SELECT 1 FROM cards.uses WHERE card_id = ANY ($1)", []),
        ("SELECT 1 FROM cards.uses WHERE card_id IN ($1, $2) AND scene = 'x'", []),
        ("SELECT 1 FROM cards.uses WHERE card_id <> $1", ["cards.uses"]),
        ("SELECT 1 FROM cards.uses WHERE card_id = $1 OR scene = $2", ["cards.uses"]),
        ("SELECT 1 FROM cards.uses WHERE card_id = card_id", ["cards.uses"]),
        (
            "SELECT 1 FROM cards.uses u WHERE u.card_id = (SELECT h.card_id FROM cards.holders h)",
            ["cards.holders", "cards.uses"],
        ),
        ("SELECT 1 FROM unnest($1::bytea[]) AS a (id) JOIN cards.uses u ON u.card_id = a.id", []),
        ("SELECT 1 FROM unnest($1::bytea[]) AS a (id) JOIN cards.uses u USING (card_id)", []),
        ("SELECT 1 FROM unnest($1::text[]) AS a (scene) JOIN cards.uses u ON u.scene = a.scene", ["cards.uses"]),
        ("SELECT 1 FROM cards.cards c JOIN cards.uses u ON u.card_id = c.id", ["cards.cards", "cards.uses"]),
        ("SELECT 1 FROM cards.cards c JOIN cards.uses u ON u.card_id = c.id WHERE c.id = $1", []),
        ("SELECT 1 FROM cards.cards c JOIN cards.uses u ON u.scene = 'x' WHERE c.id = $1", ["cards.uses"]),
        ("WITH a AS (SELECT $1::bytea AS id) SELECT 1 FROM a JOIN cards.cards c ON c.id = a.id", []),
        ("WITH a AS (SELECT id FROM cards.cards) SELECT 1 FROM a", ["cards.cards"]),
        ("SELECT 1 FROM cards.cards c WHERE c.id = $1 AND EXISTS (SELECT 1 FROM cards.uses u)", ["cards.uses"]),
        (
            "SELECT 1 FROM cards.cards c WHERE id = $1 AND EXISTS (SELECT 1 FROM cards.uses u WHERE u.card_id = c.id)",
            [],
        ),
        ("SELECT 1 FROM a, LATERAL (SELECT 1 FROM cards.uses u WHERE u.card_id = $1) AS x", []),
        ("SELECT 1 FROM cards.uses WHERE card_id = $1 UNION SELECT 1 FROM cards.uses", ["cards.uses"]),
        ("SELECT (SELECT count(*) FROM cards.uses)", ["cards.uses"]),
        ("UPDATE cards.cards SET status = 2 WHERE id = $1", []),
        ("UPDATE cards.cards SET status = 2 WHERE status = $1", ["cards.cards"]),
        ("UPDATE cards.cards c SET status = n.s FROM unnest($1, $2) AS n (id, s) WHERE c.id = n.id", []),
        ("DELETE FROM cards.uses u USING unnest($1) AS n (id) WHERE u.card_id = n.id", []),
        ("DELETE FROM cards.uses", ["cards.uses"]),
        ("INSERT INTO cards.uses (card_id, scene) VALUES ($1, $2)", []),
        ("INSERT INTO cards.uses (scene) SELECT scene FROM cards.uses WHERE card_id = $1", ["cards.uses"]),
        ("SELECT 1 FROM people.persons WHERE (id, state) = ($1, $2)", []),
    ],
)
def test_the_check_can_fail(sql: str, without: list[str]) -> None:
    assert unbound(sql, KEYS) == without
