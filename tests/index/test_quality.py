"""What is measured of the index, who sees it, and the sample clerks judge."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from index.records.hospitals import hand_in, hand_in_one, hospital, patient

from healthcloud import index
from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.db import Database, Transaction
from healthcloud.core.errors import Forbidden
from healthcloud.core.ids import new_id
from healthcloud.index import quality
from healthcloud.index.errors import SampleNotFound
from healthcloud.index.quality.model import precision_of, wilson

ALL = 65_536


def staff(*scopes: str, institution_id: UUID | None = None) -> Caller:
    return Caller(CallerKind.STAFF, new_id(), frozenset(scopes), institution_id=institution_id)


REVIEWER = staff("index.review")


async def counted(database: Database, share: int = ALL) -> None:
    await database.transact(lambda tx: quality.count(tx, share))


async def measures(database: Database, caller: Caller, institution_id: UUID | None = None) -> quality.Quality:
    async with database.read() as read:
        return await index.quality_of(read, caller, institution_id)


async def test_an_institutions_records_links_and_questions_are_counted(database: Database) -> None:
    first, second = hospital(), hospital()
    written = patient("仉穗禾")
    await hand_in_one(database, first, written)
    await hand_in(database, second, [written, patient("逯蔚然"), replace(written, number=None, address="市中区水泉镇")])

    await counted(database)
    found = await measures(database, REVIEWER, second.institution_id)
    others = await measures(database, REVIEWER, first.institution_id)

    assert sum(found.records.values()) == 3
    assert found.outcomes["linked"] == sum(found.links_by_rule.values()) == found.links_by_rule["same-number"] == 1
    assert found.records["review"] == 1
    # A question about the records of two institutions counts at one of them.
    asked = [one for one in (found, others) if one.questions]
    assert [sum(one.questions.values()) for one in asked] == [1]
    assert asked[0].oldest_question is not None
    assert asked[0].median_question is not None
    assert asked[0].oldest_question >= asked[0].median_question >= timedelta(0)


async def test_the_city_is_the_sum_and_says_its_age(database: Database) -> None:
    await hand_in_one(database, hospital(), patient())
    await counted(database)
    before = await measures(database, REVIEWER)

    await hand_in_one(database, hospital(), patient())
    stale = await measures(database, REVIEWER)
    await counted(database)
    after = await measures(database, REVIEWER)

    assert stale.records == before.records
    assert stale.counted_at == before.counted_at
    assert after.records["placed"] == before.records["placed"] + 1
    assert before.counted_at is not None
    assert after.counted_at is not None
    assert after.counted_at > before.counted_at


async def test_an_institutions_staff_see_their_own_and_no_other(database: Database) -> None:
    ours, theirs = hospital(), hospital()
    await hand_in_one(database, ours, patient())
    await hand_in_one(database, theirs, patient())
    await counted(database)
    caller = staff("index.import", institution_id=ours.institution_id)

    assert (await measures(database, caller)).institution_id == ours.institution_id
    with pytest.raises(index.NotYourInstitution):
        await measures(database, caller, theirs.institution_id)
    with pytest.raises(Forbidden):
        await measures(database, staff("people.open"))
    async with database.read() as read:
        lines = await quality.by_institution(read, caller)
    assert [line.institution_id for line in lines] == [ours.institution_id]


async def test_a_sampled_link_is_opened_judged_once_and_counted(database: Database) -> None:
    first, second = hospital(), hospital()
    written = patient()
    await hand_in_one(database, first, written)
    await hand_in_one(database, second, written)
    await counted(database)

    ours = await judge_until(database, lambda shown: shown.record.source_id == second.institution_id)
    await counted(database)

    assert ours.record.content.name == ours.other.content.name
    assert ours.rule == "same-number"
    precision = (await measures(database, REVIEWER, second.institution_id)).precision
    assert (precision.judged, precision.right, precision.waiting) == (1, 1, 0)
    with pytest.raises(SampleNotFound):
        await database.transact(lambda tx: quality.judge(tx, REVIEWER, ours.record.id, quality.Verdict.SAME))


async def test_of_no_share_none_are_drawn_though_all_are_counted(database: Database) -> None:
    first, second = hospital(), hospital()
    written = [patient() for _ in range(24)]
    await hand_in(database, first, written)
    await hand_in(database, second, written)

    await counted(database, 0)
    none = await measures(database, REVIEWER, second.institution_id)

    assert none.precision.waiting == 0
    assert none.outcomes["linked"] == 24


def test_precision_has_an_interval_that_stays_within_bounds() -> None:
    assert precision_of({"": 4}).share is None
    low, high = wilson(3000, 3000)
    assert high == pytest.approx(1.0)
    assert 0.998 < low < 0.999
    assert wilson(90, 100) == pytest.approx((0.8256, 0.9448), abs=1e-4)  # published values
    found = precision_of({"same": 9, "different": 1, "unsure": 2, "": 3})
    assert (found.judged, found.share, found.unsure, found.waiting) == (10, 0.9, 2, 3)


async def judge_until(database: Database, wanted: Callable[[quality.SampleShown], bool]) -> quality.SampleShown:
    """Judge every sample that waits to be the same, as a clerk does; return the one wanted."""
    found = []
    while shown := await database.transact(lambda tx: quality.next_sample(tx, REVIEWER)):
        await database.transact(partial(judge_same, record_id=shown.record.id))
        if wanted(shown):
            found.append(shown)
    [one] = found
    return one


async def judge_same(tx: Transaction, record_id: UUID) -> None:
    await quality.judge(tx, REVIEWER, record_id, quality.Verdict.SAME)
