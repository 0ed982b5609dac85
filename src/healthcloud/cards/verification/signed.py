"""The codes phones sign (`EHC1:`): proven here by the city's live keys and the phone's own, before any database."""

from healthcloud.cards.model import CITY_SIGNATURE
from healthcloud.cards.verification import errors
from healthcloud.core.crypto import Vault
from healthcloud.core.errors import Problem
from healthcloud_reader import STEP_SECONDS, CertificateMemory, DeviceCode, Reason
from healthcloud_reader.tokens import CLOCK_STEPS

REMEMBERED = 50_000  # certificates a process, about a kilobyte each: the phones one hospital meets in a day


class SignedCodes:
    """Checks signed codes with the keys of this process's vault; remembers certificates, asks for their keys anew."""

    def __init__(self, vault: Vault, window: int) -> None:
        self._vault = vault
        self._window = window
        self._memory = CertificateMemory(REMEMBERED)

    def check(self, code: DeviceCode, now: float) -> tuple[int, Problem | None]:
        """
        Return the step to ask for, and what a genuine code that is not good at `now` (Unix seconds) is refused with.

        Raises CityKeyUnknown where no live key of the city signed, and CodeSignatureWrong.
        """
        trusted = {one.public.id: one.public for one in self._vault.trust_list(CITY_SIGNATURE)}
        reason = self._memory.check(code, trusted)
        if reason is Reason.CITY_KEY:
            raise errors.CityKeyUnknown
        if reason is not None:
            raise errors.CodeSignatureWrong
        current = int(now) // STEP_SECONDS
        held = self._of_another_minute(code.step - current) or _of_another_week(code)
        # Any minute can be signed for; one far away is asked for as the farthest that a token is known of.
        return min(max(code.step, current - CLOCK_STEPS), current + CLOCK_STEPS), held

    def _of_another_minute(self, off: int) -> Problem | None:
        if abs(off) <= self._window:
            return None
        if off > 0:
            return errors.ClockOff(minutes=off, direction="ahead")
        # Late by more than a clock is: a picture.
        kind = errors.ClockOff if -off <= CLOCK_STEPS else errors.CodeExpired
        return kind(minutes=-off, direction="behind")


def _of_another_week(code: DeviceCode) -> Problem | None:
    return None if code.signed.certificate.live_at(code.step) else errors.CertificateExpired()
