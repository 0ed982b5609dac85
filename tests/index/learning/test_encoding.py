"""Tokens tell what matching tells, as far as equality can; and nothing else."""

import sqlite3
import struct
from contextlib import closing
from itertools import combinations
from uuid import UUID

import pytest
from index.learning.townsfolk import KEY, encoded, features, rows_of

from healthcloud.index import linkage
from healthcloud.index.linkage import levels
from healthcloud.index.linkage.converting import job_of
from healthcloud.index.matching import DEFAULT_MODEL
from healthcloud.index.matching.compare import FIELDS, LEVELS, compare

ROWS = rows_of(2400, 1100)
# What equality of tokens cannot tell (decision 0061), each as it is told instead.
TOLD_AS = {
    "name": {
        "unreadable": {"variant", "one-off", "surname", "different", "given"},
        "close": {"missing"},
        "part": {"missing"},
        "different": {"missing"},
        "one-off": {"surname"},
        "given": {"different"},
        "surname": {"given", "one-off"},
    },
    "birth": {"digit": {"day", "year", "different"}, "day": {"digit"}, "year": {"digit"}, "different": {"digit"}},
    "number": {"near": {"different"}, "near-valid": {"two-valid"}, "two-valid": {"near-valid"}, "different": {"near"}},
    "phone": {"near": {"different"}, "different": {"near"}},
    "address": {
        "house": {"close", "partial", "different"},
        "close": {"partial", "different", "house"},
        "partial": {"close", "different", "house"},
        "different": {"partial", "house", "close"},
    },
}


@pytest.fixture(scope="module")
def pairs() -> list[tuple[int, int]]:
    """All pairs of one person, and as many of two who share something."""
    by_person: dict[int, list[int]] = {}
    by_name: dict[str, list[int]] = {}
    for place, row in enumerate(ROWS):
        by_person.setdefault(row.person, []).append(place)
        by_name.setdefault((row.written.name or "")[:1], []).append(place)
    same = [pair for places in by_person.values() for pair in combinations(places, 2)]
    near = [pair for _, places in sorted(by_name.items()) for pair in combinations(places[:12], 2)]
    return same + near


@pytest.fixture(scope="module")
def told(pairs: list[tuple[int, int]]) -> list[tuple[str, ...]]:
    """Each pair's levels, as a database tells them by the batch's conditions."""
    chosen = ", ".join(
        f"CASE WHEN {levels.MISSING[field]} THEN 'missing' "
        + " ".join(f"WHEN {holds} THEN '{name}'" for name, holds in known.items() if holds != levels.REST)
        + " ELSE 'different' END"
        for field, known in levels.LEVELS.items()
    )
    values = tokens_of(encoded(ROWS))
    names = [f"{name}_{side}" for side in "lr" for name in levels.COLUMNS]
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f"CREATE TABLE pairs ({', '.join(names)})")
        connection.executemany(
            f"INSERT INTO pairs VALUES ({', '.join('?' * len(names))})",
            ([one or None for one in (*values[pair[0]], *values[pair[1]])] for pair in pairs),
        )
        return connection.execute(f"SELECT {chosen} FROM pairs ORDER BY rowid").fetchall()


def tokens_of(rows: bytes) -> list[tuple[int, ...]]:
    return list(struct.iter_unpack(f"<{len(levels.COLUMNS)}q", rows))


def test_every_field_and_level_is_one_of_matchings() -> None:
    assert tuple(levels.LEVELS) == FIELDS
    for field, known in levels.LEVELS.items():
        assert set(known) < set(LEVELS[field])
        assert list(known.values()).index(levels.REST) == len(known) - 1
    job = job_of(DEFAULT_MODEL, sample=1, most=1, threads=1, memory_mib=1)
    assert {column for block in (*job.blocks, *job.training, *job.certain) for column in block} <= set(job.columns)


def test_tokens_tell_the_level_that_matching_tells(pairs: list[tuple[int, int]], told: list[tuple[str, ...]]) -> None:
    made = [features(row) for row in ROWS]
    wrong: dict[str, int] = dict.fromkeys(FIELDS, 0)
    for (one, other), levels_told in zip(pairs, told, strict=True):
        truth = compare(made[one], made[other])
        for field, level, batch in zip(FIELDS, truth, levels_told, strict=True):
            if level != batch:
                wrong[field] += 1
                assert batch in TOLD_AS[field].get(level, set()), (field, level, batch, made[one], made[other])
    assert len(pairs) > 1_000
    for field in ("name", "birth", "number", "sex", "phone"):
        assert wrong[field] <= len(pairs) * 0.02, (field, wrong)
    assert wrong["address"] <= len(pairs) * 0.25


def test_the_comparison_meets_levels_of_every_field(told: list[tuple[str, ...]]) -> None:
    seen = [set(column) for column in zip(*told, strict=True)]
    assert [len(one) >= fewest for one, fewest in zip(seen, (6, 6, 4, 2, 3, 5), strict=True)] == [True] * len(FIELDS)


def test_another_run_has_other_tokens() -> None:
    one, other = (
        {token for row in tokens_of(encoded(ROWS[:50], key=key)) for token in row}
        for key in (KEY, bytes(linkage.KEY_SIZE))
    )
    ids_and_flags = set(range(51))
    assert (one & other) - ids_and_flags == set()


def test_nothing_of_a_record_stands_in_its_tokens() -> None:
    row = ROWS[0]
    made = encoded((row,))
    for text in filter(None, (row.written.name, row.written.number, row.written.phone, row.written.birth_date)):
        assert text.encode() not in made


def test_what_is_not_said_has_no_token_and_ids_come_back() -> None:
    encoder = linkage.Encoder(KEY)
    assert encoder.token("name", "") == 0
    big = UUID("ffffffff-ffff-ffff-8000-000000000001")
    row = encoder.row(big, None, features(ROWS[0]))
    assert len(row) == len(levels.COLUMNS)
    assert (row[0] & (1 << 64) - 1, row[1] & (1 << 64) - 1) == (big.int >> 64, big.int & (1 << 64) - 1)
    assert row[2] == 0
