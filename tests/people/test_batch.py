"""Registering many at once: the same answers as one after the other, with a handful of statements."""

import asyncio
from datetime import date
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from people.makers import POLICY, SEEN, a_person, a_woman, at_birth, checked, deeds_of, desk, face_of, next_number

from healthcloud import audit, people
from healthcloud.core.caller import Caller
from healthcloud.core.db import Database, Transaction
from healthcloud.core.errors import Problem
from healthcloud.core.ids import new_id

CARD = people.DocumentForm


async def register_many(
    database: Database, caller: Caller, wishes: list[people.Registration], policy: people.Policy = POLICY
) -> list[people.Registered | Problem]:
    several = [people.Ask(caller, people.Wish(one)) for one in wishes]
    return await database.transact(lambda tx: people.register_many(tx, several, policy))


async def register_singly(
    database: Database, caller: Caller, wishes: list[people.Registration], policy: people.Policy
) -> list[people.Registered | Problem]:
    """The slow, obvious twin: each in a transaction of its own."""
    answers: list[people.Registered | Problem] = []
    for one in wishes:
        try:
            answers.append(
                await database.transact(
                    lambda tx, o=one: people.register(tx, caller, o, people.Verification(), policy)  # type: ignore[misc]
                )
            )
        except Problem as problem:
            answers.append(problem)
    return answers


def told(answers: list[people.Registered | Problem]) -> list[object]:
    """Name persons by the place where they first appear, problems by their code."""
    places: dict[object, int] = {}
    return [
        answer.code if isinstance(answer, Problem) else (places.setdefault(answer.person_id, place), answer.created)
        for place, answer in enumerate(answers)
    ]


