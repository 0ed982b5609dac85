"""From a scanned text to an ask: what can be told without the database is told here."""

from functools import partial

from healthcloud.cards.model import CODE_MASTER
from healthcloud.cards.uses.model import PRINTED_SLOT
from healthcloud.cards.verification import errors
from healthcloud.cards.verification.model import Ask, Spot
from healthcloud.cards.verification.signed import SignedCodes
from healthcloud.core.crypto import Vault
from healthcloud.core.errors import Problem
from healthcloud.core.metrics import counter
from healthcloud_reader import (
    PLATFORM_SLOT,
    STEP_SECONDS,
    BareCardId,
    ClockOff,
    Derive,
    DeviceCode,
    DynamicCode,
    InsuranceVoucher,
    ResidentId,
    StaticCode,
    Token,
    Unreadable,
    check_token,
    parse,
)

FORGED = counter(
    "healthcloud_forged_codes", "Codes whose token or signature nobody made; they are counted, never rowed."
)


class Intake:
    """Reads codes with the masters of this process's vault; `window` is how many steps either side are good."""

    def __init__(self, vault: Vault, window: int) -> None:
        self._derive: Derive = partial(vault.derive, CODE_MASTER)
        self._window = window
        self._signed = SignedCodes(vault, window)

    def read(self, text: str, spot: Spot, now: float) -> Ask:
        """
        Return what to ask the database; raise what the code is refused with.

        A genuine code of another minute becomes a held ask: its owner may read that it was refused. A printed code or
        bare card id is an ask of slot 255.
        """
        try:
            reading = parse(text)
        except Unreadable as error:
            reason = error.reason
            raise errors.CodeUnreadable(reason.en, reason=reason.value, reason_zh=reason.zh) from None
        step = int(now) // STEP_SECONDS
        slot, epoch, held = PRINTED_SLOT, 0, None
        match reading:
            case DeviceCode(signed):
                stated = signed.certificate
                card_id, slot, epoch = stated.card_id, stated.slot, stated.epoch
                step, held = self._proven(reading, now)
            case DynamicCode(card_id, token):
                step, held = self._checked(card_id, token, now)
                slot, epoch = token.slot, token.epoch
            case StaticCode(card_id) | BareCardId(card_id):
                pass
            case InsuranceVoucher():
                raise errors.InsuranceVoucherShown
            case ResidentId():
                raise errors.ResidentIdShown
        return Ask(card_id, step, slot, epoch, spot, held)

    def _proven(self, code: DeviceCode, now: float) -> tuple[int, Problem | None]:
        """Return the same of a code a phone signed; count those nobody of this city signed."""
        try:
            return self._signed.check(code, now)
        except errors.CodeSignatureWrong:
            FORGED.inc()
            raise

    def _checked(self, card_id: bytes, token: Token, now: float) -> tuple[int, Problem | None]:
        """Return the step a token was made for, and what a genuine one of another minute is refused with."""
        found = check_token(self._derive, card_id, token, now, self._window)
        if found is None or token.slot == PRINTED_SLOT:
            FORGED.inc()
            raise errors.CodeForged
        if not isinstance(found, ClockOff):
            return found, None
        current = int(now) // STEP_SECONDS
        if found.direction == "ahead":
            return current + found.minutes, errors.ClockOff(minutes=found.minutes, direction=found.direction)
        # The platform's clock makes its own codes, so one that is late is an old picture.
        kind = errors.CodeExpired if token.slot == PLATFORM_SLOT else errors.ClockOff
        return current - found.minutes, kind(minutes=found.minutes, direction=found.direction)
