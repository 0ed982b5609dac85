"""
The token of a dynamic code: 16 bytes that say which slot made it, and prove the minute it was made in.

    token   = slot (1 byte) ‖ epoch (2) ‖ first 13 bytes of HMAC(secret, "EHC-TOKEN-1" ‖ card id (32) ‖ step (8))
    secret  = HMAC-SM3(master, "EHC-SLOT-1" ‖ card id (32) ‖ slot (1) ‖ epoch (2) ‖ period (4))

Numbers are big-endian. Slot 0 is the platform's own and MACs with HMAC-SM3; a phone's slot MACs with HMAC-SHA-256,
because WebCrypto has no SM3; a checker takes either from any slot. docs/decisions/0002 tells why.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from hmac import compare_digest
from typing import Literal, NamedTuple, TypeAlias

from cryptography.hazmat.primitives.hashes import SHA256, SM3, HashAlgorithm
from cryptography.hazmat.primitives.hmac import HMAC

from healthcloud_reader.steps import PERIOD_STEPS, STEP_SECONDS

PLATFORM_SLOT = 0
WINDOW_STEPS = 1
CLOCK_STEPS = 30
MAC_LENGTH = 13
_TOKEN_LABEL = b"EHC-TOKEN-1"
_SECRET_LABEL = b"EHC-SLOT-1"

Derive: TypeAlias = Callable[[bytes], Sequence[bytes]]
"""HMAC-SM3 of a text under every live master, the current one first: the masters themselves may stay in hardware."""


class Algorithm(Enum):
    """What a slot's tokens are authenticated with."""

    HMAC_SM3 = "HMAC-SM3"
    HMAC_SHA256 = "HMAC-SHA-256"


_SM3 = SM3()
_SHA256 = SHA256()
_HASHES: dict[Algorithm, HashAlgorithm] = {Algorithm.HMAC_SM3: _SM3, Algorithm.HMAC_SHA256: _SHA256}


class Token(NamedTuple):
    """The three parts of a token; `mac` has 13 bytes."""

    slot: int
    epoch: int
    mac: bytes

    @property
    def hex(self) -> str:
        """The 32 upper-case hexadecimal digits a code carries."""
        return (bytes((self.slot,)) + self.epoch.to_bytes(2, "big") + self.mac).hex().upper()


@dataclass(frozen=True, slots=True)
class ClockOff:
    """
    A genuine token of another minute: `behind` was made `minutes` ago, `ahead` is of `minutes` from now.

    Behind may be an old picture as well as a slow clock; ahead is always a clock.
    """

    minutes: int
    direction: Literal["behind", "ahead"]


def token_of(raw: bytes) -> Token:
    """Take the 16 bytes of a token apart."""
    return Token(raw[0], raw[1] << 8 | raw[2], raw[3:])


def masters_of(*keys: bytes) -> Derive:
    """Return the derivation under these master keys, the current one first; each is prepared once."""
    prepared = [HMAC(key, _SM3) for key in keys]

    def derive(info: bytes) -> list[bytes]:
        return [_finished(keyed, info) for keyed in prepared]

    return derive


def usual_algorithm(slot: int) -> Algorithm:
    """Return what this slot's maker normally uses."""
    return Algorithm.HMAC_SM3 if slot == PLATFORM_SLOT else Algorithm.HMAC_SHA256


def slot_secrets(derive: Derive, card_id: bytes, slot: int, epoch: int, period: int) -> Sequence[bytes]:
    """Return a slot's 32-byte secret for one period under every live master; the first is the one to use."""
    return derive(_SECRET_LABEL + card_id + bytes((slot,)) + epoch.to_bytes(2, "big") + period.to_bytes(4, "big"))


def make_token(
    secret: bytes, card_id: bytes, slot: int, epoch: int, step: int, algorithm: Algorithm | None = None
) -> Token:
    """Make the token of one step from the slot's secret for that step's period."""
    keyed = HMAC(secret, _HASHES[algorithm or usual_algorithm(slot)])
    message = _TOKEN_LABEL + card_id + step.to_bytes(8, "big")
    return Token(slot, epoch, _finished(keyed, message)[:MAC_LENGTH])


def check_token(
    derive: Derive, card_id: bytes, token: Token, now: float, window: int = WINDOW_STEPS
) -> int | ClockOff | None:
    """
    Return the step a token was made for, ClockOff when it is genuine but of another minute, None when it is forged.

    `now` is Unix seconds; steps −window…+window are good. Either algorithm, the secret of the step's period or of the
    one before, and every live master are taken. Within 30 minutes of now a token of the newest period under the
    slot's usual algorithm is recognised as ClockOff; anything else cannot be told from a forgery.
    """
    current = int(now) // STEP_SECONDS
    usual, other = (_SM3, _SHA256) if token.slot == PLATFORM_SLOT else (_SHA256, _SM3)
    near = [current + offset for offset in _offsets(0, window)]
    for age in (0, 1):
        for algorithm in (usual, other):
            found = _find(derive, card_id, token, near, algorithm, age)
            if found is not None:
                return found
    far = [current + offset for offset in _offsets(window + 1, CLOCK_STEPS)]
    found = _find(derive, card_id, token, far, usual, 0)
    if found is None:
        return None
    return ClockOff(abs(found - current), "behind" if found < current else "ahead")


@cache
def _offsets(first: int, last: int) -> tuple[int, ...]:
    """Return the distances from now, nearest first, the past before the future."""
    return tuple(sign * distance for distance in range(first, last + 1) for sign in (-1, 1) if distance or sign > 0)


def _find(
    derive: Derive, card_id: bytes, token: Token, steps: Sequence[int], algorithm: HashAlgorithm, age: int
) -> int | None:
    """Return which of these steps the token is for; secrets are taken `age` periods back."""
    period: int | None = None
    keyed: list[HMAC] = []
    for step in steps:
        its_period = step // PERIOD_STEPS - age
        if its_period != period:
            period = its_period
            secrets = slot_secrets(derive, card_id, token.slot, token.epoch, period)
            keyed = [HMAC(secret, algorithm) for secret in secrets]
        message = _TOKEN_LABEL + card_id + step.to_bytes(8, "big")
        for one in keyed:
            if compare_digest(_finished(one, message)[:MAC_LENGTH], token.mac):
                return step
    return None


def _finished(keyed: HMAC, message: bytes) -> bytes:
    state = keyed.copy()
    state.update(message)
    return state.finalize()
