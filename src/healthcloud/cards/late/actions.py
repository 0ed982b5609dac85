"""
Keeping uses that were made with no network: exactly once, however often and by however many they are handed in.

Twice over it is one use: by its own key (card, minute, slot, terminal, step of treatment), and by the id the reader
gave its item. What an online scan would have refused for card, phone or replay is kept all the same, since the service
was given; it is marked, and its owner is told.
"""

from collections.abc import Mapping, Sequence

from healthcloud import audit
from healthcloud.cards import deeds
from healthcloud.cards.events import UseMarked
from healthcloud.cards.late import store
from healthcloud.cards.late.errors import LateItemReused
from healthcloud.cards.late.model import Claim, Key, LateAnswer, LateItem, Mark, Outcome, Stood, is_void, once_each
from healthcloud.cards.late.reading import read_items
from healthcloud.cards.uses.model import LateUse, late_digest_of, micros_of
from healthcloud.cards.verification.errors import CardUnknown
from healthcloud.cards.verification.settling import caller_of
from healthcloud.core.caller import SYSTEM, Caller
from healthcloud.core.db import Database, Transaction
from healthcloud.core.errors import Forbidden, Problem
from healthcloud.core.ids import new_id
from healthcloud.core.metrics import counter
from healthcloud.core.settings import Settings

VERIFY = "cards.verify"
LATE = counter("healthcloud_late_uses", "Uses told of late by what became of them: kept, repeat, refused.", "outcome")


async def keep_late_uses(
    database: Database, settings: Settings, caller: Caller, items: Sequence[LateItem]
) -> list[LateAnswer]:
    """
    Keep uses that the caller's institution made with no network (scope cards.verify); one answer an item, in order.

    Each code is proven again as of the minute it was scanned in. An item that is refused leaves the others alone;
    handed in again, after an answer that was lost, an item is a repeat.
    """
    caller.must(VERIFY)
    if caller.institution_id is None:
        raise Forbidden("this caller belongs to no institution")
    read = await read_items(database, settings, caller, items)
    claims = [one for one in read if isinstance(one, Claim)]
    found: dict[int, LateAnswer] = {}
    if claims:
        found = await database.transact(lambda tx: _keep(tx, caller, claims))
    answers = [
        found[id(one)] if isinstance(one, Claim) else _refused(item, one) for item, one in zip(items, read, strict=True)
    ]
    for answer in answers:
        LATE.labels(answer.outcome).inc()
    return answers


async def _keep(tx: Transaction, caller: Caller, claims: Sequence[Claim]) -> dict[int, LateAnswer]:
    """Return the answer of each claim, by its place in memory."""
    stood = dict(zip(map(id, claims), await store.stood(tx, claims), strict=True))
    known = [one for one in claims if stood[id(one)].person_id is not None]
    answers = {id(one): _refused(one.item, CardUnknown()) for one in claims if stood[id(one)].person_id is None}
    fresh, again = await _parted(tx, caller, known, answers)
    new = await _write(tx, fresh, stood)
    taken = [*fresh, *again]
    for claim, found in zip(taken, await store.marks_of(tx, taken), strict=True):
        outcome = Outcome.KEPT if id(claim) in new else Outcome.REPEAT
        mark = Mark(found.mark) if found.mark else None
        answers[id(claim)] = LateAnswer(claim.item.id, outcome, claim.use, mark)
    return answers


async def _parted(
    tx: Transaction, caller: Caller, claims: Sequence[Claim], answers: dict[int, LateAnswer]
) -> tuple[list[Claim], list[Claim]]:
    """Return the claims whose items were never handed in, and those that were; answer ids given to another item."""
    fresh: list[Claim] = []
    again: list[Claim] = []
    if caller.institution_id is None or not claims:
        return fresh, again
    now = tx.clock.now()
    first = {claim.item.id: claim for claim in reversed(claims)}
    known = {one.id: one for one in await store.claim_items(tx, caller.institution_id, list(first.values()), now)}
    for claim in claims:
        item = known[claim.item.id]
        if item.evidence != claim.item.evidence:
            answers[id(claim)] = _refused(claim.item, LateItemReused())
        elif first[claim.item.id] is claim and item.received_at == now:
            fresh.append(claim)
        else:
            again.append(claim)
    return fresh, again


async def _write(tx: Transaction, claims: Sequence[Claim], stood: Mapping[int, Stood]) -> set[int]:
    """Write the uses that are not there yet, with all that tells of them; return whose claims they are, by place."""
    if not claims:
        return set()
    first = once_each(claims)
    ours = await _bound(tx, first)
    uses = {claim.key: _use(tx, claim, stood[id(claim)], is_ours=ours[_code(claim)]) for claim in first}
    written = {tuple(one) for one in await store.add_uses(tx, list(uses.values()))}
    new = [claim for claim in first if uses[claim.key][:5] in written]
    await _tell(tx, new, uses)
    return {id(claim) for claim in new}


async def _bound(tx: Transaction, claims: Sequence[Claim]) -> Mapping[tuple[bytes, object, int], bool]:
    """Tell of each code whether it is this institution's from now on."""
    institution_id = claims[0].ask.spot.institution_id
    bound = await store.bind(tx, institution_id, claims)
    return {(one.card_id, one.step_at, one.slot): one.institution_id == institution_id for one in bound}


async def _tell(tx: Transaction, new: Sequence[Claim], uses: Mapping[Key, LateUse]) -> None:
    """Seal each use by a deed of its own, write the line its owner reads, and announce what is not as it should be."""
    lines: list[tuple[Caller, audit.Entry]] = []
    for claim in new:
        use = uses[claim.key]
        sealed: audit.Detail = {
            "digest": late_digest_of(use).hex(),
            "uses": 1,
            "used_at": micros_of(use.used_at),
            "received_at": micros_of(use.received_at),
        }
        lines.append((SYSTEM, audit.Entry(deeds.BATCH, use.batch_id, detail=sealed)))
        told: audit.Detail = {
            "scene": use.scene,
            "scanned_at": use.used_at.isoformat(),
            "mark": use.mark,
            "seen": claim.item.seen,
        }
        lines.append((caller_of(claim.ask.spot), audit.Entry(deeds.USED_LATE, use.person_id, detail=told)))
    await audit.record_each(tx, lines)
    marked = {(uses[claim.key].person_id, uses[claim.key].institution_id, uses[claim.key].mark) for claim in new}
    await tx.announce_many([UseMarked(*one[:2], one[2]) for one in sorted(marked, key=str) if one[2] is not None])


def _use(tx: Transaction, claim: Claim, stood: Stood, *, is_ours: bool) -> LateUse:
    ask, spot = claim.ask, claim.ask.spot
    if stood.person_id is None:
        message = "a use without a card"
        raise AssertionError(message)
    return LateUse(
        ask.card_id,
        claim.step_at,
        ask.slot,
        spot.terminal_id,
        spot.scene,
        spot.institution_id,
        stood.person_id,
        spot.account_id,
        opened=False,
        used_at=claim.item.scanned_at,
        batch_id=new_id(),
        position=0,
        received_at=tx.clock.now(),
        mark=Mark.VOID if is_void(stood) else None if is_ours else Mark.ELSEWHERE,
    )


def _code(claim: Claim) -> tuple[bytes, object, int]:
    return claim.ask.card_id, claim.step_at, claim.ask.slot


def _refused(item: LateItem, problem: Problem) -> LateAnswer:
    return LateAnswer(item.id, Outcome.REFUSED, problem=problem)
