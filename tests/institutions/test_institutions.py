"""Institutions are entered once, however often and by however many, and found by any of their numbers."""

import asyncio
from datetime import date
from functools import partial
from uuid import UUID

import pytest
from institutions.entering import MANAGER, organisation_number, staff_of, uscc, wish, ws218

from healthcloud import audit, institutions
from healthcloud.core.caller import GUEST, SYSTEM, Caller, CallerKind
from healthcloud.core.db import Database
from healthcloud.core.errors import Forbidden
from healthcloud.core.ids import new_id
from healthcloud.institutions import codes, errors, numbers
from healthcloud.institutions.codes import errors as code_errors


async def opened(city: Database, one: institutions.InstitutionWish, caller: Caller = MANAGER) -> institutions.Opened:
    return await city.transact(lambda tx: institutions.open_institution(tx, caller, one))


async def deeds_about(city: Database, subject: UUID) -> list[str]:
    async with city.read() as read:
        return [deed.deed for deed in await audit.deeds_about(read, [subject])]


async def test_a_second_entry_is_the_first_one(city: Database) -> None:
    one = wish(("ws218", ws218()), ("uscc", uscc()), ("platform", "KGA" + organisation_number()))
    first = await opened(city, one)
    again = await opened(city, one)
    assert (first.created, again.created) == (True, False)
    assert again.institution_id == first.institution_id
    assert await deeds_about(city, first.institution_id) == ["institutions.opened"]


async def test_two_clerks_entering_one_number_at_once_enter_one_institution(city: Database) -> None:
    one = wish(("ws218", ws218()), ("uscc", uscc()))
    done = await asyncio.gather(*(opened(city, one) for _ in range(8)))
    assert len({each.institution_id for each in done}) == 1
    assert sum(each.created for each in done) == 1
    async with city.read() as read:
        assert sorted(await institutions.numbers_of(read, done[0].institution_id)) == sorted(one.numbers)


async def test_of_two_clerks_who_describe_one_number_differently_one_is_told(city: Database) -> None:
    number = ws218()
    done = await asyncio.gather(
        opened(city, wish(("ws218", number), name="甲医院（演示）")),
        opened(city, wish(("ws218", number), ("uscc", uscc()), name="乙医院（演示）")),
        return_exceptions=True,
    )
    (entered,) = [one for one in done if isinstance(one, institutions.Opened)]
    (told,) = [one for one in done if isinstance(one, errors.NumberTaken)]
    assert told.facts["institution_id"] == str(entered.institution_id)


async def test_a_refused_entry_leaves_its_other_numbers_free(city: Database) -> None:
    taken, free = ws218(), uscc()
    await opened(city, wish(("ws218", taken)))
    with pytest.raises(errors.NumberTaken):
        await opened(city, wish(("ws218", taken), ("uscc", free), name="别的医院（演示）"))
    async with city.read() as read:
        assert await institutions.institution_named(read, free) is None


async def test_a_batch_enters_each_once(city: Database) -> None:
    one, other = wish(("ws218", ws218())), wish(("ws218", ws218()), name="另一医院（演示）")
    done = await city.transact(lambda tx: institutions.open_institutions(tx, MANAGER, [one, other, one]))
    assert [each.created for each in done] == [True, True, False]
    assert done[0].institution_id == done[2].institution_id != done[1].institution_id


async def test_an_institution_is_found_by_any_number_in_any_spelling(city: Database) -> None:
    code = organisation_number()
    ours = (("ws218", ws218()), ("organisation", code), ("platform", f"KGA{code}"), ("other", f"旧-{code}"))
    first = await opened(city, wish(*ours))
    async with city.read() as read:
        for spelling in (
            ours[0][1],
            ours[0][1].lower(),
            f"{code[:8]}-{code[8]}",
            f" kga{code.lower()} ",
            f"旧-{code}",
            "".join(chr(ord(c) + 0xFEE0) for c in code),
        ):
            found = await institutions.institution_named(read, spelling)
            assert found is not None, spelling
            assert found.id == first.institution_id
        assert await institutions.institution_named(read, "KGA404") is None
        assert await institutions.institution_named(read, code, institutions.NumberKind.USCC) is None


async def test_a_number_that_means_two_institutions_asks_for_its_kind(city: Database) -> None:
    code = organisation_number()
    one = await opened(city, wish(("organisation", code)))
    await opened(city, wish(("platform", code), name="另一医院（演示）"))
    async with city.read() as read:
        with pytest.raises(errors.NumberAmbiguous) as asked:
            await institutions.institution_named(read, code)
        assert asked.value.facts["kinds"] == "organisation,platform"
        found = await institutions.institution_named(read, code, institutions.NumberKind.ORGANISATION)
        assert found is not None
        assert found.id == one.institution_id


async def test_a_number_is_added_once_and_a_wrong_one_withdrawn(city: Database, hospital: UUID) -> None:
    number = institutions.OutsideNumber(institutions.NumberKind.USCC, uscc())
    added = [await city.transact(lambda tx: institutions.add_number(tx, MANAGER, hospital, number)) for _ in range(2)]
    assert added == [True, False]
    other = await opened(city, wish(("ws218", ws218())))
    with pytest.raises(errors.NumberTaken):
        await city.transact(lambda tx: institutions.add_number(tx, MANAGER, other.institution_id, number))
    await city.transact(lambda tx: institutions.withdraw_number(tx, MANAGER, hospital, number))
    with pytest.raises(errors.NumberUnknown):
        await city.transact(lambda tx: institutions.withdraw_number(tx, MANAGER, hospital, number))
    async with city.read() as read:
        (last,) = await institutions.numbers_of(read, hospital)
    with pytest.raises(errors.NumberMissing):
        await city.transact(lambda tx: institutions.withdraw_number(tx, MANAGER, hospital, last))


