"""A printed code or a bare card id: good only with a second fact, which the rule of the step names."""

import unicodedata
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import NamedTuple
from uuid import UUID

from healthcloud import audit, people
from healthcloud.cards import deeds
from healthcloud.cards.uses.model import PRINTED_SLOT, Use, digest_of, micros_of
from healthcloud.cards.verification import store
from healthcloud.cards.verification.answers import SecondFact
from healthcloud.cards.verification.errors import (
    CardUnknown,
    HolderDeceased,
    HolderWithdrawn,
    SecondFactLocked,
    SecondFactRequired,
    SecondFactWrong,
)
from healthcloud.cards.verification.model import Ask, standing_refusal
from healthcloud.cards.verification.refusals import RefusalKeeper
from healthcloud.cards.verification.settling import Taken, caller_of
from healthcloud.core.db import Transaction
from healthcloud.core.errors import Problem
from healthcloud.core.ids import new_id
from healthcloud_reader import step_start

LAST_DIGITS = 4
LOCKED_FOR = timedelta(hours=1)
NOBODYS_RULE = ["face"]


class PrintedScan(NamedTuple):
    """A scan without a token, with the second fact offered, and how many wrong ones an hour are let pass."""

    ask: Ask
    fact: SecondFact | None
    tries: int


async def take_printed(tx: Transaction, scan: PrintedScan, keeper: RefusalKeeper) -> Taken:
    """
    Use a printed code; raise what it is refused with.

    Each minute is a use of its own; a second scan within it at the same terminal and step is a repeat. Another
    institution is no replay: paper can be in one place only, but it shows no minute.
    """
    ask, now = scan.ask, tx.clock.now()
    only_look = ask._replace(held=SecondFactRequired())
    [looked] = await store.check_and_use(tx, [only_look], {ask.spot: 1}, now, new_id())
    problem = standing_refusal(ask, looked, now)
    if problem is not None or looked.person_id is None:
        raise _refused(tx, scan, looked.person_id, problem or CardUnknown(), keeper)
    seen = (await people.faces_at(tx, [ask.spot.institution_id], [looked.person_id]))[0]
    if seen is None or seen.state is not people.PersonState.ALIVE:
        dead = seen is not None and seen.state is people.PersonState.DECEASED
        raise _refused(tx, scan, looked.person_id, HolderDeceased() if dead else HolderWithdrawn(), keeper)
    await _check_fact(tx, scan, seen, now, keeper)
    use = _use(ask, looked.person_id, now)
    is_new = await store.add_use(tx, use)
    if is_new:
        fact = scan.fact.kind if scan.fact else None
        detail: audit.Detail = {
            "digest": digest_of([use]).hex(),
            "uses": 1,
            "used_at": micros_of(now),
            "second_fact": fact,
        }
        await audit.record(tx, caller_of(ask.spot), deeds.BATCH, use.batch_id, detail=detail)
    return Taken(looked, seen, not is_new)


def _use(ask: Ask, person_id: UUID, now: datetime) -> Use:
    spot = ask.spot
    return Use(
        ask.card_id,
        step_start(ask.step),
        PRINTED_SLOT,
        spot.terminal_id,
        spot.scene,
        spot.institution_id,
        person_id,
        spot.account_id,
        spot.full,
        now,
        new_id(),
        0,
    )


async def _check_fact(
    tx: Transaction, scan: PrintedScan, seen: people.Seen, now: datetime, keeper: RefusalKeeper
) -> None:
    """Raise unless the fact offered is one the step's rule takes, and is the holder's."""
    rule = await store.facts_for(tx, scan.ask.spot.scene) or NOBODYS_RULE
    facts = [fact for fact in rule if fact != "last-digits" or len(seen.face.document_number) > LAST_DIGITS]
    if scan.fact is None or scan.fact.kind not in facts:
        raise SecondFactRequired(facts=" ".join(sorted(facts)))
    if (await store.wrong_facts(tx, scan.ask.card_id, now - LOCKED_FOR) or 0) >= scan.tries:
        raise _refused(tx, scan, seen.person_id, SecondFactLocked(retry_after=int(LOCKED_FOR.total_seconds())), keeper)
    if not is_right(scan.fact, seen.face):
        ask = scan.ask
        tx.if_refused(lambda after: store.count_wrong_fact(after, ask.card_id, now, now - LOCKED_FOR))
        audit.refuse(tx, caller_of(ask.spot), deeds.SCAN_REFUSED, seen.person_id, reason=SecondFactWrong.code)
        raise SecondFactWrong


def is_right(fact: SecondFact, face: people.Face) -> bool:
    """Tell whether a second fact is this person's; a face was compared by whoever stands at the terminal."""
    if fact.kind == "face":
        return fact.value is None
    if fact.kind == "name":
        return compare_digest(_folded(fact.value or ""), _folded(face.name))
    return compare_digest(_folded(fact.value or ""), _folded(face.document_number[-LAST_DIGITS:]))


def _folded(text: str) -> bytes:
    """Fold what people type differently: width, case, spaces and the dot in a name."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in folded if character.isalnum()).encode()


def _refused(
    tx: Transaction, scan: PrintedScan, person_id: UUID | None, problem: Problem, keeper: RefusalKeeper
) -> Problem:
    """Have the refusal written for the card's owner, if there is one, and return it to be raised."""
    ask, now = scan.ask, tx.clock.now().timestamp()
    key = ask.card_id, problem.code, ask.spot.institution_id
    if person_id is not None and keeper.wants(key, now):
        keeper.kept(key, now)
        audit.refuse(tx, caller_of(ask.spot), deeds.SCAN_REFUSED, person_id, reason=problem.code)
    return problem
