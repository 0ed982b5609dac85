"""Carry several gathered requests out once each, in one transaction, by a handful of statements."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from healthcloud.core.caller import Caller
from healthcloud.core.db import Transaction
from healthcloud.core.errors import Problem, Unavailable
from healthcloud.core.idempotency import store
from healthcloud.core.idempotency.actions import answer_again, to_json
from healthcloud.core.idempotency.model import FINGERPRINT, KEPT_FOR, SEAL, Answer, digest_of, row_of


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that carries an idempotency key; `place` is the tuple by which everybody claims in one order."""

    caller: Caller
    route: str
    key: str
    body: bytes
    target: str = ""

    @property
    def place(self) -> tuple[UUID, str, str]:
        """The key of its stored answer."""
        return self.caller.account_id, self.route, self.key


# Takes the places of the requests to be carried out; returns a result or a Problem for each.
Act: TypeAlias = Callable[[Transaction, Sequence[int]], Awaitable[Sequence[object]]]


async def once_each(tx: Transaction, asked: Sequence[Asked], act: Act, *, status: int = 201) -> list[Answer | Problem]:
    """
    Run `act` for the requests that were not carried out before and answer the others alike; see `once`.

    The requests have different keys and come sorted by `place`, so that two batches never wait for each other. What
    `act` answers with a Problem is not stored, and what was done for the others commits.
    """
    digests = [digest_of(one.caller.on_behalf_of, one.target, one.body) for one in asked]
    prints = [tx.vault.fingerprints(FINGERPRINT, digest) for digest in digests]
    callers, routes, keys = (list(column) for column in zip(*(one.place for one in asked), strict=True))
    now = tx.clock.now()
    hashes = [some[0] for some in prints]
    fresh = sorted(
        place - 1 for place in await store.claim_each(tx, callers, routes, keys, hashes, now, now + KEPT_FOR)
    )
    answers: dict[int, Answer | Problem] = {}
    for place in set(range(len(asked))) - set(fresh):
        answers[place] = await _again(tx, asked[place], prints[place])
    if fresh:
        answers |= await _carry_out(tx, asked, fresh, act, status)
    return [answers[place] for place in range(len(asked))]


async def _again(tx: Transaction, one: Asked, fingerprints: tuple[bytes, ...]) -> Answer | Problem:
    found = await store.kept(tx, *one.place)
    if found is None:  # purged between the lost claim and the reading
        return Unavailable(retry_after=1)
    try:
        return answer_again(tx, row_of(*one.place), fingerprints, found)
    except Problem as problem:
        return problem


async def _carry_out(
    tx: Transaction, asked: Sequence[Asked], fresh: Sequence[int], act: Act, status: int
) -> dict[int, Answer | Problem]:
    results = dict(zip(fresh, await act(tx, fresh), strict=True))
    refused = [place for place, result in results.items() if isinstance(result, Problem)]
    done = [place for place in fresh if place not in refused]
    bodies = {place: to_json(results[place]) for place in done}
    if refused:
        await store.release_each(tx, *_columns(asked, refused))
    if done:
        sealed = [tx.vault.seal(SEAL, row_of(*asked[place].place), bodies[place]) for place in done]
        callers, routes, keys = _columns(asked, done)
        await store.keep_each(tx, callers, routes, keys, status, sealed)
    answers: dict[int, Answer | Problem] = {place: Answer(status, body) for place, body in bodies.items()}
    return answers | {place: result for place, result in results.items() if isinstance(result, Problem)}


def _columns(asked: Sequence[Asked], places: Sequence[int]) -> tuple[list[UUID], list[str], list[str]]:
    some = [asked[place].place for place in places]
    return [one[0] for one in some], [one[1] for one in some], [one[2] for one in some]