async def test_a_hundred_newcomers_are_registered_by_five_statements(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = 0
    for verb in ("run", "all", "values"):
        real = getattr(Transaction, verb)

        async def counting(self: Transaction, *args: object, _real: object = real) -> object:
            nonlocal sent
            sent += 1
            return await _real(self, *args)  # type: ignore[operator]  # the verb itself

        monkeypatch.setattr(Transaction, verb, counting)
    wishes = [checked(phone=f"1310000{place:04}", local_number=f"L{place}") for place in range(100)]
    answers = await register_many(database, desk(), wishes)
    assert all(isinstance(answer, people.Registered) and answer.created for answer in answers)
    assert sent == 5


async def test_refused_ones_leave_nothing_behind_and_the_others_are_carried_out(database: Database) -> None:
    clinic = desk()
    known = checked(local_number="X1")
    owner = await register_many(database, clinic, [known])
    new_number = next_number()
    wishes = [
        checked(),
        people.Registration("冒名", known.sex, known.birth_date, known.documents),
        checked(documents=(CARD("01", new_number),), local_number="X1", phone="13200000001"),
        checked(name=None, documents=(), birth=at_birth(new_id())),
        checked(phone="13200000002"),
    ]
    answers = await register_many(database, clinic, wishes)
    assert told(answers) == [
        (0, True),
        "identity-conflict",
        "local-number-taken",
        "mother-not-found",
        (4, True),
    ]
    assert isinstance(owner[0], people.Registered)
    assert (await deeds_of(database, owner[0].person_id)).count(("people.registered", "refused")) == 2
    free = [checked(documents=(CARD("01", new_number),)), *(checked(phone="13200000001") for _ in range(5))]
    assert [answer[1] for answer in told(await register_many(database, clinic, free))] == [True] * 6  # type: ignore[index]


async def test_each_of_a_batch_is_written_for_its_own_institution_and_caller(database: Database) -> None:
    clinics = [desk() for _ in range(3)]
    asks = [people.Ask(clinic, people.Wish(checked(local_number="SAME"), SEEN)) for clinic in clinics]
    answers = await database.transact(lambda tx: people.register_many(tx, asks, POLICY))
    for clinic, answer in zip(clinics, answers, strict=True):
        assert isinstance(answer, people.Registered)
        assert (await face_of(database, answer.person_id, clinic.institution_id)).local_number == "SAME"
        async with database.read() as read:
            [deed] = await audit.deeds_about(read, [answer.person_id])
        assert (deed.actor_id, deed.institution_id) == (clinic.account_id, clinic.institution_id)


async def test_twins_of_one_batch_are_one_person(database: Database) -> None:
    one = checked(phone="13200000010")
    passport = CARD("03", "E9000001", "CHN")
    with_passport = checked(name=one.name, documents=(CARD("01", one.documents[0].number), passport))
    only_passport = checked(name=one.name, documents=(passport,), birth_date=one.birth_date)
    answers = await register_many(database, desk(), [one, one, with_passport, only_passport])
    assert told(answers) == [(0, True), (0, False), (0, False), (0, False)]


async def test_two_documents_of_a_known_person_in_one_batch_add_up(database: Database) -> None:
    name, number = "赵六", next_number()
    both = checked(name=name, documents=(CARD("01", number), CARD("03", "E9000002", "CHN")))
    [person] = await register_many(database, desk(), [both])
    by_card = checked(name=name, documents=(CARD("01", number),), phone="13200000020")
    by_passport = checked(
        name=name, documents=(CARD("03", "E9000002", "CHN"),), birth_date=both.birth_date, phone="13200000021"
    )
    answers = await register_many(database, desk(), [by_card, by_passport])
    assert isinstance(person, people.Registered)
    assert all(isinstance(one, people.Registered) and one.person_id == person.person_id for one in answers)
    assert (await face_of(database, person.person_id)).face.phone == "13200000020"


async def test_batches_of_eight_desks_at_once_register_each_person_once(fresh_database: Database) -> None:
    mother = await a_woman(fresh_database)
    wishes = [checked(phone=f"133{place // 4:08}") for place in range(40)]
    wishes.append(checked(name=None, sex="1", documents=(), birth=at_birth(mother)))
    orders = [wishes[place:] + wishes[:place] for place in range(0, 40, 5)]
    answers = await asyncio.gather(*(register_many(fresh_database, desk(), order) for order in orders))
    persons = {answer.person_id for batch in answers for answer in batch if isinstance(answer, people.Registered)}
    assert len(persons) == len(wishes)
    assert all(isinstance(answer, people.Registered) for batch in answers for answer in batch)


async def test_a_verified_wish_raises_the_level_of_somebody_known(database: Database) -> None:
    registration = checked()
    person = await a_person(database, name=registration.name, documents=(CARD("01", registration.documents[0].number),))
    await database.transact(
        lambda tx: people.register_many(tx, [people.Ask(desk(), people.Wish(registration, SEEN))], POLICY)
    )
    assert (await face_of(database, person)).level is people.Level.FACE_TO_FACE


_phones = count(1)
choices = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(["right", "wrong name", "passport", "both", "phone", "number"])),
    min_size=1,
    max_size=8,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(choices=choices)
async def test_a_batch_answers_as_its_wishes_one_by_one(
    fresh_database: Database, choices: list[tuple[int, str]]
) -> None:
    def wishes() -> list[people.Registration]:
        cards = [next_number() for _ in range(4)]
        passports = [f"E{new_id().hex[-8:].upper()}" for _ in range(4)]
        made, phone = [], f"131{next(_phones):08}"
        for who, what in choices:
            card, passport = CARD("01", cards[who]), CARD("03", passports[who], "CHN")
            documents = {"passport": (passport,), "both": (card, passport)}.get(what, (card,))
            birth_date = people.read_registration(
                people.RegistrationForm("某", documents=(card,)), date(2026, 11, 23)
            ).birth_date
            made.append(
                checked(
                    name="别人" if what == "wrong name" else f"某{'甲乙丙丁'[who]}",
                    documents=documents,
                    birth_date=birth_date,
                    phone=phone if what == "phone" else None,
                    local_number="SHARED" if what == "number" else None,
                )
            )
        return made

    tight = people.Policy(persons_per_phone=2)
    together = told(await register_many(fresh_database, desk(), wishes(), tight))
    singly = told(await register_singly(fresh_database, desk(), wishes(), tight))
    assert together == singly
