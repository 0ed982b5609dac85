"""The two hot endpoints: who asks, where, what was scanned; then the verifier, then the answer. No model, no router."""

import time
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID

import msgspec

from healthcloud.cards.uses.model import PRINTED_SLOT
from healthcloud.cards.verification import errors
from healthcloud.cards.verification.answers import BatchVerified, BatchWish, Refused, Verified, VerifyWish, verified
from healthcloud.cards.verification.desks import Desk, Desks
from healthcloud.cards.verification.intake import Intake, institution_of
from healthcloud.cards.verification.model import Ask
from healthcloud.cards.verification.settling import Outcome, Taken
from healthcloud.cards.verification.verifier import Verifier
from healthcloud.core.caller import Authenticator, Caller, CallerKind, Credentials
from healthcloud.core.db import Database
from healthcloud.core.errors import Forbidden, Problem, Unauthenticated
from healthcloud.core.http import decoded
from healthcloud.core.metrics import counter
from healthcloud.core.settings import Settings

SCOPE = "cards.verify"
SCANS = counter("healthcloud_scans", "Scans by what became of them: taken, repeat, or the problem's code.", "outcome")
_TAKEN, _REPEAT = SCANS.labels("taken"), SCANS.labels("repeat")
_ENCODER = msgspec.json.Encoder()
_WISH = msgspec.json.Decoder(VerifyWish)
_BATCH = msgspec.json.Decoder(BatchWish)


class Place(NamedTuple):
    """Who scans, for which institution, at which terminal and step."""

    caller: Caller
    institution_id: UUID
    desk: Desk


class VerifyEdge:
    """Handlers for core.http's HotEndpoint; `fast` returns the caller of a signed request without waiting, or None."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        authenticator: Authenticator,
        fast: Callable[[Credentials], Caller | None],
    ) -> None:
        self._database = database
        self._authenticator = authenticator
        self._fast = fast
        self._desks = Desks(database)
        self._intake = Intake(database.vault, settings.code_window_steps)
        self._verifier = Verifier(database, settings)

    async def close(self) -> None:
        """Finish what waits."""
        await self._verifier.close()

    async def verify(self, credentials: Credentials) -> bytes:
        """Answer POST /api/v1/cards/verify."""
        started = time.perf_counter()
        caller = await self._caller(credentials)
        wish = decoded(_WISH, credentials.body)
        place = await self._place(caller, wish.terminal, wish.scene)
        now = self._database.clock.now().timestamp()
        try:
            ask = self._intake.read(wish.code, caller, place.institution_id, place.desk, now)
            if ask.slot == PRINTED_SLOT:
                outcome: Outcome = await self._verifier.take_printed(ask, wish.second_fact)
            else:
                outcome = await self._verifier.settle(ask)
            answer = self._answered(ask, outcome, started)
        except Problem as problem:
            SCANS.labels(problem.code).inc()
            raise
        (_REPEAT if answer.use.repeat else _TAKEN).inc()
        return _ENCODER.encode(answer)

    async def verify_batch(self, credentials: Credentials) -> bytes:
        """Answer POST /api/v1/cards/verify-batch: 200 with a result for each code, in their order."""
        started = time.perf_counter()
        caller = await self._caller(credentials)
        wish = decoded(_BATCH, credentials.body)
        place = await self._place(caller, wish.terminal, wish.scene)
        now = self._database.clock.now().timestamp()
        read = [self._read_one(code, place, now) for code in wish.codes]
        asks = [ask for ask in read if isinstance(ask, Ask)]
        outcomes = iter(await self._verifier.settle_many(asks, caller.account_id) if asks else ())
        counts: Counter[str] = Counter()
        results: list[Verified | Refused] = []
        for ask in read:
            outcome = next(outcomes) if isinstance(ask, Ask) else ask
            if isinstance(ask, Ask) and isinstance(outcome, Taken):
                results.append(self._answered(ask, outcome, started))
                counts["repeat" if outcome.repeat else "taken"] += 1
            elif isinstance(outcome, Problem):
                results.append(Refused(msgspec.Raw(_ENCODER.encode(outcome.body()))))
                counts[outcome.code] += 1
        for kind, count in counts.items():
            SCANS.labels(kind).inc(count)
        return _ENCODER.encode(BatchVerified(results))

    def _read_one(self, code: str, place: Place, now: float) -> Ask | Problem:
        try:
            ask = self._intake.read(code, place.caller, place.institution_id, place.desk, now)
        except Problem as problem:
            return problem
        if ask.slot == PRINTED_SLOT:
            return errors.SecondFactRequired("printed codes are verified one by one")
        return ask

    def _answered(self, ask: Ask, outcome: Outcome, started: float) -> Verified:
        """Return the answer, or raise the problem."""
        if not isinstance(outcome, Taken):
            raise outcome
        return verified(
            ask,
            outcome.looked,
            outcome.seen,
            repeat=outcome.repeat,
            now=self._database.clock.now(),
            took_ms=round((time.perf_counter() - started) * 1000, 2),
        )

    async def _caller(self, credentials: Credentials) -> Caller:
        caller = self._fast(credentials) or await self._authenticator.authenticate(credentials)
        if SCOPE not in caller.scopes:
            if caller.kind is CallerKind.GUEST:
                raise Unauthenticated
            raise Forbidden(scope=SCOPE)
        return caller

    async def _place(self, caller: Caller, named: str | None, scene: str | None) -> Place:
        """Tell where this is scanned: a client says so, or has one terminal; a browser is bound to one."""
        institution_id = institution_of(caller)
        terminal = named or ""
        if caller.kind is not CallerKind.CLIENT:
            if caller.terminal_id is None:
                raise errors.TerminalUnbound
            terminal = str(caller.terminal_id)
        desk = self._desks.known(caller, institution_id, terminal, scene)
        if desk is None:
            desk = await self._desks.find(caller, institution_id, terminal, scene)
        return Place(caller, institution_id, desk)
