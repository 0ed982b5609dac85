"""Visits: once by institution and number, every version kept, whose they are followed, and looking is a deed."""

from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

import pytest
from people.makers import checked, register

from healthcloud import audit, encounters, people
from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.db import Database
from healthcloud.core.errors import Forbidden
from healthcloud.core.ids import new_id
from healthcloud.encounters import EncounterIn, EncounterKind, EncounterStatus, Named, Outcome
from healthcloud.encounters.model import first_state, next_state
from healthcloud.encounters.rotation import jobs

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
Status = EncounterStatus


def hospital() -> Caller:
    scopes = frozenset({"exchange.deliver", "people.register"})
    return Caller(CallerKind.CLIENT, new_id(), scopes, institution_id=new_id())


def resident(person_id: UUID) -> Caller:
    return Caller(CallerKind.RESIDENT, new_id(), frozenset({"resident"}), person_id=person_id)


async def tell(database: Database, caller: Caller, *items: EncounterIn) -> list[encounters.Recorded]:
    return await database.transact(lambda tx: encounters.record(tx, caller, items))


def visit(number: str = "V1", **more: object) -> EncounterIn:
    told = {"kind": EncounterKind.OUTPATIENT, "status": Status.ARRIVED, "patient_number": "P1", "told_at": NOON}
    return EncounterIn(number, **(told | more))  # type: ignore[arg-type]  # whatever a test says


async def test_a_visit_told_of_again_is_the_same_and_a_change_is_a_version(database: Database) -> None:
    his = hospital()
    [new] = await tell(database, his, visit(department=Named("NK", "内科")))
    [same] = await tell(database, his, visit(department=Named("NK", "内科")))
    [changed] = await tell(database, his, visit(status=Status.FINISHED, told_at=NOON + timedelta(hours=1)))
    assert [(one.outcome, one.id, one.version) for one in (new, same, changed)] == [
        (Outcome.NEW, new.id, 1),
        (Outcome.UNCHANGED, new.id, 1),
        (Outcome.CHANGED, new.id, 2),
    ]
    found = await database.transact(lambda tx: encounters.find(tx, his, "V1"))
    assert (found.status, found.department) == (Status.FINISHED, Named("NK", "内科"))
    assert new.id is not None
    one_id = new.id
    [former] = await database.transact(lambda tx: encounters.versions_of(tx, his, one_id))
    assert (former.encounter.status, former.encounter.version) == (Status.ARRIVED, 1)


async def test_several_tellings_at_once_count_in_their_order_and_a_wrong_one_alone_is_refused(
    database: Database,
) -> None:
    his = hospital()
    answers = await tell(
        database,
        his,
        visit(),
        visit(status=Status.FINISHED),
        visit("V2", patient_number=None),
        visit("V3", started_at=NOON, ended_at=NOON - timedelta(days=1)),
        visit("V4", person_id=new_id()),
    )
    assert [one.outcome for one in answers] == ["new", "changed", "refused", "refused", "refused"]
    with pytest.raises(encounters.EncounterNotFound):
        await database.transact(lambda tx: encounters.find(tx, his, "V2"))


async def test_another_institution_sees_nothing_and_tells_nothing_of_it(database: Database) -> None:
    his, another = hospital(), hospital()
    [told] = await tell(database, his, visit())
    assert told.id is not None
    one_id = told.id
    for wanted in ("V1", one_id):
        with pytest.raises(encounters.EncounterNotFound):
            await database.transact(partial(encounters.find, caller=another, wanted=wanted))
    [own] = await tell(database, another, visit())
    assert own.id != told.id
    with pytest.raises(encounters.errors.NotYourVisits):
        await database.transact(lambda tx: encounters.record(tx, another, [visit()], institution_id=his.institution_id))


async def test_a_person_reads_visits_by_patient_number_and_by_card_at_every_institution(database: Database) -> None:
    person = (await register(database, checked())).person_id
    one, two = hospital(), hospital()
    await tell(database, one, visit(started_at=NOON))
    await tell(database, two, visit("W1", patient_number=None, person_id=person, started_at=NOON + timedelta(days=1)))
    await tell(database, two, visit("W2", patient_number="P9"))
    async with database.read() as read:
        assert [found.number for found in await encounters.my_encounters(read, resident(person))] == ["W1"]
    # The number is found to be theirs only later: what was told before is theirs from then on.
    await database.transact(lambda tx: people.patient_numbers.link_local_number(tx, one, person, "P1"))
    async with database.read() as read:
        mine = await encounters.my_encounters(read, resident(person))
        [line] = await encounters.what_follows(read, [person])
        next_page = await encounters.my_encounters(read, resident(person), before=mine[0].list_place)
    assert [(found.number, found.person_id) for found in mine] == [("W1", person), ("V1", person)]
    assert [found.number for found in next_page] == ["V1"]
    assert (line.key, line.facts["count"]) == ("consequences.visits", 2)


async def test_looking_is_a_deed_and_nobody_else_looks(database: Database) -> None:
    person = (await register(database, checked())).person_id
    his = hospital()
    await tell(database, his, visit(person_id=person))
    listed = await database.transact(lambda tx: encounters.list_encounters(tx, his, person_id=person))
    assert [one.number for one in listed] == ["V1"]
    async with database.read() as read:
        deeds = await audit.deeds_about(read, [person], limit=50)
        assert encounters.deeds.LOOKED_UP in {one.deed for one in deeds}
        with pytest.raises(people.PersonNotFound):
            await encounters.my_encounters(read, resident(new_id()))
        with pytest.raises(Forbidden):
            await encounters.my_encounters(read, his)
    stranger = resident(new_id())
    with pytest.raises(people.PersonNotFound):
        await database.transact(lambda tx: encounters.open_encounters(tx, stranger, person))


def test_of_two_tellings_that_overtook_each_other_the_later_counts() -> None:
    admitted = visit(told_at=NOON, started_at=NOON, department=Named("NK"))
    discharged = visit(
        status=Status.FINISHED, told_at=NOON + timedelta(days=2), ended_at=NOON + timedelta(days=2), department=None
    )
    in_order = next_state(first_state(admitted, NOON), discharged, NOON)
    overtaken = next_state(first_state(discharged, NOON), admitted, NOON)
    assert in_order == overtaken
    assert (in_order.status, in_order.content.department) == (Status.FINISHED, Named("NK"))


def test_only_what_is_over_has_an_end() -> None:
    ended = first_state(visit(status=Status.FINISHED, ended_at=NOON), NOON)
    again = next_state(ended, visit(status=Status.IN_PROGRESS, told_at=NOON + timedelta(hours=1)), NOON)
    assert ended.content.ended_at == NOON
    assert again.content.ended_at is None
    whole = next_state(ended, visit(whole=True, patient_number=None, told_at=NOON + timedelta(hours=1)), NOON)
    assert (whole.status, whole.patient_number, whole.content.ended_at) == (Status.ARRIVED, "P1", None)


async def test_what_is_sealed_follows_its_key_by_portions(database: Database) -> None:
    his = hospital()
    await tell(database, his, visit("R1"), visit("R1", status=Status.FINISHED))
    for what in ("encounters", "versions"):
        assert await database.transact(partial(jobs.reseal, body={"what": what})) is None
    assert (await database.transact(lambda tx: encounters.find(tx, his, "R1"))).status == Status.FINISHED
    await database.transact(encounters.keep_seals)
