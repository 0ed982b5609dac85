"""Placing: each record that waits is put with one person, or people are asked; nobody's person is ever taken away."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from uuid import UUID

from healthcloud import cards, people
from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.db import Database, Transaction
from healthcloud.core.errors import Problem
from healthcloud.index.golden.actions import follow_later
from healthcloud.index.learning.reads import live_model
from healthcloud.index.matching import SAME_NUMBER
from healthcloud.index.model import CITY
from healthcloud.index.placing.deciding import CHANGED, NO_REASON, Because, Plan, because, is_certain, plan
from healthcloud.index.placing.looking import Scene, look
from healthcloud.index.placing.making import document_form, registration_of
from healthcloud.index.questions.asking import ask
from healthcloud.index.questions.model import Kind, NewQuestion
from healthcloud.index.records import store
from healthcloud.index.records.model import Outcome, Placed, RecordState
from healthcloud.index.records.store import RecordRow, Settled

AT_ONCE = 250
USUAL_POLICY = people.Policy()
FROM_RECORDS = people.Verification(people.Level.DECLARED, "index")


async def place(database: Database, record_ids: Sequence[UUID], policy: people.Policy = USUAL_POLICY) -> list[Placed]:
    """
    Put records that wait with their persons, some a transaction; what is placed already is left alone.

    It may be repeated, and by several at once: whoever looks second sees what the first has done.
    """
    placed: list[Placed] = []
    for at in range(0, len(record_ids), AT_ONCE):
        portion = partial(place_in, record_ids=record_ids[at : at + AT_ONCE], policy=policy)
        placed += await database.transact(portion)
    return placed


async def place_in(tx: Transaction, record_ids: Sequence[UUID], policy: people.Policy = USUAL_POLICY) -> list[Placed]:
    """Place records within a transaction; those it waits for were committed before."""
    scene = await look(tx, record_ids, await live_model(tx))
    if not scene.own:
        return []
    named = {row.person_id for row in scene.rows.values() if row.person_id is not None} | set(scene.owners.values())
    whose = await people.resolved(tx, named)
    gone = people.PersonState.WITHDRAWN
    made = plan(scene, {one: found.person_id for one, found in whose.items() if found.state is not gone})
    work = _Work(tx, scene, made, policy)
    await work.make()
    await work.link_numbers()
    await work.prepare_cards({found.person_id for found in whose.values() if found.state is people.PersonState.ALIVE})
    await work.settle()
    questions = await ask(tx, made.questions, scene.core)
    return work.answers(dict(zip((frozenset(one.record_ids) for one in made.questions), questions, strict=True)))


class _Work:
    """One scene being carried out."""

    def __init__(self, tx: Transaction, scene: Scene, made: Plan, policy: people.Policy) -> None:
        self._tx = tx
        self._scene = scene
        self._plan = made
        self._policy = policy
        self._persons = dict(made.joins)
        self._new: set[UUID] = set()  # records persons were made from now
        self._made: set[UUID] = set()  # those and the others of the same persons
        self._by_number: set[UUID] = set()  # records whose document was a person's already

    async def make(self) -> None:
        """Register whoever is not known yet; whose document is another's is asked about."""
        groups = self._plan.makes
        if not groups:
            return
        asks = [
            people.Ask(
                self._caller(group[0]),
                people.Wish(registration_of(self._scene.made[group[0]]), FROM_RECORDS, from_records=True),
            )
            for group in groups
        ]
        for group, answer in zip(groups, await people.register_many(self._tx, asks, self._policy), strict=True):
            if isinstance(answer, Problem):
                await self._refused(group, answer)
            else:
                if answer.created:
                    self._new.add(group[0])
                    self._made |= set(group)
                else:
                    self._by_number |= set(group)
                self._persons |= dict.fromkeys(group, answer.person_id)

    async def _refused(self, group: Sequence[UUID], problem: Problem) -> None:
        if problem.status >= 500:  # noqa: PLR2004 - the platform's, not the record's: all is tried again
            raise problem
        form = document_form(self._scene.made[group[0]])
        owner = await people.find_by_document(self._tx, self._caller(group[0]), form)
        self._conflict(group, {owner.person_id})

    def _conflict(self, record_ids: Sequence[UUID], persons: set[UUID]) -> None:
        self._plan.reviews |= set(record_ids)
        rows = [self._scene.rows[one] for one in record_ids]
        question = NewQuestion(Kind.CONFLICT, tuple(sorted(record_ids)), tuple(sorted(persons)), 0.0, rows[0].source_id)
        self._plan.questions.append(question)

    async def link_numbers(self) -> None:
        """Have each institution's local numbers lead to the persons its records are placed with."""
        by_source: dict[UUID, dict[str, UUID]] = {}
        for record_id in self._persons:
            row = self._scene.rows[record_id]
            if row.source_id != CITY and record_id not in self._plan.stays:
                by_source.setdefault(row.source_id, {})[row.number] = record_id
        for source_id, numbers in sorted(by_source.items()):
            wanted = {number: self._persons[record_id] for number, record_id in numbers.items()}
            caller = self._caller(next(iter(numbers.values())))
            taken = await people.patient_numbers.link_numbers(self._tx, caller, source_id, wanted)
            for number, owner in taken.items():
                record_id = numbers[number]
                self._conflict((record_id,), {owner, wanted[number]})
                del self._persons[record_id]

    async def prepare_cards(self, alive: set[UUID]) -> None:
        """Make cards ahead for those whose document is sound and theirs (status 4)."""
        documented = await self._documented(alive)
        by_caller: dict[UUID, set[UUID]] = {}
        for record_id, person_id in self._persons.items():
            row = self._scene.rows[record_id]
            fit = record_id in self._made or record_id in self._by_number
            fit = fit or (person_id in documented and self._why(record_id)[0] == SAME_NUMBER)
            if fit and row.source_id != CITY and is_certain(self._scene, record_id):
                by_caller.setdefault(record_id, set()).add(person_id)
        given: set[UUID] = set()
        for source_id in sorted({self._scene.rows[one].source_id for one in by_caller}):
            mine = [one for one in by_caller if self._scene.rows[one].source_id == source_id]
            persons = {person for one in mine for person in by_caller[one]} - given
            await cards.prepare_many(self._tx, self._caller(mine[0]), persons)
            given |= persons

    async def _documented(self, alive: set[UUID]) -> set[UUID]:
        """Return those joined by number who have a document themselves: two records may share one that is nobody's."""
        joined = {person for one, person in self._persons.items() if self._why(one)[0] == SAME_NUMBER} & alive
        seen = await people.faces(self._tx, None, joined) if joined else {}
        return {one for one, found in seen.items() if found.face.document_number}

    async def settle(self) -> None:
        """Write where each record is."""
        settled = [
            Settled(row.id, row.version, state, person_id, outcome, *self._why(row.id))
            for row in map(self._scene.rows.__getitem__, self._scene.own)
            for state, person_id, outcome in (self._where(row),)
        ]
        placed = {one.id: one.person_id for one in settled if one.person_id is not None}
        await store.settle(self._tx, settled, self._scene.model.version, self._tx.clock.now())
        if placed:
            await store.add_members(self._tx, list(placed.values()), list(placed))
            await follow_later(self._tx, self._told_of(placed))

    def _told_of(self, placed: Mapping[UUID, UUID]) -> set[UUID]:
        """Return the persons of whom an institution says something beside what made them."""
        brought = [one for one in placed if self._scene.rows[one].source_id != CITY]
        records = Counter(placed[one] for one in brought)
        return {placed[one] for one in brought if one not in self._new or records[placed[one]] > 1}

    def _where(self, row: RecordRow) -> tuple[RecordState, UUID | None, Outcome]:
        if row.id in self._plan.stays:
            outcome = Outcome.NEW if row.outcome == Outcome.NEW else Outcome.LINKED
            return RecordState.PLACED, row.person_id, outcome
        person_id = self._persons.get(row.id)
        if person_id is None:
            return RecordState.REVIEW, None, Outcome.REVIEW
        return RecordState.PLACED, person_id, Outcome.NEW if row.id in self._new else Outcome.LINKED

    def _why(self, record_id: UUID) -> Because:
        if record_id in self._plan.changed:
            return CHANGED, None
        if record_id in self._by_number:
            return SAME_NUMBER, None
        return NO_REASON if record_id in self._new else because(self._scene, record_id)

    def answers(self, questions: Mapping[frozenset[UUID], UUID]) -> list[Placed]:
        """Return what became of each record."""
        asked = {one: question for records, question in questions.items() for one in records}
        return [
            Placed(record_id, outcome, person_id, *self._why(record_id), asked.get(record_id))
            for record_id in self._scene.own
            for _, person_id, outcome in (self._where(self._scene.rows[record_id]),)
        ]

    def _caller(self, record_id: UUID) -> Caller:
        """Return the software itself, at work for whoever handed the record in."""
        row = self._scene.rows[record_id]
        institution_id = None if row.source_id == CITY else row.source_id
        return Caller(CallerKind.SYSTEM, row.received_by, institution_id=institution_id)
