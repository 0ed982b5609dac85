"""Spreading the schema: the very calls Citus would get and their order, on a database that plays Citus's part."""

from collections.abc import AsyncIterator
from dataclasses import replace

import asyncpg
import pytest
from fixtures.databases import Copy

from healthcloud.core.postgres import Citus, Step, citus_of, read_distribution, spread, steps_to_spread

# What Citus refuses is refused here too: foreign keys that cross, a neighbour that is not spread, keys of other types.
PART = """
CREATE TABLE public.calls (n integer PRIMARY KEY, name text, relation text, key text, beside text);
CREATE VIEW public.citus_tables AS SELECT relation::regclass AS table_name, name AS citus_table_type FROM public.calls;
CREATE FUNCTION public.refuse_foreign_keys(relation regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM pg_constraint WHERE contype = 'f' AND relation IN (conrelid, confrelid)) THEN
        RAISE EXCEPTION 'a foreign key of % is still there', relation;
    END IF;
END $$;
CREATE FUNCTION public.create_reference_table(named regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM public.refuse_foreign_keys(named);
    INSERT INTO public.calls SELECT coalesce(max(n), 0) + 1, 'reference', named::text FROM public.calls;
END $$;
CREATE FUNCTION public.create_distributed_table(named regclass, by_key text, colocate_with text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM public.refuse_foreign_keys(named);
    IF colocate_with <> 'none' AND NOT EXISTS (SELECT 1 FROM public.calls c WHERE c.relation = colocate_with) THEN
        RAISE EXCEPTION '% is not spread', colocate_with;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = named AND attname = by_key) THEN
        RAISE EXCEPTION '% has no %', named, by_key;
    END IF;
    INSERT INTO public.calls
    SELECT coalesce(max(n), 0) + 1, 'distributed', named::text, by_key, colocate_with FROM public.calls;
END $$;
GRANT ALL ON public.calls, public.citus_tables TO healthcloud_owner;
"""
FOREIGN_KEYS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated
  FROM pg_constraint WHERE contype = 'f' AND conparentid = 0 ORDER BY 1, 2
"""
WANTED = read_distribution()


class Interrupted(Exception):
    """Somebody pulled the plug."""


@pytest.fixture
async def owner(fresh_copy: Copy) -> AsyncIterator[asyncpg.Connection]:
    superuser = await asyncpg.connect(fresh_copy.superuser_url)
    await superuser.execute(PART)
    await superuser.close()
    owner = await asyncpg.connect(fresh_copy.owner_url)
    yield owner
    await owner.close()


async def run(owner: asyncpg.Connection, *, until: int | None = None) -> list[Step]:
    """Spread, and lose the power before the step of this number."""
    steps = await steps_to_spread(owner, WANTED, citus=Citus.READY)
    done: list[Step] = []

    def say(step: Step) -> None:
        if len(done) == until:
            raise Interrupted
        done.append(step)

    await spread(owner, steps, say)
    return done


async def test_every_table_is_spread_as_the_manifest_says_and_every_foreign_key_is_back(
    owner: asyncpg.Connection,
) -> None:
    before = await owner.fetch(FOREIGN_KEYS)
    await run(owner)

    calls = await owner.fetch("SELECT name, relation, key, beside FROM calls ORDER BY n")
    assert [tuple(call)[1] for call in calls if call["name"] == "reference"] == list(WANTED.reference)
    spread_by = {call["relation"]: call["key"] for call in calls if call["name"] == "distributed"}
    assert spread_by == dict(WANTED.keys)
    beside = {call["relation"]: call["beside"] for call in calls if call["name"] == "distributed"}
    assert beside["people.documents"] == "people.persons"
    assert beside["cards.uses"] == "cards.cards"
    assert beside["people.persons"] == beside["access.logins"] == "none"
    assert set(WANTED.local).isdisjoint(call["relation"] for call in calls)
    assert await owner.fetch(FOREIGN_KEYS) == before
    assert len(before) > 20
    assert await owner.fetchval("SELECT count(*) FROM core.foreign_keys_away") == 0


async def test_what_is_done_is_not_done_again(owner: asyncpg.Connection) -> None:
    await run(owner)
    assert await steps_to_spread(owner, WANTED, citus=Citus.READY) == []
    # A later release brings a table: only that one is spread, and only its own keys are taken off.
    await owner.execute("DELETE FROM calls WHERE relation = 'people.documents'")
    told = [statement for step in await run(owner) for statement in step.statements]
    assert len([one for one in told if one.startswith("SELECT")]) == 1
    assert len([one for one in told if "DROP CONSTRAINT" in one]) == 1


@pytest.mark.parametrize("until", [1, 15, 40, 60, 90, -3])
async def test_whoever_was_interrupted_begins_again_and_no_foreign_key_is_lost(
    owner: asyncpg.Connection, until: int
) -> None:
    before = await owner.fetch(FOREIGN_KEYS)
    if until < 0:
        until += len(await steps_to_spread(owner, WANTED, citus=Citus.READY))
    with pytest.raises(Interrupted):
        await run(owner, until=until)
    assert await owner.fetch(FOREIGN_KEYS) != before or until > 90
    await run(owner)
    assert await owner.fetch(FOREIGN_KEYS) == before
    assert await owner.fetchval("SELECT count(*) FROM calls") == len(WANTED.keys) + len(WANTED.reference)


async def test_the_part_refuses_what_citus_would(owner: asyncpg.Connection) -> None:
    """Given another order, then it fails: those before are proven by something."""
    with pytest.raises(asyncpg.RaiseError, match="foreign key"):
        await owner.execute("SELECT create_reference_table('institutions.terminals')")
    without_first = replace(WANTED, keys={t: k for t, k in WANTED.keys.items() if t != "people.persons"})
    steps = await steps_to_spread(owner, without_first, citus=Citus.READY)
    with pytest.raises(asyncpg.RaiseError, match="is not spread"):
        await spread(owner, steps, lambda _: None)


async def test_without_citus_all_steps_are_known_and_none_is_made(owner: asyncpg.Connection) -> None:
    assert await citus_of(owner) is Citus.ABSENT
    await run(owner)
    steps = await steps_to_spread(owner, WANTED, citus=Citus.ABSENT)
    assert len(steps) > len(WANTED.keys)
    assert steps[0].statements[0].startswith("INSERT INTO core.foreign_keys_away")
