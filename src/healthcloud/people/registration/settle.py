"""One round of registrations, no two of which ask for the same row: claim, look, decide, join, write."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from healthcloud.core.db import Transaction
from healthcloud.core.errors import Unavailable
from healthcloud.people.identities import store as identities
from healthcloud.people.model import FACE, Policy
from healthcloud.people.registration import store
from healthcloud.people.registration.claims import Case, in_lock_order
from healthcloud.people.registration.decisions import Acquaintance, Fresh, Refused, Same, Vanished, decide
from healthcloud.people.registration.joining import join, leave, with_what_was_given
from healthcloud.people.registration.writing import rows_of, update_of
from healthcloud.people.seen.model import Face, unpack

ATTEMPTS = 3


@dataclass(slots=True)
class Outcomes:
    """What became of a batch."""

    fresh: list[Fresh] = field(default_factory=list)
    same: list[Same] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


async def settle(tx: Transaction, cases: Sequence[Case], policy: Policy, outcomes: Outcomes) -> None:
    """
    Carry one round out.

    A person whom somebody else withdraws or corrects at the same moment is looked at again.
    """
    waiting, vain = list(cases), 0
    while waiting and vain < ATTEMPTS:
        before = len(waiting)
        waiting = await _attempt(tx, waiting, policy, outcomes)
        vain += len(waiting) == before
    outcomes.refused += [Refused(case, Unavailable(retry_after=1)) for case in waiting]


async def _attempt(tx: Transaction, cases: Sequence[Case], policy: Policy, outcomes: Outcomes) -> list[Case]:
    claimed = frozenset(await identities.claim(tx, in_lock_order(cases)))
    decided = await _decided(tx, cases, claimed)
    joining = [d for d in decided if isinstance(d, Fresh | Same)]
    given, refused = await join(tx, joining, policy)
    joining = [with_what_was_given(d, given) for d in joining]
    refused += [d for d in decided if isinstance(d, Refused)]
    lost = {one.case.place for one in refused}
    stale = await _update_known(tx, [d for d in joining if isinstance(d, Same) and d.case.place not in lost])
    again = stale + [d.case for d in decided if isinstance(d, Vanished)]
    lost |= {case.place for case in again}
    await _release(tx, claimed, [*(one.case for one in refused), *again])
    await leave(tx, given, [d for d in joining if d.case.place in lost])
    kept = [d for d in joining if d.case.place not in lost]
    rows = rows_of(tx.vault, kept, given)
    if rows:
        await store.add_rows(tx, rows, tx.clock.now())
    outcomes.fresh += [d for d in kept if isinstance(d, Fresh)]
    outcomes.same += [d for d in kept if isinstance(d, Same)]
    outcomes.refused += refused
    return again


async def _decided(
    tx: Transaction, cases: Sequence[Case], claimed: frozenset[bytes]
) -> list[Fresh | Same | Refused | Vanished]:
    lost = [claim.fingerprint for case in cases for claim in case.claims if claim.fingerprint not in claimed]
    owners = {owner.fingerprint: owner for owner in await identities.owners(tx, lost)} if lost else {}
    persons = await acquaintances(tx, {owner.person_id for owner in owners.values()})
    return _one_each([decide(case, claimed, owners, persons) for case in cases])


def _one_each(decisions: list[Fresh | Same | Refused | Vanished]) -> list[Fresh | Same | Refused | Vanished]:
    """Have a second registration of one person, by another document, wait until the first is written."""
    met: set[UUID] = set()
    told: list[Fresh | Same | Refused | Vanished] = []
    for decision in decisions:
        known = decision.person.person_id if isinstance(decision, Same) else None
        told.append(Vanished(decision.case) if known in met else decision)
        if known is not None:
            met.add(known)
    return told


async def acquaintances(tx: Transaction, person_ids: set[UUID]) -> dict[UUID, Acquaintance]:
    """Return whom each of these persons resolves to, faces opened."""
    rows = await store.known(tx, sorted(person_ids)) if person_ids else []
    opened: dict[UUID, Face] = {}
    for row in rows:
        if row.canonical_id not in opened:
            opened[row.canonical_id] = unpack(tx.vault.open(FACE, row.canonical_id.bytes, row.face_sealed))
    return {
        row.person_id: Acquaintance(row.canonical_id, row.state, row.level, row.version, opened[row.canonical_id])
        for row in rows
    }


async def _update_known(tx: Transaction, same: Sequence[Same]) -> list[Case]:
    """Fill in what is missing of known persons; return the cases of those who changed meanwhile."""
    changing = [d for d in same if d.changes_person]
    updates = sorted((update_of(tx.vault, d) for d in changing), key=lambda update: update.person_id)
    updated = set(await store.update_faces(tx, updates)) if updates else set()
    stale = [d.case for d in changing if d.person.person_id not in updated]
    places = {case.place for case in stale}
    handed_over = [claim for d in same if d.case.place not in places for claim in d.handed_over]
    if handed_over:
        await identities.hand_over(tx, handed_over)
    return stale


async def _release(tx: Transaction, claimed: frozenset[bytes], cases: Sequence[Case]) -> None:
    given_back = [claim.fingerprint for case in cases for claim in case.claims if claim.fingerprint in claimed]
    if given_back:
        await identities.release(tx, given_back)