async def test_an_amendment_overwrites_only_what_was_read(city: Database, hospital: UUID) -> None:
    said = wish(name="改名医院（演示）", has_fever_clinic=True, level_code=None).particulars
    version = await city.transact(lambda tx: institutions.amend_institution(tx, MANAGER, hospital, 1, said))
    with pytest.raises(errors.ChangedMeanwhile):
        await city.transact(lambda tx: institutions.amend_institution(tx, MANAGER, hospital, 1, said))
    async with city.read() as read:
        now = await institutions.institution(read, hospital)
    assert (version, now.version, now.name, now.has_fever_clinic, now.level_code) == (
        2,
        2,
        "改名医院（演示）",
        True,
        None,
    )


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"class_code": "Z999"}, "#/class_code"),
        ({"level_code": "99"}, "#/level_code"),
        ({"district_code": "370499", "street_code": None}, "#/district_code"),
        ({"street_code": "370402999"}, "#/street_code"),
    ],
)
async def test_codes_are_those_of_the_sets_in_force(city: Database, said: dict[str, str], pointer: str) -> None:
    with pytest.raises(code_errors.CodeUnknown) as refused:
        await opened(city, wish(("ws218", ws218()), **said))
    assert [fault.pointer for fault in refused.value.faults] == [pointer]


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"name": ""}, "#/name"),
        ({"name": "医" * 101}, "#/name"),
        ({"address": "一\n二"}, "#/address"),
        ({"street_code": "370481001"}, "#/street_code"),
        ({"parent_id": new_id()}, "#/parent_id"),
    ],
)
async def test_particulars_have_their_rules(city: Database, said: dict[str, str], pointer: str) -> None:
    with pytest.raises(errors.ParticularsWrong) as refused:
        await opened(city, wish(("ws218", ws218()), **said))
    assert [fault.pointer for fault in refused.value.faults] == [pointer]


async def test_an_institution_has_a_number_that_holds(city: Database) -> None:
    with pytest.raises(errors.NumberMissing):
        await opened(city, wish())
    with pytest.raises(numbers.NumberWrong) as refused:
        await opened(city, wish(("ws218", ws218()), ("tencent", "1")))
    assert refused.value.faults[0].pointer == "#/numbers/1/number"


async def test_who_may_enter_and_amend(city: Database, hospital: UUID) -> None:
    one, own, other = wish(("ws218", ws218())), staff_of(hospital), staff_of(new_id())
    clerk = Caller(CallerKind.STAFF, new_id(), frozenset({"cards.verify"}))
    for caller in (GUEST, clerk, own):
        with pytest.raises(Forbidden):
            await opened(city, one, caller)
    for caller in (GUEST, clerk, other):
        amend = partial(institutions.amend_institution, institution_id=hospital, version=1, said=one.particulars)
        with pytest.raises(Forbidden):
            await city.transact(partial(amend, caller=caller))
    assert await city.transact(lambda tx: institutions.amend_institution(tx, own, hospital, 1, one.particulars)) == 2
    assert (await opened(city, one, SYSTEM)).created


async def test_a_closed_institution_takes_nothing_more(city: Database, hospital: UUID) -> None:
    on = date(2026, 11, 23)
    closed = [
        await city.transact(lambda tx: institutions.close_institution(tx, MANAGER, hospital, on)) for _ in range(2)
    ]
    assert closed == [True, False]
    with pytest.raises(errors.InstitutionClosed):
        await city.transact(
            lambda tx: institutions.add_number(
                tx, MANAGER, hospital, institutions.OutsideNumber(institutions.NumberKind.USCC, uscc())
            )
        )
    with pytest.raises(errors.InstitutionClosed):
        await city.transact(lambda tx: institutions.amend_institution(tx, MANAGER, hospital, 2, wish().particulars))
    with pytest.raises(errors.InstitutionUnknown):
        await city.transact(lambda tx: institutions.close_institution(tx, MANAGER, new_id(), on))


async def test_lists_page_by_key_and_filter(fresh_database: Database) -> None:
    await institutions.load_standard_sets(fresh_database, SYSTEM)
    wishes = [wish(("ws218", ws218()), name=f"第{i}医院（演示）", has_fever_clinic=i % 2 == 0) for i in range(7)]
    wishes.append(wish(("ws218", ws218()), class_code="D600", level_code=None))
    ids = [
        one.institution_id
        for one in await fresh_database.transact(lambda tx: institutions.open_institutions(tx, MANAGER, wishes))
    ]
    async with fresh_database.read() as read:
        seen: list[UUID] = []
        while page := await institutions.list_institutions(read, after=seen[-1] if seen else UUID(int=0), limit=3):
            seen += [one.id for one in page]
        hospitals = await institutions.list_institutions(read, institutions.InstitutionFilter(class_code="A"))
        feverish = await institutions.list_institutions(read, institutions.InstitutionFilter(has_fever_clinic=True))
        elsewhere = await institutions.list_institutions(read, institutions.InstitutionFilter(district_code="370481"))
    assert seen == sorted(ids)
    assert (len(hospitals), len(feverish), len(elsewhere)) == (7, 4, 0)


async def test_without_its_code_sets_a_city_says_what_to_run(fresh_database: Database) -> None:
    with pytest.raises(codes.CodeSetMissing) as told:
        await opened(fresh_database, wish(("ws218", ws218())))
    assert "healthcloud codes load" in told.value.sentence
