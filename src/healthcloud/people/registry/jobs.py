"""Checking later what could not be checked at once."""

from datetime import timedelta
from uuid import UUID

from healthcloud import audit
from healthcloud.core.background import Body, JobKind, enqueue
from healthcloud.core.caller import SYSTEM
from healthcloud.core.db import Database, Transaction
from healthcloud.core.ids import new_id
from healthcloud.people import deeds
from healthcloud.people import store as persons
from healthcloud.people.errors import RegistryUnavailable
from healthcloud.people.events import PersonDoubted, PersonVerified
from healthcloud.people.model import FACE, Level, PersonState
from healthcloud.people.numbers.model import looks_like_resident_number
from healthcloud.people.registration.actions import RECHECK
from healthcloud.people.registry.checks import METHOD
from healthcloud.people.registry.ports import Claim, PopulationRegistry, Verdict
from healthcloud.people.seen.model import unpack
from healthcloud.people.store import VerificationLine

FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=2), timedelta(hours=2)


def recheck_kind(registry: PopulationRegistry | None) -> JobKind:
    """
    Return the kind of job that asks the registry about one person, `{"person_id": …}`.

    While the registry is down the job comes back later and later, up to two hours, and never dies of it.
    """

    async def recheck(database: Database, body: Body) -> None:
        person_id = UUID(body["person_id"])
        async with database.read() as read:
            row = await persons.person(read, person_id)
        if registry is None or row is None or row.state == PersonState.WITHDRAWN:
            return
        face = unpack(database.vault.open(FACE, row.id.bytes, row.face_sealed))
        if not looks_like_resident_number(face.document_number):
            return
        try:
            verdict = await registry.check(Claim(face.name, face.document_kind, face.document_number))
        except RegistryUnavailable:
            await database.transact(lambda tx: _later(tx, person_id, int(body.get("tries", 0)) + 1))
            return
        await database.transact(lambda tx: _record(tx, row, verdict))

    return JobKind(RECHECK, outside=recheck)


async def _later(tx: Transaction, person_id: UUID, tries: int) -> None:
    wait = min(FIRST_WAIT * 2 ** min(tries - 1, 10), LONGEST_WAIT)
    body: Body = {"person_id": str(person_id), "tries": tries}
    await enqueue(tx, RECHECK, body, due_at=tx.clock.now() + wait)


async def _record(tx: Transaction, row: persons.PersonRow, verdict: Verdict) -> None:
    matched = verdict is Verdict.MATCH
    level = max(row.level, Level.REGISTRY) if matched else row.level
    if not await persons.raise_level(tx, row.id, row.version, level):
        # Corrected while the registry was asked: what it said is about somebody else's data now.
        await enqueue(tx, RECHECK, {"person_id": str(row.id)})
        return
    outcome = "passed" if matched else verdict.value
    line = VerificationLine(new_id(), level, METHOD, outcome, tx.clock.now())
    await persons.add_verification(tx, row.id, line, SYSTEM.account_id, None)
    if not matched:
        await audit.record(tx, SYSTEM, deeds.DOUBTED, row.id, detail={"outcome": outcome})
        await tx.announce(PersonDoubted(row.id, outcome))
        return
    await audit.record(tx, SYSTEM, deeds.VERIFIED, row.id, detail={"level": level, "before": row.level})
    if level > row.level:
        await tx.announce(PersonVerified(row.id, level))
