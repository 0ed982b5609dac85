"""One schema from an embedded database to a distributed engine: the manifest and the schema agree."""

from collections.abc import AsyncIterator
from dataclasses import replace

import asyncpg
import pytest
from guard import distribution

from healthcloud.core.postgres import read_distribution


@pytest.fixture
async def found(owner_url: str) -> AsyncIterator[distribution.Schema]:
    connection = await asyncpg.connect(owner_url)
    yield await distribution.schema(connection)
    await connection.close()


def test_manifest_and_schema_agree(found: distribution.Schema) -> None:
    assert distribution.faults(found, distribution.manifest()) == []


def test_tables_that_lie_together_can(found: distribution.Schema) -> None:
    """Given the groups of the manifest, then each is spread by keys of one type, and holds its foreign keys."""
    spread = read_distribution()
    assert distribution.group_faults(found, spread) == []
    assert spread.lies_with("people.documents") == "people.persons"
    for harmed in (
        replace(spread, anchors=dict(spread.anchors) | {"person_id": "people.gone"}),
        replace(spread, anchors=dict(spread.anchors) | {"person_id": "cards.cards"}),
        replace(spread, anchors={key: table for key, table in spread.anchors.items() if key != "person_id"}),
    ):
        assert distribution.group_faults(found, harmed) != []


def test_the_check_can_fail(found: distribution.Schema) -> None:
    declared = distribution.manifest()
    whole = distribution.faults(found, declared)
    assert len(distribution.faults(found, declared | {"audit.deeds": {"by": "id"}})) > len(whole)
    assert len(distribution.faults(found, {k: v for k, v in declared.items() if k != "audit.deeds"})) > len(whole)
    assert len(distribution.faults(found, declared | {"audit.gone": {"by": "id"}})) > len(whole)
    for harmed in (
        replace(found, triggers=["t"]),
        replace(found, extensions=["e"]),
        replace(found, sequences=["s"]),
        replace(found, foreign_keys=[("audit.unsealed", "audit.blocks", ("deed_id",))]),
    ):
        assert len(distribution.faults(harmed, declared)) > len(whole)
