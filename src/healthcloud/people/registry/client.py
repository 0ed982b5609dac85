"""A population registry (core.partner), signed both ways: `POST /v1/check {name, kind, number}` gives `{verdict}`."""

from time import monotonic

import httpx
import msgspec

from healthcloud.core.partner import Partner, PartnerAway
from healthcloud.people.errors import RegistryUnavailable
from healthcloud.people.registry.ports import Claim, Verdict

PATH = "/v1/check"
FAILURES_TO_PAUSE, PAUSE_SECONDS = 3, 10.0


class _Answer(msgspec.Struct, frozen=True):
    verdict: Verdict


class HttpRegistry(Partner):
    """
    `PopulationRegistry` over HTTP.

    After three failures in a row nobody is made to wait for it for ten seconds: a counter must go on working.
    """

    _failures = 0
    _paused_until = 0.0

    async def check(self, claim: Claim) -> Verdict:
        """Ask; see PopulationRegistry."""
        if monotonic() < self._paused_until:
            raise RegistryUnavailable("paused after failures")
        try:
            verdict = await self._ask(claim)
        except RegistryUnavailable:
            self._failures += 1
            if self._failures >= FAILURES_TO_PAUSE:
                self._paused_until = monotonic() + PAUSE_SECONDS
            raise
        self._failures = 0
        return verdict

    async def _ask(self, claim: Claim) -> Verdict:
        try:
            answer = await self.post(PATH, {"name": claim.name, "kind": claim.kind, "number": claim.number})
        except PartnerAway as error:
            raise RegistryUnavailable(str(error)) from None
        if answer.status != httpx.codes.OK:
            raise RegistryUnavailable(f"status {answer.status}")
        if not answer.signed:
            raise RegistryUnavailable("the answer's signature does not fit")
        try:
            return msgspec.json.decode(answer.content, type=_Answer).verdict
        except msgspec.MsgspecError:
            raise RegistryUnavailable("the answer cannot be read") from None
