"""The two hot endpoints: who asks, where, what was scanned; then the verifier, then the answer. No model, no router."""

import time
from collections import Counter
from collections.abc import Callable

import msgspec

from healthcloud.cards.uses.model import PRINTED_SLOT
from healthcloud.cards.verification import errors
from healthcloud.cards.verification.answers import BatchVerified, BatchWish, Refused, Verified, VerifyWish, verified
from healthcloud.cards.verification.intake import Intake
from healthcloud.cards.verification.model import Ask, Spot
from healthcloud.cards.verification.settling import Outcome, Taken
from healthcloud.cards.verification.spots import Spots
from healthcloud.cards.verification.verifier import Verifier
from healthcloud.core.caller import Authenticator, Caller, CallerKind, Credentials
from healthcloud.core.db import Database
from healthcloud.core.errors import Forbidden, Problem, Unauthenticated
from healthcloud.core.http import decoded
from healthcloud.core.metrics import counter
from healthcloud.core.settings import Settings
from healthcloud.core.tallies import Tally

SCOPE = "cards.verify"
SCANS = counter("healthcloud_scans", "Scans by what became of them: taken, repeat, or the problem's code.", "outcome")
_TAKEN, _REPEAT = Tally(SCANS.labels("taken")), Tally(SCANS.labels("repeat"))
_ENCODER = msgspec.json.Encoder()
_WISH = msgspec.json.Decoder(VerifyWish)
_BATCH = msgspec.json.Decoder(BatchWish)


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
        self._spots = Spots(database)
        self._intake = Intake(database.vault, settings.code_window_steps)
        self._verifier = Verifier(database, settings)
        self.is_full, self.bulk_is_full = self._verifier.is_full, self._verifier.bulk_is_full
        self.waiting_share = self._verifier.waiting_share

    async def close(self) -> None:
        """Finish what waits."""
        await self._verifier.close()

    async def verify(self, credentials: Credentials) -> bytes:
        """Answer POST /api/v1/cards/verify."""
        started = time.perf_counter()
        caller = await self._caller(credentials)
        return _ENCODER.encode(await self._scanned(caller, decoded(_WISH, credentials.body), started))

    async def scan(self, caller: Caller, wish: VerifyWish) -> Verified:
        """Answer one scan of a caller who is proven already, as faces do; raise what it is refused with."""
        _must_scan(caller)
        return await self._scanned(caller, wish, time.perf_counter())

    async def _scanned(self, caller: Caller, wish: VerifyWish, started: float) -> Verified:
        spot = await self._spots.spot(caller, wish.terminal, wish.scene)
        now = self._database.clock.now().timestamp()
        try:
            ask = self._intake.read(wish.code, spot, now)
            if ask.slot == PRINTED_SLOT:
                outcome: Outcome = await self._verifier.take_printed(ask, wish.second_fact)
            else:
                outcome = await self._verifier.settle(ask)
            answer = self._answered(ask, outcome, started)
        except Problem as problem:
            SCANS.labels(problem.code).inc()
            raise
        (_REPEAT if answer.use.repeat else _TAKEN).inc()
        return answer

    async def verify_batch(self, credentials: Credentials) -> bytes:
        """Answer POST /api/v1/cards/verify-batch: 200 with a result for each code, in their order."""
        started = time.perf_counter()
        caller = await self._caller(credentials)
        wish = decoded(_BATCH, credentials.body)
        spot = await self._spots.spot(caller, wish.terminal, wish.scene)
        now = self._database.clock.now().timestamp()
        read = [self._read_one(code, spot, now) for code in wish.codes]
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

    def _read_one(self, code: str, spot: Spot, now: float) -> Ask | Problem:
        try:
            ask = self._intake.read(code, spot, now)
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
        if caller.kind is CallerKind.CLIENT:
            credentials.proven.client = caller
        _must_scan(caller)
        return caller


def _must_scan(caller: Caller) -> None:
    if SCOPE not in caller.scopes:
        if caller.kind is CallerKind.GUEST:
            raise Unauthenticated
        raise Forbidden(scope=SCOPE)
