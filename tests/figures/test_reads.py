"""Who sees which figures, what they are made of, and what stands behind them."""

from datetime import timedelta

import pytest
from cards.scanning import PHARMACY, manager
from figures.counting import OPERATOR, Counted, manager_of

from healthcloud import audit, cards, figures, people
from healthcloud.core.caller import Caller
from healthcloud.core.clock import SHANGHAI
from healthcloud.core.errors import Forbidden


async def test_an_institution_sees_its_own_and_the_city_all(counted: Counted) -> None:
    town = counted.town
    one, other = await town.holder(), await town.holder()
    await town.scan(town.code(one.card), town.here)
    await town.scan(town.code(one.card), town.here, terminal=town.here.pharmacy, scene=PHARMACY)
    await town.scan(town.code(other.card), town.there)
    await town.scan(town.code(other.card), town.here)  # replayed at another institution: refused
    await counted.count()

    here, there = manager_of(town.here.id), manager_of(town.there.id)
    assert {who: (await counted.overview(caller))["uses-today"].value for who, caller in _all(here, there)} == {
        "here": 2,
        "there": 1,
        "city": 3,
    }
    assert (await counted.overview(here))["refusals-today"].value == 1
    assert (await counted.overview(there))["refusals-today"].value == 0
    assert (await counted.overview(here))["active-cards"].value == 1
    assert (await counted.overview())["active-cards"].value == 2
    assert "cards-normal" not in await counted.overview(here)
    async with town.database.read() as read:
        hour = town.now
        own = await figures.rows.uses(read, here, hour)
        assert {use.institution_id for use in own} == {town.here.id}
        assert len(await figures.rows.uses(read, OPERATOR, hour)) == 3
        with pytest.raises(figures.FigureUnknown):
            await figures.detail(read, here, "cards-normal")
        with pytest.raises(Forbidden):
            await figures.by_institution(read, here)
        with pytest.raises(Forbidden):
            await figures.overview(read, manager("cards.manage"))


def _all(here: Caller, there: Caller) -> list[tuple[str, Caller]]:
    return [("here", here), ("there", there), ("city", OPERATOR)]


async def test_a_rate_has_a_denominator_and_none_where_that_is_zero(counted: Counted) -> None:
    town = counted.town
    holder, _ = await town.holder(), await town.holder()
    await town.scan(town.code(holder.card), town.here)
    await counted.count()
    rates = await counted.overview()
    active, issued = rates["activation-rate"].value, rates["cards-issued"].value
    assert rates["activation-rate"].base == issued
    assert rates["activation-rate"].percent == round(100 * active / issued, 1)
    nothing = figures.Reading(rates["activation-rate"].definition, 0, 0)
    assert nothing.percent is None


async def test_pages_of_rows_follow_each_other_and_names_are_a_deed(counted: Counted) -> None:
    town = counted.town
    holder = await town.holder()
    staff = manager(institution_id=town.here.id)
    await town.database.transact(lambda tx: cards.freeze(tx, staff, holder.person_id))
    await town.database.transact(lambda tx: cards.unfreeze(tx, staff, holder.person_id))
    await counted.count()
    async with town.database.read() as read:
        first = await figures.rows.lines(read, OPERATOR, "card-changes-today", limit=1)
        place = first[0].at, first[0].deed_id, first[0].key
        second = await figures.rows.lines(read, OPERATOR, "card-changes-today", before=place, limit=1)
        theirs = await figures.rows.lines(read, manager_of(town.there.id), "card-changes-today")
        with pytest.raises(figures.FigureUnknown):
            await figures.rows.lines(read, OPERATOR, "uses-today")
    assert [first[0].key, second[0].key] == ["unfrozen", "frozen"]
    assert theirs == []

    with pytest.raises(Forbidden):
        await town.database.transact(
            lambda tx: figures.rows.open_lines(tx, manager_of(town.here.id), "card-changes-today")
        )
    opened = await town.database.transact(
        lambda tx: figures.rows.open_lines(tx, OPERATOR, "card-changes-today", limit=2)
    )
    assert all(one.name and "*" in one.name for one in opened)
    async with town.database.read() as read:
        deeds = await audit.deeds_about(read, [holder.person_id], limit=1)
    assert [(one.deed, one.actor_id) for one in deeds] == [("figures.person-seen", OPERATOR.account_id)]


async def test_freshness_is_the_oldest_deed_that_is_not_counted(counted: Counted) -> None:
    town = counted.town
    await counted.count()
    before = town.now
    async with town.database.read() as read:
        assert (await figures.standing(read)).as_of >= before
    await town.holder()
    town.advance(minutes=5)
    async with town.database.read() as read:
        stand = await figures.standing(read)
    assert town.now - stand.as_of > timedelta(minutes=4)
    await counted.count()
    async with town.database.read() as read:
        stand = await figures.standing(read)
    assert town.now - stand.as_of < timedelta(seconds=5)
    assert stand.behind == 0


async def test_a_day_is_shanghais(counted: Counted) -> None:
    town = counted.town
    holder = await town.holder()
    midnight = (town.now.astimezone(SHANGHAI) + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    town.stand_at(midnight - timedelta(minutes=2))
    await town.scan(town.code(holder.card), town.here)
    await counted.count()
    today = (await counted.overview())["uses-today"].value
    town.stand_at(midnight + timedelta(minutes=2))
    await town.scan(town.code(holder.card), town.here)
    await counted.count()
    assert today >= 1
    assert (await counted.overview())["uses-today"].value == 1


async def test_levels_are_counted_as_they_rise(counted: Counted) -> None:
    town = counted.town
    await counted.count()
    async with town.database.read() as read:
        before = {one.key: one.count for one in (await figures.detail(read, OPERATOR, "persons-by-level")).keys}
    await town.person(verification=people.Verification())
    await counted.count()
    async with town.database.read() as read:
        after = {one.key: one.count for one in (await figures.detail(read, OPERATOR, "persons-by-level")).keys}
    assert after["0"] == before.get("0", 0) + 1
