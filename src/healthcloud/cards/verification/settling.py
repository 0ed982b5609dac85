"""Settling scans in one transaction: look and use, faces, the deed that seals the new uses, the refusals kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, TypeAlias
from uuid import UUID

from healthcloud import audit, people
from healthcloud.cards import deeds
from healthcloud.cards.uses.model import micros_of, parties, spelled
from healthcloud.cards.verification import store
from healthcloud.cards.verification.errors import (
    HolderDeceased,
    HolderWithdrawn,
    KeyRevokedMeanwhile,
    TerminalUnknown,
)
from healthcloud.cards.verification.model import Ask, Looked, Spot, numbered, refusal_of
from healthcloud.cards.verification.refusals import RefusalKeeper, Refused
from healthcloud.core.caller import SYSTEM, Caller, CallerKind
from healthcloud.core.crypto import sm3
from healthcloud.core.db import Transaction
from healthcloud.core.errors import Problem
from healthcloud.core.ids import new_id
from healthcloud_reader import STEP_SECONDS


class Taken(NamedTuple):
    """A scan that was taken: what was looked at, whom it shows, and whether it is a repeat."""

    looked: Looked
    seen: people.Seen
    repeat: bool


Outcome: TypeAlias = Taken | Problem


class HoldersGone(Exception):
    """Some holders have died or were withdrawn, and their cards have not heard of it: nothing may be used."""

    def __init__(self, held: dict[int, Problem]) -> None:
        super().__init__()
        self.held = held


class Settled(NamedTuple):
    """What became of the asks, in their order, and which refusals were written for their owners, and when."""

    outcomes: list[Outcome]
    refused: list[Refused]
    at: datetime


async def settle_rounds(
    tx: Transaction, asks: Sequence[Ask], rounds: Sequence[Sequence[int]], keeper: RefusalKeeper
) -> Settled:
    """Settle rounds of asks, given by their places; raise HoldersGone by place where some must be held instead."""
    found: dict[int, Outcome] = {}
    refused: list[Refused] = []
    for part in rounds:
        some = [asks[n] for n in part]
        try:
            outcomes = await settle(tx, some, keeper, refused)
        except HoldersGone as gone:
            raise HoldersGone({part[n]: problem for n, problem in gone.held.items()}) from None
        found |= zip(part, outcomes, strict=True)
    return Settled([found[n] for n in range(len(asks))], refused, tx.clock.now())


async def settle(tx: Transaction, asks: Sequence[Ask], keeper: RefusalKeeper, refused: list[Refused]) -> list[Outcome]:
    """Settle asks with different keys, in the order of their keys; note in `refused` what was written for owners."""
    now, batch_id = tx.clock.now(), new_id()
    looked = await store.check_and_use(tx, asks, numbered(asks), now, batch_id)
    problems = [refusal_of(ask, row, now) for ask, row in zip(asks, looked, strict=True)]
    good = [n for n, problem in enumerate(problems) if problem is None]
    seen = await _seen(tx, asks, looked, good)
    new = looked[0].written or []
    if new:
        await _seal(tx, asks, looked, sorted(new), now, batch_id)
    if len(good) < len(asks):
        await _keep_refusals(tx, asks, looked, problems, keeper, refused)
    fresh = set(new)
    return [
        Taken(looked[n], seen[n], n not in fresh) if problem is None else problem for n, problem in enumerate(problems)
    ]


async def _seen(
    tx: Transaction, asks: Sequence[Ask], looked: Sequence[Looked], good: Sequence[int]
) -> dict[int, people.Seen]:
    if not good:
        return {}
    persons = [_person(looked[n]) for n in good]
    found = await people.faces_at(tx, [asks[n].spot.institution_id for n in good], persons)
    seen: dict[int, people.Seen] = {}
    gone: dict[int, Problem] = {}
    for n, one in zip(good, found, strict=True):
        if one is not None and one.state is people.PersonState.ALIVE:
            seen[n] = one
        else:
            dead = one is not None and one.state is people.PersonState.DECEASED
            gone[n] = HolderDeceased() if dead else HolderWithdrawn()
    if gone:
        raise HoldersGone(gone)
    return seen


async def _seal(
    tx: Transaction,
    asks: Sequence[Ask],
    looked: Sequence[Looked],
    new: Sequence[int],
    now: datetime,
    batch_id: UUID,
) -> None:
    micros = micros_of(now)
    lines = []
    for n in new:
        ask, spot = asks[n], asks[n].spot
        lines.append(spelled(n, ask.card_id, (ask.step * STEP_SECONDS, ask.slot), spot.scene, micros))
        ids = spot.terminal_id, spot.institution_id, _person(looked[n]), spot.account_id
        lines.append(parties(ids, opened=spot.full))
    detail: audit.Detail = {"digest": sm3(b"".join(lines)).hex(), "uses": len(new), "used_at": micros}
    await audit.record(tx, SYSTEM, deeds.BATCH, batch_id, detail=detail)


async def _keep_refusals(
    tx: Transaction,
    asks: Sequence[Ask],
    looked: Sequence[Looked],
    problems: Sequence[Problem | None],
    keeper: RefusalKeeper,
    refused: list[Refused],
) -> None:
    """Write what the owners of these cards may read, one statement for each spot."""
    now = tx.clock.now().timestamp()
    entries: dict[Spot, list[audit.Entry]] = {}
    noted = set(refused)
    for ask, row, problem in zip(asks, looked, problems, strict=True):
        if problem is None or row.person_id is None or isinstance(problem, (KeyRevokedMeanwhile, TerminalUnknown)):
            continue
        key = ask.card_id, problem.code, ask.spot.institution_id
        if keeper.wants(key, now) and key not in noted:
            noted.add(key)
            refused.append(key)
            detail: audit.Detail = {"scene": ask.spot.scene}
            entry = audit.Entry(deeds.SCAN_REFUSED, row.person_id, "refused", problem.code, detail)
            entries.setdefault(ask.spot, []).append(entry)
    for spot, some in entries.items():
        await audit.record_many(tx, caller_of(spot), some)


def caller_of(spot: Spot) -> Caller:
    """Return who scanned, as the audit names them."""
    return Caller(
        CallerKind.STAFF if spot.key_id is None else CallerKind.CLIENT,
        spot.account_id,
        institution_id=spot.institution_id,
        terminal_id=spot.terminal_id,
    )


def _person(looked: Looked) -> UUID:
    if looked.person_id is None:
        message = "a code was taken without a card"
        raise AssertionError(message)
    return looked.person_id
